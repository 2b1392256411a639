import type { Kysely } from 'kysely'
import type { Connection, Dialect } from './dialects/dialect.ts'
import type { Tables } from './entities/index.ts'

/** Where a query runs: a reader (worker thread on SQLite, the pool on servers) or an open transaction. */
export type Query = Kysely<Tables>

declare const inTransaction: unique symbol

/** Only `Database.write` hands one out, so a function that asks for a `Tx` cannot run outside of one. */
export type Tx = Query & { readonly [inTransaction]: true }

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
}

/**
 * The cluster database as services see it. `write` runs one immediate transaction (retried by nobody:
 * a lost race is a return value, a failure is an `AppError`); work in it stays under 20 ms.
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
  /** The cluster database's clock as ISO text: due, lease and heartbeat times come from it. */
  now(): Promise<string>
  close(): Promise<void>
}

/** What `createDatabase` opens: besides the use of services, what migrations, checks and upkeep need. */
export interface OpenDatabase extends Database, Omit<Connection, 'read' | 'look' | 'close'> {
  readonly dialect: Dialect
  /** Schema version of the database; above this program's when a newer one serves it too. */
  readonly schemaVersion: number
  /** Whether triggers log changes. */
  readonly trackChanges: boolean
  /** Steps run, copy made and triggers repaired by this start. */
  readonly started: { applied: string[]; backup: string | null; repairedTriggers: string[] }
}
