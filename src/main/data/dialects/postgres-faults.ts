import { uniqueColumns } from '../columns.ts'
import { codeOf, faultIn, networkFault, type DriverFault, type FaultTable } from '../errors.ts'

/** SQLSTATE codes, by their beginning (PostgreSQL, appendix "Error Codes"). */
const FAULTS: FaultTable = [
  ['40001', 'replay', 'took a write back because of another one at the same time; try again'],
  ['40P01', 'replay', 'took a write back because of another one at the same time; try again'],
  // It may have been written: run again, it would be written twice.
  ['40003', 'away', 'does not know whether a statement was done'],
  ['55P03', 'replay', 'holds rows that another write works on; try again'],
  ['57014', 'slow', 'took longer than database.options.timeout for a statement'],
  ['25P03', 'away', 'ended a transaction that did nothing for too long'],
  ['57P01', 'away', 'is shutting down'],
  ['57P02', 'away', 'is shutting down'],
  ['57P03', 'away', 'is starting up or shutting down'],
  ['57P05', 'away', 'ended an idle session'],
  ['08', 'away', 'ended the connection'],
  ['53300', 'away', 'has no connection to spare; raise max_connections or lower database.options.poolSize'],
  ['53100', 'unusable', 'has a full disk; free some space on the server'],
  ['53200', 'away', 'is out of memory'],
  ['28', 'unusable', 'refuses the account; check database.connection.username and password'],
  [
    '3D000',
    'unusable',
    'does not exist; create it (create database …) or check database.connection.database',
  ],
  ['42501', 'unusable', 'does not let this account do that; see resources/sql for the rights a node needs'],
  ['25006', 'unusable', 'is read-only (a standby); connect to the primary server'],
  ['XX001', 'unusable', 'is damaged; restore the newest backup'],
]

/** The driver's own messages carry no code. */
const MESSAGES: FaultTable = [
  ['Connection terminated', 'away', 'ended the connection'],
  ['timeout expired', 'away', 'does not answer; check the network between this node and the server'],
  [
    'timeout exceeded when trying to connect',
    'busy',
    'was not asked: all connections of this node are in use; raise database.options.poolSize',
  ],
  ['Query read timeout', 'away', 'did not answer within database.options.timeout'],
  ['Client has encountered a connection error', 'away', 'ended the connection'],
  ['Client was closed', 'away', 'ended the connection'],
  [
    'The server does not support SSL',
    'unusable',
    'has no TLS; set it up, or set database.connection.ssl to false',
  ],
]

export const faultOf = (error: unknown): DriverFault | undefined => {
  const code = codeOf(error) ?? ''
  if (code === '23505') return { kind: 'duplicate', text: violatedColumns(error) }
  const known = /^[0-9A-Z]{5}$/.test(code) && code !== 'EPIPE' ? faultIn(FAULTS, code) : networkFault(error)
  return known ?? (error instanceof Error ? faultIn(MESSAGES, error.message) : undefined)
}

/** The server names the index it was. */
const violatedColumns = (error: unknown): string => {
  const index = error instanceof Error && 'constraint' in error ? String(error.constraint) : 'key'
  return uniqueColumns(index) ?? index
}
