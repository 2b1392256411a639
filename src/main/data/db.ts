import type { Kysely } from 'kysely'
import type { DatabaseType } from '../../shared/domain/database.ts'
import type { Connection } from './dialects/connection.ts'
import type { Dialect } from './dialects/dialect.ts'
import type { Tables } from './entities/index.ts'

/** Where a query runs: a reader (worker thread on SQLite, the pool on servers) or an open transaction. */
export type Query = Kysely<Tables>

declare const inTransaction: unique symbol

/** Only `Database.write` hands one out, so a function that asks for a `Tx` cannot run outside of one. */
export type Tx = Query & { readonly [inTransaction]: true; readonly schemaVersion: number }

/** Who writes, and why; the triggers read it from the session. */
export interface WriteContext {
  /** `system`, `local:root`, `token:ci`, … */
  actor: string
  reason?: string | null
  /** Where the write comes from when nobody typed it: `revert:<changeId>`; later the node of a sync. */
  origin?: string | null
  /** Ties changes of several transactions together (a long import); a new id when left out. */
  transactionId?: string
  /**
   * On the disk, not only with the operating system, when the write resolves: for what is removed elsewhere
   * because it is written here. Costs a sync of the disk.
   */
  durable?: true
  /** Renewals of leases: never behind other writes, and given up soon enough to be tried again. */
  urgent?: true
  /** On a replica: what the cluster database has already. Everything else that is written there waits for it. */
  applies?: true
  /** `work` must not be run again: what it did outside of the transaction would be done twice. */
  once?: true
}

/**
 * The cluster database as services see it. `write` runs one transaction; work in it stays under 20 ms. On a file
 * writes follow each other; on a server they go on side by side, and what one of them decides by must be locked
 * first (`repos/locks.ts`). A transaction that a server took back, because of others at work at the same time, is
 * run again: `work` decides by what it reads and changes nothing but rows. A lost race is a return value, a
 * failure an `AppError`.
 */
export interface Database {
  /** Lists, charts, exports: whatever may take long. Queries wait for each other (one thread on SQLite). */
  readonly read: Query
  /**
   * The engine's short looks: a few rows found by an index, at once, whatever `read` is busy with. On SQLite they
   * run on the main loop: nothing that scans belongs here.
   */
  readonly look: Query
  write<T>(context: WriteContext, work: (tx: Tx) => Promise<T>): Promise<T>
  /** The cluster database's clock as ISO text: due, lease and heartbeat times come from it. Asks nobody. */
  now(): Promise<string>
  /** Of the database, as last seen; above this program's when a newer one serves it too. */
  readonly schemaVersion: number
  /** Reads it again while it is older than this program's: another node may have migrated the server meanwhile. */
  refreshSchema(): Promise<void>
  close(): Promise<void>
}

/** What `createDatabase` opens: besides the use of services, what migrations, checks and upkeep need. */
export interface OpenDatabase extends Database, Omit<Connection, 'read' | 'look' | 'close'> {
  readonly type: DatabaseType
  readonly dialect: Dialect
  /** Whether triggers log changes. */
  readonly trackChanges: boolean
  /** What this start did, and what it could not do. */
  readonly started: Started
}

export interface Started {
  /** Steps run, copy made and capture objects put right. */
  applied: string[]
  backup: string | null
  repairedTriggers: string[]
}
