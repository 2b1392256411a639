import { AppError, messageOf } from '../../shared/domain/errors.ts'

/**
 * Driver exceptions, translated once: at the connection, so that every path (repositories, migrations,
 * checks) sees the same errors. What a caller cannot act on stays what it was: a bug.
 */

/** An error that crossed a thread: plain data. */
export interface DriverFailure {
  code: string | undefined
  message: string
  stack?: string | undefined
}

export const failureOf = (error: unknown): DriverFailure => ({
  code: codeOf(error),
  message: messageOf(error),
  stack: error instanceof Error ? error.stack : undefined,
})

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined

/** What to tell whoever reads the message, by the beginning of SQLite's result code. */
const UNAVAILABLE: readonly (readonly [code: string, text: string])[] = [
  ['SQLITE_BUSY', 'is locked by another program; close what else has it open and try again'],
  ['SQLITE_LOCKED', 'is locked by another program; close what else has it open and try again'],
  ['SQLITE_FULL', 'cannot grow: the disk is full; free some space and try again'],
  [
    'SQLITE_READONLY',
    'is read-only; give the account of this program write access to the file and its folder',
  ],
  ['SQLITE_CORRUPT', 'is damaged; stop the node and restore the newest backup (doctor names the damage)'],
  ['SQLITE_NOTADB', 'is not a database file; check database.connection.path or restore a backup'],
  ['SQLITE_IOERR', 'cannot be read or written: the disk reports an error; check it and the free space'],
  ['SQLITE_CANTOPEN', 'cannot be opened; check that its folder exists and that this account may write there'],
  ['SQLITE_PERM', 'cannot be opened; give the account of this program access to the file and its folder'],
  ['SQLITE_AUTH', 'cannot be opened; give the account of this program access to the file and its folder'],
]

/** Columns of a violated unique index: "UNIQUE constraint failed: Tasks.TaskName, Tasks.AppName". */
const violatedColumns = (message: string): string =>
  message.replace(/^.*UNIQUE constraint failed: /, '').replaceAll('.', ' ')

/**
 * @param where names the database for the reader: a path, a server.
 * @returns an AppError CONFLICT (unique) or UNAVAILABLE (locked, full, read-only, damaged, …), or the error itself.
 */
export const translateDriverError = (error: unknown, where: string): unknown => {
  const known = appErrorIn(error)
  if (known) return known
  const { code, message } = failureOf(error)
  if (code === undefined || !code.startsWith('SQLITE_')) return error
  if (code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY') {
    return new AppError('CONFLICT', `there is already a record with this ${violatedColumns(message)}`, {
      cause: error,
    })
  }
  const text = UNAVAILABLE.find(([prefix]) => code.startsWith(prefix))?.[1]
  return text
    ? new AppError('UNAVAILABLE', `the database ${where} ${text} (${message})`, { cause: error })
    : error
}

/** An AppError below wrappers: MikroORM puts its own exceptions around what a connection throws. */
const appErrorIn = (error: unknown): AppError | undefined => {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (at instanceof AppError) return at
  }
  return undefined
}

/** Whether another connection holds the lock: worth another try. */
export const isBusy = (error: unknown): boolean => codeOf(error)?.startsWith('SQLITE_BUSY') === true
