import { codeOf, failureOf, faultIn, type DriverFault, type FaultTable } from '../errors.ts'

/** SQLite's result codes, by their beginning. */
const FAULTS: FaultTable = [
  ['SQLITE_BUSY', 'unusable', 'is locked by another program; close what else has it open and try again'],
  ['SQLITE_LOCKED', 'unusable', 'is locked by another program; close what else has it open and try again'],
  ['SQLITE_FULL', 'unusable', 'cannot grow: the disk is full; free some space and try again'],
  [
    'SQLITE_READONLY',
    'unusable',
    'is read-only; give the account of this program write access to the file and its folder',
  ],
  [
    'SQLITE_CORRUPT',
    'unusable',
    'is damaged (doctor names the damage); stop the node and restore the newest backup, or delete the file where it ' +
      'is the replica of a database server',
  ],
  ['SQLITE_NOTADB', 'unusable', 'is not a database file; check database.connection.path or restore a backup'],
  [
    'SQLITE_IOERR',
    'unusable',
    'cannot be read or written: the disk reports an error; check it and the free space',
  ],
  [
    'SQLITE_CANTOPEN',
    'unusable',
    'cannot be opened; check that its folder exists and that this account may write there',
  ],
  [
    'SQLITE_PERM',
    'unusable',
    'cannot be opened; give the account of this program access to the file and its folder',
  ],
  [
    'SQLITE_AUTH',
    'unusable',
    'cannot be opened; give the account of this program access to the file and its folder',
  ],
]

export const faultOf = (error: unknown): DriverFault | undefined => {
  const { code = '', message } = failureOf(error)
  if (code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY')
    return { kind: 'duplicate', text: violatedColumns(message) }
  return faultIn(FAULTS, code)
}

/** Columns of a violated unique index: "UNIQUE constraint failed: Tasks.TaskName, Tasks.AppName". */
const violatedColumns = (message: string): string =>
  message.replace(/^.*UNIQUE constraint failed: /, '').replaceAll('.', ' ')

/** Whether what is in the file can be read no more; also of an error that was translated before. */
export const isDamage = (error: unknown): boolean =>
  error instanceof Error && (/^SQLITE_(CORRUPT|NOTADB)/.test(codeOf(error) ?? '') || isDamage(error.cause))

/** Whether another connection holds the lock: worth another try. */
export const isBusy = (error: unknown): boolean => codeOf(error)?.startsWith('SQLITE_BUSY') === true
