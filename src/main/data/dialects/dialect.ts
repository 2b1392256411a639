import type { MikroORM } from '@mikro-orm/sqlite'
import type { Clock } from '../../platform/clock.ts'
import type { WriteContexts } from '../../platform/write-context.ts'
import type { CapturedTable } from '../capture.ts'
import type { Query } from '../db.ts'
import type { SchemaStep } from '../migrations/schema-step.ts'
import type { BackupProgress } from '../sqlite/reader-protocol.ts'

/** The specification's `database.type`. */
export type DatabaseType = 'SQLite' | 'PostgreSQL' | 'MySQL' | 'SqlServer'

export interface SqliteConfig {
  type: 'SQLite'
  path: string
  /** gzip level of the images, 0 to 9. */
  compressionLevel: number
  enableChangeTracking: boolean
  /** How long a write waits for another program's lock. */
  timeoutSeconds: number
}

/** Grows by one member with each dialect; `dialects/index.ts` then does not compile until it is complete. */
export type DatabaseConfig = SqliteConfig

/** Words for column types, so that a migration says what it means and each dialect how it is kept. */
export type ColumnWord =
  'key' | 'time' | 'word' | 'longText' | 'whole' | 'flag' | 'json' | 'bytes' | `name${number}`

export interface Trigger {
  name: string
  table: string
  sql: string
}

export interface ConnectOptions<Config extends DatabaseConfig = DatabaseConfig> {
  config: Config
  clock: Clock
  contexts: WriteContexts
  /** The reader thread's entry file; used by file databases only. */
  readerEntry: string | URL
  nativeBinding?: string | undefined
  steps: readonly SchemaStep[]
}

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

/** An open database: the ORM that writes, and Kyselys that read beside it, their names still the tables'. */
export interface Connection {
  orm: MikroORM
  read: Query
  /** As `read`, for small indexed reads that stand in no queue with large ones. */
  look: Query
  file: DatabaseFile
  /** Where it is, for messages. */
  where: string
  close(): Promise<void>
}

/** Questions whose answers differ between databases. Nothing outside this folder asks which one it is. */
export interface Dialect<Config extends DatabaseConfig = DatabaseConfig> {
  readonly name: DatabaseType
  connect(options: ConnectOptions<Config>): Promise<Connection>
  columnType(word: ColumnWord): string
  /** The auto-incrementing key of Data_Change, as SQL after its column name. */
  readonly identity: string
  /** `create … index … where …` is understood. */
  readonly partialIndexes: boolean
  /** The triggers that capture one table, exactly as the database keeps their text. */
  captureTriggers(table: CapturedTable, schemaVersion: number): Trigger[]
  /** The capture triggers as they are. */
  installedTriggers(db: Query): Promise<Trigger[]>
  dropTrigger(trigger: Trigger): string
  /** The database's own clock as ISO text. */
  now(connection: Connection, clock: Clock): Promise<string>
}
