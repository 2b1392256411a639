import type { MikroORM } from '@mikro-orm/sql'
import type { Query } from '../db.ts'
import type { Dialect } from './dialect.ts'
import type { BackupProgress } from '../sqlite/reader-protocol.ts'

/** The file of a file database: what upkeep, checks and backups need. Long work runs on threads of its own. */
export interface DatabaseFile {
  readonly path: string
  /** Findings of the database's own check; empty when it is sound. `quick` does not compare indexes with tables. */
  integrity(quick: boolean): Promise<string[]>
  /** Copies the database, as it was when the copy began, to a file that must not exist. */
  copyTo(target: string, onProgress?: (progress: BackupProgress) => void): Promise<void>
  sizes(): FileSizes
  /** Within a write: gives up to `pages` free pages back to the disk; answers how many are left to give. */
  vacuum(pages: number): number
  /** Between writes: moves the write-ahead log into the file and empties it; false when a reader still needs it. */
  checkpoint(): Promise<boolean>
}

export interface FileSizes {
  pageSize: number
  pages: number
  freePages: number
  walBytes: number
}

/** Since when, and why, a server does not answer. */
export interface Away {
  since: string
  reason: string
}

/**
 * Wakes the programs on one database sooner than they would look by themselves. Nothing depends on it: who is not
 * told, or did not hear, looks when it is time.
 */
export interface Signals {
  /** Soon, and of several calls once: what was written before is committed. Does nothing before `onSignal`. */
  send(): void
  /** Calls back when another program sent one, and when some may have been missed. */
  onSignal(listener: () => void): void
}

/** What only a server has. */
export interface ServerLink {
  /** Null while it answers. */
  away(): Away | null
  /** Calls back when it is lost and when it is back. */
  onChange(listener: (away: Away | null) => void): void
  /**
   * The server's clock, milliseconds since 1970: measured now and then, kept going by the monotonic clock.
   * @throws DatabaseFailure when the machine slept or its clock was set, and the server does not answer.
   */
  now(): Promise<number>
  /** Milliseconds the server's clock is ahead of this machine's, at the last measurement. */
  clockOffsetMs(): number
  /** Null where the server has no such thing. */
  readonly signals: Signals | null
  /** Runs `work` while no other program migrates this database, with an ORM whose statements may take hours. */
  alone<T>(work: (patient: MikroORM) => Promise<T>): Promise<T>
}

/** An open database: the ORMs that write, and Kyselys that read beside them, their names still the tables'. */
export interface Connection {
  /** As it was found: a server may have to be asked what exactly it is. */
  dialect: Dialect
  orm: MikroORM
  /** For renewals of leases: never behind other work, with a short timeout of its own. The same as `orm` on a file. */
  urgent: MikroORM
  read: Query
  /** As `read`, for small indexed reads that stand in no queue with large ones. */
  look: Query
  /**
   * Gives `work` one state of the database to read, on a connection of its own: as of its first query, whatever is
   * written meanwhile, for as long as it takes. SQL Server has that only with `allow_snapshot_isolation`; without it
   * each query sees what is committed when it begins. What is written meanwhile costs the database room: a file's log
   * grows, a server keeps old versions of rows. Columns have the tables' own names.
   */
  snapshot<T>(work: (state: Query) => Promise<T>): Promise<T>
  /** Null for a server, as `server` is for a file. */
  file: DatabaseFile | null
  server: ServerLink | null
  /** Where it is, for messages. */
  where: string
  close(): Promise<void>
}
