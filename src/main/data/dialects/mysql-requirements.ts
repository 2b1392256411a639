import { sql } from 'kysely'
import type { DatabaseCheck } from '../../../shared/domain/database.ts'
import type { Query } from '../db.ts'
import type { ServerConfig } from './dialect.ts'
import { flavourOf } from './mysql-flavour.ts'
import { mayWork, nodeRightsOn, type TableRight } from './node-rights.ts'
import { atLeast, LARGEST_VALUE, requirement } from './requirement.ts'

interface Facts {
  version: string
  readOnly: number
  logBin: number
  binlogFormat: string
  trustsFunctions: number
  maxPacket: number
  maxConnections: number
  sqlMode: string
  flushAtCommit: number
  tables: number
  account: string
}

/** MariaDB before 10.8 takes no descending index, which a claim needs; 10.11 is the oldest that is looked after still. */
const LEAST = { MySQL: [8, 0, 17], MariaDB: [10, 11] } as const

/** What a node needs of a MySQL or MariaDB database, and what its account may do there. */
export const requirements = async (
  db: Query,
  config: ServerConfig,
  schemaVersion: number | null,
): Promise<DatabaseCheck[]> => {
  const facts = await factsOf(db)
  const used = await connectionsOf(db)
  const flavour = flavourOf(facts.version)
  const version = numbersOf(facts.version)
  return [
    requirement('version', 'version', atLeast(version, LEAST[flavour]), `${flavour} ${version}`, {
      fix: `install ${flavour} ${LEAST[flavour].join('.')} or newer`,
    }),
    requirement(
      'writable',
      'writable',
      facts.readOnly === 0,
      facts.readOnly ? 'read-only (a replica)' : 'a primary',
      {
        fix: 'connect to the primary server',
      },
    ),
    requirement('sqlMode', 'sql_mode', isOurs(facts.sqlMode), `sessions have ${facts.sqlMode}`, {
      fix: 'let no proxy between this node and the server set a sql_mode of its own',
    }),
    requirement(
      'durability',
      'innodb_flush_log_at_trx_commit',
      facts.flushAtCommit === 1,
      facts.flushAtCommit === 1 ? 'what is committed is on the disk' : 'a crash loses the last second',
      { severity: 'warning', fix: 'set global innodb_flush_log_at_trx_commit = 1;' },
    ),
    ...(await rightsOf(db, facts, config.database, schemaVersion)),
    ...binaryLog(facts),
    requirement(
      'maxPacket',
      'max_allowed_packet',
      facts.maxPacket >= 2 * LARGEST_VALUE,
      `values of up to ${Math.floor(facts.maxPacket / 2 / 1024 / 1024)} MB fit into one statement`,
      { severity: 'warning', fix: 'set global max_allowed_packet = 67108864;' },
    ),
    requirement(
      'connections',
      'connections',
      facts.maxConnections - used > config.poolSize + 1,
      `${used} of ${facts.maxConnections} in use; this node takes ${config.poolSize + 1}`,
      { severity: 'warning', fix: 'raise max_connections, or lower database.options.poolSize of the nodes' },
    ),
  ]
}

/** With a binary log the server lets nobody make triggers and functions unless it is told to trust them. */
const binaryLog = ({ logBin, trustsFunctions, tables, binlogFormat }: Facts): DatabaseCheck[] =>
  logBin === 0
    ? []
    : [
        requirement(
          'binlogTrust',
          'log_bin_trust_function_creators',
          trustsFunctions === 1 || tables > 0,
          trustsFunctions === 1 ? 'triggers may be made' : 'triggers may be made by accounts with SUPER only',
          { fix: 'set global log_bin_trust_function_creators = 1;' },
        ),
        requirement(
          'binlogFormat',
          'binlog_format',
          binlogFormat !== 'STATEMENT',
          `changes are logged by ${binlogFormat}`,
          {
            fix: `set global binlog_format = 'ROW';`,
          },
        ),
      ]

const TO_CREATE = ['CREATE', 'INDEX', 'TRIGGER', 'CREATE ROUTINE']

/** A right as this account has it: to everything (no table), to one table, or to a column of one. */
interface Granted {
  right: string
  table: string | null
}

const rightsOf = async (
  db: Query,
  { tables, account }: Facts,
  database: string,
  schemaVersion: number | null,
): Promise<DatabaseCheck[]> => {
  const { rows } = await sql<Granted>`
    select privilege_type as "right", null as "table" from information_schema.user_privileges
    union select privilege_type, null from information_schema.schema_privileges
      where database() like table_schema
    union select privilege_type, lower(table_name) from information_schema.table_privileges
      where table_schema = database()
    union select privilege_type, lower(table_name) from information_schema.column_privileges
      where table_schema = database() and privilege_type = 'UPDATE'`.execute(db)
  return tables === 0
    ? [mayCreate(rows, account, database)]
    : [mayWork(account, missingRights(rows, schemaVersion), 'mysql')]
}

const mayCreate = (granted: readonly Granted[], account: string, database: string): DatabaseCheck => {
  const missing = TO_CREATE.filter((needed) => !granted.some(({ right }) => right === needed))
  const may = missing.length === 0
  const [user, host] = account.split('@')
  const detail = may ? `${account} may create the tables` : `${account} lacks ${missing.join(', ')}`
  const fix =
    `grant ${missing.join(', ')} on \`${database}\`.* to '${user}'@'${host}'; ` +
    `-- or run "pswebhost-node migrate" with another account (resources/sql/mysql)`
  return requirement('rights', 'rights', may, detail, { fix })
}

const missingRights = (granted: readonly Granted[], schemaVersion: number | null): TableRight[] => {
  const has = new Set(granted.map(({ right, table }) => `${right} ${table ?? ''}`))
  return nodeRightsOn(schemaVersion).filter(
    ({ table, right }) => !has.has(`${right} `) && !has.has(`${right} ${table.toLowerCase()}`),
  )
}

/** As each session is set (server/mysql-pool.ts): a proxy may have put its own in the place of that. */
const isOurs = (sqlMode: string): boolean =>
  ['ANSI_QUOTES', 'PIPES_AS_CONCAT', 'STRICT_TRANS_TABLES'].every((word) => sqlMode.includes(word)) &&
  !sqlMode.includes('NO_BACKSLASH_ESCAPES')

/** Of all accounts; the list of processes shows a node's account its own only. */
const connectionsOf = async (db: Query): Promise<number> => {
  const { rows } = await sql<{ Value: string }>`show global status like 'Threads_connected'`.execute(db)
  return Number(rows[0]?.Value ?? 0)
}

/** `5.5.5-10.11.19-MariaDB` is how old clients were told of MariaDB 10. */
const numbersOf = (version: string): string => version.replace(/^5\.5\.5-/, '').split('-')[0] ?? ''

const factsOf = async (db: Query): Promise<Facts> => {
  const { rows } = await sql<Facts>`select version() as version,
    @@global.read_only as "readOnly", @@log_bin as "logBin", @@binlog_format as "binlogFormat",
    @@log_bin_trust_function_creators as "trustsFunctions", @@max_allowed_packet as "maxPacket",
    @@max_connections as "maxConnections", current_user() as account,
    @@sql_mode as "sqlMode", @@innodb_flush_log_at_trx_commit as "flushAtCommit",
    (select count(*) from information_schema.tables where table_schema = database()
      and lower(table_name) = 'tasks') as tables`.execute(db)
  const [facts] = rows
  if (!facts) throw new Error('the database does not know itself')
  return facts
}

export const serverVersion = async (db: Query): Promise<string> => {
  const { rows } = await sql<{ version: string }>`select version() as version`.execute(db)
  const version = rows[0]?.version ?? ''
  return `${flavourOf(version)} ${numbersOf(version)}`
}

export const connectionLimit = async (db: Query): Promise<number> => {
  const { rows } = await sql<{ most: number }>`select @@max_connections as most`.execute(db)
  return Number(rows[0]?.most ?? 0)
}
