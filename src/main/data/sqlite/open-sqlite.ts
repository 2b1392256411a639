import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { AppError, messageOf } from '../../../shared/domain/errors.ts'
import { faultOf } from '../dialects/sqlite-faults.ts'
import { translateDriverError } from '../errors.ts'
import type { CaptureFunctions } from './capture-functions.ts'

/** How long opening, and a reader's statement, blocks its thread for what another program holds. */
const BUSY_TIMEOUT_MS = 50

export interface OpenOptions {
  path: string
  /** One SQLite library per process: two of them on one file would not see each other's locks. */
  nativeBinding?: string | undefined
  readonly?: boolean
  /** Without them every write to a captured table fails: the log cannot be bypassed. */
  functions?: CaptureFunctions
}

/**
 * The one place that opens a SQLite file: the engine, the reader thread, checks, backups and tests alike.
 * A missing folder and file are made (0700, 0600). Write-ahead log, foreign keys, incremental vacuum from
 * creation; recursive triggers, so that the DELETE inside an INSERT OR REPLACE is captured too.
 *
 * @throws AppError UNAVAILABLE: not a database, no permission, damaged.
 */
export const openSqlite = (options: OpenOptions): Sqlite.Database => {
  const isNew = !options.readonly && prepareFile(options.path)
  let db: Sqlite.Database | undefined
  try {
    db = new Sqlite(options.path, {
      timeout: BUSY_TIMEOUT_MS,
      readonly: options.readonly === true,
      ...(options.nativeBinding ? { nativeBinding: options.nativeBinding } : {}),
    })
    if (!options.readonly) configureWriter(db, options.path, isNew)
    for (const [name, run] of Object.entries(options.functions ?? {}))
      db.function(name, { varargs: true }, run)
    db.pragma('schema_version')
    return db
  } catch (error) {
    db?.close()
    throw translateDriverError(error, options.path, faultOf)
  }
}

/** @returns whether the file is to be created. */
const prepareFile = (path: string): boolean => {
  if (existsSync(path)) return false
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    return true
  } catch (error) {
    const what = `the folder of the database ${path} cannot be made: ${messageOf(error)}`
    throw new AppError('UNAVAILABLE', `${what}; check database.connection.path`, { cause: error })
  }
}

const configureWriter = (db: Sqlite.Database, path: string, isNew: boolean): void => {
  if (isNew) {
    // Before the first table: later it would take a full VACUUM.
    db.pragma('auto_vacuum = incremental')
    chmodSync(path, 0o600)
  }
  db.pragma('journal_mode = wal')
  db.pragma('synchronous = normal')
  db.pragma('foreign_keys = on')
  db.pragma('recursive_triggers = on')
  // The writer lives on the main loop: a transaction that finds the file locked waits there without blocking.
  db.pragma('busy_timeout = 0')
}
