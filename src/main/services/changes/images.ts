import { AppError } from '../../../shared/domain/errors.ts'
import type { Image } from '../../../shared/domain/change.ts'
import { capturedTable, isCaptured } from '../../data/capture.ts'
import { readImage } from '../../data/images.ts'

/** Images of the change log, and records as images. */

/** For showing: null where there is none, or where its bytes are no image (doctor names those). */
export const imageOf = (tableName: string, bytes: Uint8Array | null): Image | null => {
  const read = bytes && readImage(tableName, bytes)
  return read?.ok ? read.image : null
}

/** For taking back: @throws AppError CONFLICT when the stored image cannot be read. */
export const certainImageOf = (tableName: string, bytes: Uint8Array | null): Image | null => {
  if (bytes === null) return null
  const read = readImage(tableName, bytes)
  if (read.ok) return read.image
  throw new AppError(
    'CONFLICT',
    `The stored image of this change cannot be read (${read.reason}); nothing was taken back.`,
  )
}

/** A row of the table with the fields its images have. */
export const toImage = (tableName: string, row: object | undefined): Image | null => {
  if (!row || !isCaptured(tableName)) return null
  const fields = new Set<string>(capturedTable(tableName).columns.map((column) => column.property))
  // Values of a row are JSON values but for bytes, which no captured table has.
  return Object.fromEntries(Object.entries(row).filter(([field]) => fields.has(field)))
}
