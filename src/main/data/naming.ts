import type { EntityProperty, Platform } from '@mikro-orm/core'
import { MikroKyselyPlugin, type SqlEntityManager } from '@mikro-orm/sql'
import {
  DeleteQueryNode,
  InsertQueryNode,
  SelectQueryNode,
  UpdateQueryNode,
  type KyselyPlugin,
  type RootOperationNode,
  type UnknownRow,
} from 'kysely'
import { NAMING } from './entities/index.ts'

/**
 * Queries say property names and get the entities' values: MikroORM's plugin writes the statement. Its way back goes
 * through every name that each column could have, 50 µs a row: here that is worked out once for a result.
 */
export const namingPlugin = (em: SqlEntityManager): KyselyPlugin => {
  const plugin = new MikroKyselyPlugin(em, NAMING)
  const columns = columnsOf(em)
  const built = new WeakSet<object>()
  return {
    transformQuery: (args) => {
      if (isBuilt(args.node)) built.add(args.queryId)
      return plugin.transformQuery(args)
    },
    transformResult: async ({ result, queryId }) =>
      built.has(queryId) ? { ...result, rows: namedRows(result.rows, columns) } : result,
  }
}

/** Statements that were written as text name their columns themselves. */
const isBuilt = (node: RootOperationNode): boolean =>
  SelectQueryNode.is(node) || InsertQueryNode.is(node) || UpdateQueryNode.is(node) || DeleteQueryNode.is(node)

/** How a column of the database is called in queries, and what its stored value means there. */
interface Column {
  name: string
  /** Null: the value is the stored one. */
  convert: ((stored: unknown) => unknown) | null
  /** The same for two columns that convert alike. */
  type: unknown
}
type Columns = ReadonlyMap<string, Column>

const known = new WeakMap<object, Columns>()

/** By the names of columns and of properties: a result may have either. */
const columnsOf = (em: SqlEntityManager): Columns => {
  const metadata = em.getMetadata()
  const there = known.get(metadata)
  if (there) return there
  const columns = new Map<string, Column>()
  for (const { props, tableName } of metadata.getAll().values())
    for (const prop of props) {
      const column = columnOf(prop, em.getPlatform())
      for (const field of [...prop.fieldNames, prop.name]) {
        const other = columns.get(field)
        // A result does not tell which table its columns are of.
        if (other && (other.name !== column.name || other.type !== column.type))
          throw new Error(`${tableName}.${field} is not what "${field}" of another table is`)
        columns.set(field, column)
      }
    }
  known.set(metadata, columns)
  return columns
}

const columnOf = (prop: EntityProperty, platform: Platform): Column => {
  const { name, customType } = prop
  if (customType) {
    const convert = (stored: unknown): unknown => customType.convertToJSValue(stored, platform)
    return { name, convert, type: customType.constructor }
  }
  const convert = prop.runtimeType === 'boolean' ? Boolean : null
  return { name, convert, type: convert }
}

const namedRows = (rows: readonly UnknownRow[], columns: Columns): UnknownRow[] => {
  const fields = Object.keys(rows[0] ?? {}).map((field) => ({
    field,
    ...(columns.get(field) ?? { name: field, convert: null }),
  }))
  return rows.map((row) => {
    const named: UnknownRow = {}
    for (const { field, name, convert } of fields) {
      const stored = row[field]
      named[name] = convert && stored !== null && stored !== undefined ? convert(stored) : stored
    }
    return named
  })
}
