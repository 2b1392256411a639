import type { DriverFailure } from '../errors.ts'

/** What main process and reader thread say to each other. Everything is plain data. */

export interface ReaderData {
  path: string
  nativeBinding?: string | undefined
}

export type ReaderRequest =
  | { id: number; kind: 'query'; sql: string; parameters: readonly unknown[] }
  /** Reads every page; `quick` leaves out the comparison of indexes with their tables. */
  | { id: number; kind: 'integrity'; quick: boolean }
  | { id: number; kind: 'backup'; target: string }
  /** From now on, until it is closed, the thread sees one state. */
  | { id: number; kind: 'freeze' }

/** Close ends the thread once what was asked before has been answered. */
export type ReaderMessage = ReaderRequest | { kind: 'close' }

/** How far a backup is. */
export interface BackupProgress {
  totalPages: number
  remainingPages: number
}

/** Rows of a query; lines of an integrity check (`ok` alone when it is sound). */
export type ReaderAnswer =
  | { id: number; rows: unknown[] }
  | { id: number; failure: DriverFailure }
  | { id: number; progress: BackupProgress }
