import { uniqueColumns } from '../columns.ts'
import {
  codeOf,
  faultIn,
  networkFault,
  networkFaultOf,
  type DriverFault,
  type FaultTable,
} from '../errors.ts'

/** Error symbols of MySQL and MariaDB, and the driver's own (PROTOCOL_…). */
const FAULTS: FaultTable = [
  ['ER_LOCK_DEADLOCK', 'replay', 'took a write back because of another one at the same time; try again'],
  ['ER_CHECKREAD', 'replay', 'took a write back because of another one at the same time; try again'],
  ['ER_LOCK_WAIT_TIMEOUT', 'replay', 'holds rows that another write works on; try again'],
  ['ER_QUERY_TIMEOUT', 'slow', 'took longer than database.options.timeout for a statement'],
  ['ER_QUERY_INTERRUPTED', 'away', 'is shutting down'],
  ['ER_SERVER_SHUTDOWN', 'away', 'is shutting down'],
  ['ER_NORMAL_SHUTDOWN', 'away', 'is shutting down'],
  ['ER_NET_', 'away', 'ended the connection'],
  ['PROTOCOL_', 'away', 'ended the connection'],
  ['POOL_', 'away', 'ended the connection'],
  [
    'ER_CON_COUNT_ERROR',
    'away',
    'has no connection to spare; raise max_connections or lower database.options.poolSize',
  ],
  ['ER_TOO_MANY_USER_CONNECTIONS', 'away', 'has no connection to spare for this account'],
  ['ER_USER_LIMIT_REACHED', 'away', 'has no connection to spare for this account'],
  ['ER_DISK_FULL', 'unusable', 'has a full disk; free some space on the server'],
  ['ER_RECORD_FILE_FULL', 'unusable', 'has a full table space; free some space on the server'],
  ['ER_OUT_OF_RESOURCES', 'away', 'is out of memory'],
  ['ER_OPTION_PREVENTS_STATEMENT', 'unusable', 'is read-only (a replica); connect to the primary server'],
  ['ER_READ_ONLY', 'unusable', 'is read-only; connect to the primary server'],
  ['ER_ACCOUNT_HAS_BEEN_LOCKED', 'unusable', 'refuses the account: it is locked'],
  ['ER_MUST_CHANGE_PASSWORD', 'unusable', 'refuses the account: its password has expired'],
  ['ER_ACCESS_DENIED', 'unusable', 'refuses the account; check database.connection.username and password'],
  [
    'ER_DBACCESS_DENIED',
    'unusable',
    'refuses the account this database; grant it the rights of resources/sql',
  ],
  [
    'ER_BAD_DB_ERROR',
    'unusable',
    'does not exist; create it (create database …) or check database.connection.database',
  ],
  [
    'ER_TABLEACCESS_DENIED',
    'unusable',
    'does not let this account do that; see resources/sql for the rights a node needs',
  ],
  [
    'ER_COLUMNACCESS_DENIED',
    'unusable',
    'does not let this account do that; see resources/sql for the rights a node needs',
  ],
  [
    'ER_SPECIFIC_ACCESS_DENIED',
    'unusable',
    'does not let this account do that; see resources/sql for the rights a node needs',
  ],
  [
    'ER_PROCACCESS_DENIED',
    'unusable',
    'does not let this account do that; see resources/sql for the rights a node needs',
  ],
  [
    'ER_BINLOG_CREATE_ROUTINE_NEED_SUPER',
    'unusable',
    'lets this account make no triggers while it keeps a binary log; set global log_bin_trust_function_creators = 1',
  ],
  ['ER_HOST_NOT_PRIVILEGED', 'unusable', 'does not let this machine in; grant the account from this host'],
  ['HANDSHAKE_NO_SSL_SUPPORT', 'unusable', 'has no TLS; set it up, or set database.connection.ssl to false'],
  [
    'HANDSHAKE_SSL_ERROR',
    'unusable',
    'cannot agree on TLS; check its certificate and database.connection.tls',
  ],
]

/**
 * Numbers that the driver has no name for, or another one's: those of MariaDB and its clusters, and MySQL's of late;
 * whole.
 */
const NUMBERS: FaultTable = [
  ['1969', 'slow', 'took longer than database.options.timeout for a statement'],
  ['1927', 'away', 'ended the connection'],
  ['4031', 'away', 'ended an idle session'],
  ['1047', 'away', 'is not ready; its server is joining the others of its cluster, or has lost them'],
]

/** The driver's own messages, which carry no code, and those of MariaDB to whose number it gives MySQL's name. */
const MESSAGES: FaultTable = [
  ['Access denied, this account is locked', 'unusable', 'refuses the account: it is locked'],
  ["Can't add new command when connection is in closed state", 'away', 'ended the connection'],
  ['Connection lost', 'away', 'ended the connection'],
  ['Pool is closed', 'away', 'is closed'],
]

/** The driver puts a code of its own in the place of Node's; its words are still there. */
const TLS_WORDS: readonly (readonly [words: string, code: string])[] = [
  ['self-signed certificate in', 'SELF_SIGNED_CERT_IN_CHAIN'],
  ['self-signed certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['unable to verify the first', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['unable to get', 'UNABLE_TO_GET_ISSUER_CERT'],
  ['certificate has expired', 'CERT_HAS_EXPIRED'],
  ['Hostname/IP does not match', 'ERR_TLS_CERT_ALTNAME_INVALID'],
]

const tlsFault = (error: unknown): DriverFault | undefined => {
  if (!(error instanceof Error) || codeOf(error) !== 'HANDSHAKE_SSL_ERROR') return undefined
  const known = TLS_WORDS.find(([words]) => error.message.startsWith(words))
  return known && networkFaultOf(known[1])
}

export const faultOf = (error: unknown): DriverFault | undefined => {
  const code = codeOf(error) ?? ''
  if (code === 'ER_DUP_ENTRY') return { kind: 'duplicate', text: violatedIndex(error) }
  // A packet too large is refused for good; the other network errors below pass.
  if (code === 'ER_NET_PACKET_TOO_LARGE')
    return { kind: 'oversize', text: 'takes no value so large; raise max_allowed_packet' }
  return (
    tlsFault(error) ??
    faultOfNumber(error) ??
    faultIn(FAULTS, code) ??
    networkFault(error) ??
    (error instanceof Error ? faultIn(MESSAGES, error.message) : undefined)
  )
}

/** No number is the beginning of another one. */
const faultOfNumber = (error: unknown): DriverFault | undefined => {
  const number = error instanceof Error && 'errno' in error ? String(error.errno) : ''
  const row = NUMBERS.find(([one]) => one === number)
  return row && { kind: row[1], text: row[2] }
}

/** "Duplicate entry 'a-b' for key 'Tasks.uq_tasks_name'" (MariaDB without the table): the server names no columns. */
const violatedIndex = (error: unknown): string => {
  const key = /for key '(?:[^.']*\.)?([^']*)'/.exec(error instanceof Error ? error.message : '')?.[1] ?? 'key'
  return uniqueColumns(key) ?? key
}
