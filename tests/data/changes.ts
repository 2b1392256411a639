import { decodeImageBytes } from '../../src/main/data/codec.ts'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import type { ChangeRow } from '../../src/main/data/repos/changes.ts'

/** The whole log, in the order of writing. */
export const changesOf = (db: OpenDatabase): Promise<ChangeRow[]> =>
  db.read.selectFrom('Data_Change').selectAll().orderBy('localSeq').execute()

/** The text of an image, which every database stores as gzip; null for none. */
export const textOf = (bytes: Uint8Array | null): string | null => {
  if (bytes === null) return null
  const decoded = decodeImageBytes(bytes)
  if (!decoded.ok) throw new Error(decoded.reason)
  if (decoded.format !== 'gzip') throw new Error(`stored as ${decoded.format}`)
  return decoded.text
}
