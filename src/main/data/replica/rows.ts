import { AppError } from '../../../shared/domain/errors.ts'
import { decodeImageBytes } from '../codec.ts'
import { capturedTable, isCaptured } from '../capture.ts'
import type { Column } from '../columns.ts'
import type { LogRow } from './log-page.ts'

/** A value as SQLite keeps it. */
export type Stored = string | number | Buffer | null

/** A record as the replica writes it. */
export interface ReplicaRecord {
  recordId: string
  /** Values of the captured columns in their order. */
  values: Stored[]
}

/** A change whose image is damaged. Who needs its record reads that itself. */
export class UnreadableChange extends AppError {
  constructor({ tableName, recordId, changeId }: LogRow) {
    super('UNAVAILABLE', `the change ${changeId} of ${tableName} ${recordId} cannot be read`)
  }
}

/** What a change that is no deletion made of its record. @throws UnreadableChange */
export const recordOf = (change: LogRow): ReplicaRecord => {
  const { tableName, recordId, newData } = change
  const image = newData ? imageOf(newData) : undefined
  if (!image || !isCaptured(tableName)) throw new UnreadableChange(change)
  const { columns } = capturedTable(tableName)
  return { recordId, values: columns.map((column) => storedValue(column, image[column.column])) }
}

const imageOf = (bytes: Uint8Array): Record<string, unknown> | undefined => {
  const decoded = decodeImageBytes(bytes)
  if (!decoded.ok) return undefined
  const image: unknown = JSON.parse(decoded.text)
  return typeof image === 'object' && image !== null ? (image as Record<string, unknown>) : undefined
}

/** An image keeps big numbers as text and bytes as hex (trigger-text.ts). */
const storedValue = ({ kind }: Column, value: unknown): Stored => {
  if (value === null || value === undefined) return null
  if (kind === 'bytes' && typeof value === 'string') return Buffer.from(value, 'hex')
  if (kind === 'bigint') return Number(value)
  return typeof value === 'number' || typeof value === 'string' ? value : null
}
