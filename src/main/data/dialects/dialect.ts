import type { KyselyPlugin, RawBuilder } from 'kysely'
import type { DatabaseCheck, DatabaseType } from '../../../shared/domain/database.ts'
import type { Clock } from '../../platform/clock.ts'
import type { WriteContexts, WriteScope } from '../../platform/write-context.ts'
import type { CapturedTable } from '../capture.ts'
import type { Query } from '../db.ts'
import type { DriverFault } from '../errors.ts'
import type { SchemaStep } from '../migrations/schema-step.ts'
import type { Connection } from './connection.ts'

export interface SqliteConfig {
  type: 'SQLite'
  path: string
  /** gzip level of the images, 0 to 9. */
  compressionLevel: number
  enableChangeTracking: boolean
  /** How long a write waits for another program's lock. */
  timeoutSeconds: number
  /**
   * For a node's copy of a server database: the hybrid time (shared/domain/hlc.ts) of an edit made now. Its triggers
   * note edits for the cluster database instead of logging them.
   */
  stamp?: () => string
}

/** A database server. What it compresses with is the server's own: `compressionLevel` is SQLite's. */
export interface ServerConfig {
  type: Exclude<DatabaseType, 'SQLite'>
  server: string
  /** Null: the usual one. */
  port: number | null
  database: string
  username: string | null
  password: string | null
  /** Null: on, but for a server on this machine. `no-verify`: encrypted, the certificate is not checked. */
  ssl: boolean | 'no-verify' | null
  /** PEM files: who signed the server's certificate; the client's own certificate and key. */
  tls: { ca: string | null; cert: string | null; key: string | null }
  /** SQL Server on Windows: the account of the process. */
  integratedSecurity: boolean
  /** Connections of this node; one more only renews leases. */
  poolSize: number
  enableChangeTracking: boolean
  /** How long a statement may take. */
  timeoutSeconds: number
  /** How long the renewal of leases may take: a part of the lease, so that it can be tried again. */
  urgentTimeoutSeconds: number
}

export type DatabaseConfig = SqliteConfig | ServerConfig

/** Words for column types, so that a migration says what it means and each dialect how it is kept. */
export type ColumnWord =
  'key' | 'time' | 'word' | 'longText' | 'whole' | 'bigint' | 'flag' | 'json' | 'bytes' | `name${number}`

/** Something that captures changes: a trigger, or a function that triggers call. */
export interface CaptureObject {
  name: string
  /** Makes it; several statements where a trigger has a function of its own. */
  create: readonly string[]
  /** `create` puts it in the place of an older one: nothing goes uncaptured in between. */
  replaces: boolean
  drop: string
  /** What the database's catalogue keeps of it, letter by letter. */
  text: string
}

/** The same as it stands in the catalogue. */
export type InstalledObject = Pick<CaptureObject, 'name' | 'drop' | 'text'>

export interface ConnectOptions<Config extends DatabaseConfig = DatabaseConfig> {
  config: Config
  clock: Clock
  contexts: WriteContexts
  /** The reader thread's entry file; used by file databases only. */
  readerEntry: string | URL
  nativeBinding?: string | undefined
  steps: readonly SchemaStep[]
}

/** How rows of another database are taken over as they are (copy.ts). */
export interface CopyWords {
  /** How many values one statement may be given. */
  readonly maxParameters: number
  /** The n-th of them, from 1. */
  parameter(n: number, isBytes: boolean): string
  /** The function that tells how many bytes a value takes. */
  readonly byteLength: string
  /** An insert that gives values to the key that counts itself. */
  withKeys(table: string, insert: string): string
  /** Lets that key go on behind a value. */
  countBehind(table: string, column: string, value: number): string[]
}

/** Questions whose answers differ between databases. Nothing outside this folder asks which one it is. */
export interface Dialect<Config extends DatabaseConfig = DatabaseConfig> {
  /** The configuration's word for it. */
  readonly name: DatabaseType
  /** @throws AppError UNAVAILABLE: cannot be reached, refused, damaged. */
  connect(options: ConnectOptions<Config>): Promise<Connection>
  /**
   * Asks a server once whether it can be connected to at all, sooner and in fewer words than pools would.
   * @throws DatabaseFailure naming what is wrong.
   */
  preflight?(config: Config): Promise<unknown>
  /** There is something to connect to: a file may not have been made yet. */
  exists(config: Config): boolean
  /** Names the database for people, without secrets. */
  whereOf(config: Config): string
  /**
   * Say portable queries in this database's own words: how rows are locked (`for update skip locked`), how many
   * are read, what cannot be said otherwise.
   */
  readonly plugins: readonly KyselyPlugin[]

  columnType(word: ColumnWord): string
  /** The auto-incrementing key of Data_Change, as SQL after its column name. */
  readonly identity: string
  /** What follows the column list of `create table`: engine, collation. */
  readonly tableOptions: string
  /**
   * The condition of an index as this database takes it, SQL over quoted names; null: a plain index.
   * @param nullable columns of a unique index that may be NULL: rows without them never collide.
   */
  indexCondition(where: string | undefined, nullable: readonly string[], unique: boolean): string | null
  /**
   * Null: a migration that failed leaves nothing behind. Else what asks for the `name` of each table and index that
   * exists: statements end transactions here, and those that a failed migration got done are not done again.
   */
  readonly existingNames: string | null

  /** Everything that captures changes, in the order of making; functions before the triggers that call them. */
  captureObjects(tables: readonly CapturedTable[], schemaVersion: number): CaptureObject[]
  /** The capture objects as they are; null when this account may not look at them. */
  installedObjects(db: Query): Promise<InstalledObject[] | null>
  readonly copyWords: CopyWords
  /** The trigger gives Seq too: one writer, so the order of its numbers is the order of commits. */
  readonly sequencedByTrigger: boolean
  /** Its change log is the cluster's, sealed block by block; a replica's is a copy of the newest part of it. */
  readonly sealsLog: boolean

  /** Statements that begin and end a write: who writes, for the triggers. Null: nothing is stored in the session. */
  beginWrite(scope: WriteScope): RawBuilder<unknown> | null
  endWrite(): RawBuilder<unknown> | null

  /** What a driver's exception means; undefined: a bug, not an event. */
  faultOf(error: unknown): DriverFault | undefined
  /**
   * What a database must offer before it is used: version, settings, rights. Reads only.
   * @param schemaVersion the one that is there; null: none, or not known.
   */
  requirements(db: Query, config: Config, schemaVersion: number | null): Promise<DatabaseCheck[]>
  /** How many connections the server lets in from all of its clients; null: nobody counts them. */
  connectionLimit(db: Query): Promise<number | null>
  /** `PostgreSQL 18.4`. */
  serverVersion(db: Query): Promise<string>
}
