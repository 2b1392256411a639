import { createHash, type Hash } from 'node:crypto'
import type { Column } from '../columns.ts'
import { imageText } from './image-text.ts'
import type { Pause } from './pause.ts'
import type { StoredRow, Value } from './rows.ts'
import type { CopiedTable, CopyTable } from './tables.ts'

/** Counts rows and digests them, in the order they are given. */
export interface TableChecksum {
  add(rows: readonly StoredRow[]): Promise<void>
  result(): CopiedTable
}

/** Bytes that are made hexadecimal at once: outputs are large. */
const HEX_SLICE = 256 * 1024

/**
 * SHA-256 over a line of JSON for each row, the same on every dialect: an array of its values in the order of the
 * entity's columns, `\n` behind it. Numbers are their decimal text, NULL is null, bytes are small hexadecimal
 * letters; images of rows are their text, whatever compressed it (one that cannot be read: `{"bytes":"1f8b…"}`).
 */
export const createChecksum = (table: CopyTable, pause: Pause): TableChecksum => {
  const hash = createHash('sha256')
  const fields = table.columns.map(({ column, kind }) => fieldOf(kind, table.images.has(column)))
  let count = 0
  return {
    add: async (rows) => {
      for (const row of rows) {
        await pause()
        addRow(hash, row, fields)
      }
      count += rows.length
    },
    result: () => ({ table: table.name, rows: count, checksum: hash.copy().digest('hex') }),
  }
}

type Field = 'plain' | 'bytes' | 'image'

const fieldOf = (kind: Column['kind'], isImage: boolean): Field =>
  isImage ? 'image' : kind === 'bytes' ? 'bytes' : 'plain'

const addRow = (hash: Hash, row: StoredRow, fields: readonly Field[]): void => {
  let text = '['
  row.forEach((value, index) => {
    if (index > 0) text += ','
    if (fields[index] === 'bytes' && Buffer.isBuffer(value)) {
      hash.update(`${text}"`)
      addHex(hash, value)
      text = '"'
    } else text += jsonOf(value)
  })
  hash.update(`${text}]\n`)
}

const addHex = (hash: Hash, bytes: Buffer): void => {
  for (let from = 0; from < bytes.length; from += HEX_SLICE)
    hash.update(bytes.toString('hex', from, from + HEX_SLICE))
}

const jsonOf = (value: Value): string => {
  if (value === null) return 'null'
  if (Buffer.isBuffer(value)) return imageJson(value)
  return JSON.stringify(String(value))
}

const imageJson = (bytes: Buffer): string =>
  JSON.stringify(imageText(bytes) ?? { bytes: bytes.toString('hex') })
