import { uniqueColumns } from '../columns.ts'
import { codeOf, faultIn, networkFault, type DriverFault, type FaultTable } from '../errors.ts'

/** Numbers of the server's messages (sys.messages; Azure SQL's are above 40000), whole. */
const NUMBERS: FaultTable = [
  ['1205', 'replay', 'took a write back because of another one at the same time; try again'],
  ['3960', 'replay', 'took a write back because of another one at the same time; try again'],
  ['3961', 'replay', 'took a write back because of a change of its tables at the same time; try again'],
  ['1222', 'replay', 'holds rows that another write works on; try again'],
  ['596', 'away', 'ended the session'],
  ['6005', 'away', 'is shutting down'],
  ['17142', 'away', 'is paused'],
  ['701', 'away', 'is out of memory'],
  ['802', 'away', 'is out of memory'],
  ['1204', 'away', 'has no locks to spare'],
  [
    '17809',
    'away',
    'has no connection to spare; raise "user connections" or lower database.options.poolSize',
  ],
  [
    '10928',
    'away',
    'has no worker or session to spare; take a larger service tier, or lower database.options.poolSize',
  ],
  [
    '10929',
    'away',
    'has no worker or session to spare; take a larger service tier, or lower database.options.poolSize',
  ],
  ['40197', 'away', 'failed to work on a request; it may be moving to another machine'],
  ['40501', 'away', 'is busy'],
  ['40613', 'away', 'is not available just now'],
  ['49918', 'away', 'is busy'],
  ['49919', 'away', 'is busy'],
  ['49920', 'away', 'is busy'],
  ['983', 'away', 'is changing its role in an availability group'],
  ['976', 'unusable', 'is a secondary replica; connect to the listener of the availability group'],
  ['978', 'unusable', 'is a secondary replica; connect to the listener of the availability group'],
  ['3906', 'unusable', 'is read-only; connect to the primary replica'],
  ['1101', 'unusable', 'has a full disk; free some space on the server'],
  ['1105', 'unusable', 'has a full disk; free some space on the server'],
  ['9002', 'unusable', 'has a full transaction log; back it up, or let it grow'],
  ['823', 'unusable', 'is damaged; restore the newest backup'],
  ['824', 'unusable', 'is damaged; restore the newest backup'],
  [
    '4060',
    'unusable',
    'does not exist, or is closed to this account; create it (create database …) or check database.connection.database',
  ],
  ['911', 'unusable', 'does not exist; create it (create database …) or check database.connection.database'],
  ['916', 'unusable', 'is closed to this account; make it a user of the database (create user …)'],
  ['18456', 'unusable', 'refuses the account; check database.connection.username and password'],
  ['18452', 'unusable', 'refuses the account: it is of a domain that the server does not trust'],
  ['18470', 'unusable', 'refuses the account: it is disabled'],
  ['18486', 'unusable', 'refuses the account: it is locked'],
  ['18487', 'unusable', 'refuses the account: its password has expired'],
  ['18488', 'unusable', 'refuses the account: its password must be changed'],
  ['40615', 'unusable', 'does not let this machine in; add its address to the firewall rules of the server'],
  ['229', 'unusable', 'does not let this account do that; see resources/sql for the rights a node needs'],
  ['230', 'unusable', 'does not let this account do that; see resources/sql for the rights a node needs'],
  ['262', 'unusable', 'does not let this account do that; see resources/sql for the rights a node needs'],
  ['1088', 'unusable', 'does not let this account do that; see resources/sql for the rights a node needs'],
  ['2760', 'unusable', 'does not let this account do that; see resources/sql for the rights a node needs'],
]

/** The driver's own codes (tedious; ECONNCLOSED and ENOTOPEN are those of mssql). */
const CODES: FaultTable = [
  ['ETIMEOUT', 'away', 'did not answer within database.options.timeout'],
  ['ESOCKET', 'away', 'cannot be reached, or ended the connection'],
  ['ECLOSE', 'away', 'ended the connection'],
  ['ECONNCLOSED', 'away', 'ended the connection'],
  ['ENOTOPEN', 'away', 'ended the connection'],
  ['EINVALIDSTATE', 'away', 'ended the connection'],
  ['ECANCEL', 'away', 'did not answer in time'],
  [
    'EINSTLOOKUP',
    'away',
    'has no such instance, or its SQL Server Browser (UDP port 1434) does not answer; give database.connection.port',
  ],
  ['EENCRYPT', 'unusable', 'takes encrypted connections only; set database.connection.ssl to true'],
  ['ELOGIN', 'unusable', 'refuses the account; check database.connection.username and password'],
]

/** The pool's own messages carry no code. It is never full (server/turns.ts): what it waits for is the server. */
const MESSAGES: FaultTable = [
  ['operation timed out', 'away', 'does not answer'],
  ['The connection ended without', 'away', 'ended the connection'],
  ['aborted', 'away', 'is closed'],
]

export const faultOf = (error: unknown): DriverFault | undefined => {
  const number = numberOf(error)
  if (number === 2601 || number === 2627) return { kind: 'duplicate', text: violatedIndex(error) }
  const code = codeOf(error) ?? ''
  return (
    faultOfNumber(number) ??
    networkFault(error) ??
    (code === 'ESOCKET' ? networkFault(socketErrorIn(error)) : undefined) ??
    faultIn(CODES, code) ??
    (error instanceof Error && code === '' ? faultIn(MESSAGES, error.message) : undefined)
  )
}

/** No number is the beginning of another one. */
const faultOfNumber = (number: number | undefined): DriverFault | undefined => {
  const row = NUMBERS.find(([one]) => one === String(number))
  return row && { kind: row[1], text: row[2] }
}

const numberOf = (error: unknown): number | undefined =>
  error instanceof Error && 'number' in error && typeof error.number === 'number' ? error.number : undefined

/** What the network, or TLS, said: of several addresses tried, the first. */
const socketErrorIn = (error: unknown): unknown => {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof AggregateError ? cause.errors[0] : cause
}

/** "Cannot insert duplicate key row in object 'dbo.Tasks' with unique index 'uq_tasks_name'. …" */
const violatedIndex = (error: unknown): string => {
  const message = error instanceof Error ? error.message : ''
  const key = /(?:unique index|constraint) '([^']*)'/.exec(message)?.[1] ?? 'key'
  return uniqueColumns(key) ?? key
}
