import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { createDatabase } from '../../src/main/data/orm.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { sourceProgram } from '../../tests/support/program.ts'
import { cacheFolder, say, scale, withTempFolder } from './folders.ts'
import {
  changeValues,
  imagePool,
  NODES,
  runValues,
  scheduleValues,
  taskValues,
  type LargeCounts,
  type Values,
} from './large-rows.ts'

/** Raised when the rows of large-rows.ts change: a cached file of another seed is not this benchmark's. */
const SEED_VERSION = 1
const BYTES_PER_CHANGE = 2500

export interface LargeDatabase {
  /** The data folder; its database is `pswebhost.db`. */
  folder: string
  counts: LargeCounts
}

interface SchemaObject {
  type: 'table' | 'index' | 'trigger'
  name: string
  sql: string
}

/**
 * The database of DESIGN §12: 100,000 tasks, 5,000,000 changes and 1,000,000 runs (× BENCH_SCALE). Made once
 * and kept in the cache folder, keyed by the tables' own SQL; indexes and triggers are brought in line each time.
 */
export const largeDatabase = (): Promise<LargeDatabase> => {
  const factor = scale()
  return seededDatabase(`lists-${factor}`, countsAt(factor))
}

/** The same with other counts, under a name of its own. */
export const seededDatabase = async (name: string, counts: LargeCounts): Promise<LargeDatabase> => {
  const schema = await currentSchema()
  const folder = join(cacheFolder(), `${name}-${keyOf(schema)}`)
  removeOthers(`${name}-`, folder)
  if (!existsSync(folder)) await seed(folder, schema, counts)
  const db = openRaw(join(folder, 'pswebhost.db'))
  alignIndexes(db, schema)
  db.close()
  return { folder, counts }
}

const countsAt = (factor: number): LargeCounts => ({
  tasks: Math.ceil(100_000 * factor),
  runs: Math.ceil(1_000_000 * factor),
  changes: Math.ceil(5_000_000 * factor),
})

/** A database as the program makes it, with every migration on record. */
const createEmpty = async (path: string): Promise<void> => {
  const database = await createDatabase({
    config: { type: 'SQLite', path, compressionLevel: 6, enableChangeTracking: true, timeoutSeconds: 5 },
    readerEntry: sourceProgram.readerEntry,
    nodeId: () => NODES[0] ?? '',
    clock: systemClock,
    programVersion: sourceProgram.version,
  })
  await database.close()
}

const currentSchema = (): Promise<SchemaObject[]> =>
  withTempFolder(async (folder) => {
    const path = join(folder, 'empty.db')
    await createEmpty(path)
    const db = openRaw(path)
    const objects = schemaOf(db)
    db.close()
    return objects
  })

const schemaOf = (db: Sqlite.Database): SchemaObject[] =>
  db
    .prepare<[], SchemaObject>(
      `select type, name, sql from sqlite_master where sql is not null and name not like 'sqlite_%' order by name`,
    )
    .all()

const keyOf = (schema: readonly SchemaObject[]): string => {
  const tables = schema.filter(({ type }) => type === 'table').map(({ sql }) => sql)
  return createHash('sha256')
    .update(JSON.stringify([SEED_VERSION, tables]))
    .digest('hex')
    .slice(0, 12)
}

/** Gigabytes of an earlier schema are of no use to anyone. */
const removeOthers = (prefix: string, keep: string): void => {
  mkdirSync(cacheFolder(), { recursive: true })
  for (const name of readdirSync(cacheFolder())) {
    const path = join(cacheFolder(), name)
    if (name.startsWith(prefix) && path !== keep) rmSync(path, { recursive: true, force: true })
  }
}

const openRaw = (path: string): Sqlite.Database => {
  const db = new Sqlite(path)
  // A seed that is cut off is thrown away: nothing has to survive it.
  db.pragma('synchronous = off')
  db.pragma('cache_size = -262144')
  return db
}

/** Filled under another name and moved into place: a seed that was cut off is never taken for a whole one. */
const seed = async (folder: string, schema: readonly SchemaObject[], counts: LargeCounts): Promise<void> => {
  refuseSmallDisk(counts)
  const unfinished = `${folder}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true, mode: 0o700 })
  say(`making a database of ${counts.changes} changes in ${folder}, once`)
  const path = join(unfinished, 'pswebhost.db')
  await createEmpty(path)
  const db = openRaw(path)
  db.pragma('journal_mode = off')
  // Rows first, indexes after: sorted once instead of five million times. The program puts its triggers back.
  for (const { type, name } of schema) if (type !== 'table') db.exec(`drop ${type} "${name}"`)
  fill(db, counts)
  alignIndexes(db, schema)
  db.close()
  renameSync(unfinished, folder)
}

const refuseSmallDisk = (counts: LargeCounts): void => {
  const { bavail, bsize } = statfsSync(cacheFolder())
  const needed = counts.changes * BYTES_PER_CHANGE
  if (bavail * bsize > needed) return
  const gigabytes = Math.ceil(needed / 1e9)
  throw new Error(
    `${cacheFolder()} has no ${gigabytes} GB free: set BENCH_CACHE to a folder that has, or BENCH_SCALE=0.1`,
  )
}

const fill = (db: Sqlite.Database, counts: LargeCounts): void => {
  insertAll(db, 'Nodes', NODES.length, nodeValues)
  insertAll(db, 'Tasks', counts.tasks, (n) => taskValues(n))
  insertAll(db, 'Task_Schedule', counts.tasks, (n) => scheduleValues(n, counts.runs))
  insertAll(db, 'Task_History', counts.runs, (n) => runValues(n, counts))
  const pool = imagePool(2000)
  insertAll(db, 'Data_Change', counts.changes, (n) => changeValues(n, counts, pool))
}

const nodeValues = (n: number): Values => ({
  NodeID: NODES[n] ?? '',
  NodeName: `node-${n + 1}`,
  Hostname: `host-${n + 1}`,
  Tags: '[]',
  IsActive: 1,
  IsDraining: 0,
  MaxConcurrentTasks: 4,
  SupportedTaskTypes: '["bash"]',
  RegisteredAt: '2024-06-01T00:00:00.000Z',
})

const insertAll = (
  db: Sqlite.Database,
  table: string,
  count: number,
  valuesOf: (n: number) => Values,
): void => {
  const columns = Object.keys(valuesOf(0))
  const names = columns.map((column) => `"${column}"`).join(', ')
  const insert = db.prepare(`insert into "${table}" (${names}) values (${columns.map(() => '?').join(', ')})`)
  const startedAt = performance.now()
  db.exec('begin')
  for (let n = 0; n < count; n += 1) insert.run(...Object.values(valuesOf(n)))
  db.exec('commit')
  say(`${table}: ${count} rows in ${Math.round((performance.now() - startedAt) / 1000)} s`)
}

/** Makes the indexes of the schema and drops any other; triggers are the program's own business at start. */
const alignIndexes = (db: Sqlite.Database, schema: readonly SchemaObject[]): void => {
  const wanted = new Map(schema.filter(({ type }) => type === 'index').map(({ name, sql }) => [name, sql]))
  const found = db
    .prepare<[], SchemaObject>(
      `select type, name, sql from sqlite_master where type = 'index' and sql not null`,
    )
    .all()
  for (const { name, sql } of found) if (wanted.get(name) !== sql) db.exec(`drop index "${name}"`)
  const known = new Set(found.filter(({ name, sql }) => wanted.get(name) === sql).map(({ name }) => name))
  for (const [name, sql] of wanted) {
    if (known.has(name)) continue
    say(`index ${name}`)
    db.exec(sql)
  }
}
