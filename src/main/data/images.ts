import { z } from 'zod'
import type { Image } from '../../shared/domain/change.ts'
import { decodeImageBytes } from './codec.ts'
import { isTableName, tableColumns, type Column } from './columns.ts'

/*
 * Row images: column names and stored values inside the log (one canonical text on every dialect), property
 * names and decoded values everywhere else. Both ways derive from the entities.
 */

export type ImageResult =
  { ok: true; image: Image } | { ok: false; reason: 'too large' | 'not an image' | 'unknown table' }

/** Stored bytes of Data_Change.OldData or NewData → the record in API names. */
export const readImage = (tableName: string, bytes: Uint8Array): ImageResult => {
  if (!isTableName(tableName)) return { ok: false, reason: 'unknown table' }
  const decoded = decodeImageBytes(bytes)
  if (!decoded.ok) return decoded
  const image = decodeImage(tableName, decoded.text)
  return image ? { ok: true, image } : { ok: false, reason: 'not an image' }
}

/** Made once: building a recursive schema costs a hundred times what checking a value by it does. */
const jsonSchema = z.json()
const storedSchema = z.record(z.string(), jsonSchema)

/**
 * An image's JSON → the record in API names: booleans and JSON documents decoded, big numbers as text, bytes
 * as hex. A column this program does not know (a newer one wrote it) keeps its column name. Undefined when
 * the text is not an image of the table.
 */
export const decodeImage = (tableName: string, json: string): Image | undefined => {
  if (!isTableName(tableName)) return undefined
  const columns = new Map(tableColumns(tableName).map((column) => [column.column, column]))
  try {
    const fields = Object.entries(storedSchema.parse(JSON.parse(json))).map(([name, value]) => {
      const column = columns.get(name)
      return column ? ([column.property, decodeValue(column, value)] as const) : ([name, value] as const)
    })
    return Object.fromEntries(fields)
  } catch {
    return undefined
  }
}

type Json = Image[string]

const decodeValue = ({ kind }: Column, value: Json): Json => {
  if (value === null) return null
  if (kind === 'flag') return value === 1
  if (kind === 'schedule' && typeof value === 'string')
    return value.startsWith('{') ? jsonSchema.parse(JSON.parse(value)) : value
  if (kind === 'json' && typeof value === 'string') return jsonSchema.parse(JSON.parse(value))
  return value
}

/**
 * The way back, for reverts: a decoded image → values to write through Kysely by property name. Fields that
 * are no columns of the table are left out.
 */
export const rowFromImage = (tableName: string, image: Image): Record<string, unknown> => {
  if (!isTableName(tableName)) throw new Error(`${tableName} is no table of this program`)
  const known = tableColumns(tableName).filter(({ property }) => Object.hasOwn(image, property))
  return Object.fromEntries(
    known.map((column) => [column.property, writeValue(column, image[column.property])]),
  )
}

const writeValue = ({ kind }: Column, value: Json | undefined): unknown => {
  if (typeof value !== 'string') return value
  if (kind === 'bytes') return Buffer.from(value, 'hex')
  return kind === 'bigint' ? Number(value) : value
}
