import { sql } from 'kysely'
import type { DatabaseCheck } from '../../../shared/domain/database.ts'
import type { Query } from '../db.ts'
import type { ServerConfig } from './dialect.ts'
import { atLeast, requirement } from './requirement.ts'

interface Facts {
  version: string
  encoding: string
  standby: boolean
  schema: string | null
  mayConnect: boolean
  mayCreate: boolean
  maxConnections: number
  used: number
  tables: number
  mayWrite: boolean | null
  account: string
}

const LEAST_VERSION = [14]

/** What a node needs of a PostgreSQL database, and what its account may do there. */
export const requirements = async (db: Query, config: ServerConfig): Promise<DatabaseCheck[]> => {
  const facts = await factsOf(db)
  const name = `"${config.database}"`
  const isEmpty = facts.tables === 0
  return [
    requirement('version', 'version', atLeast(facts.version, LEAST_VERSION), `PostgreSQL ${facts.version}`, {
      fix: 'install PostgreSQL 14 or newer',
    }),
    requirement(
      'encoding',
      'encoding',
      facts.encoding === 'UTF8',
      `names and outputs are kept as ${facts.encoding}`,
      {
        fix: `create database ${name} encoding 'UTF8' template template0`,
      },
    ),
    requirement(
      'writable',
      'writable',
      !facts.standby,
      facts.standby ? 'a standby: it is read-only' : 'a primary',
      {
        fix: 'connect to the primary server',
      },
    ),
    requirement('schema', 'schema', facts.schema !== null, `tables live in ${facts.schema ?? 'no schema'}`, {
      fix: `grant usage on schema public to "${facts.account}"`,
    }),
    rightsOf(facts, isEmpty),
    connectionsOf(facts, config),
  ]
}

const rightsOf = ({ account, mayCreate, mayWrite, schema }: Facts, isEmpty: boolean): DatabaseCheck => {
  if (isEmpty) {
    return requirement(
      'rights',
      'rights',
      mayCreate,
      `${account} ${mayCreate ? 'may' : 'may not'} create the tables`,
      {
        fix: `grant create on schema ${schema ?? 'public'} to "${account}"; -- or create the schema with another account`,
      },
    )
  }
  return requirement(
    'rights',
    'rights',
    mayWrite !== false,
    mayWrite === false ? `${account} may not write the tables` : `${account} may read and write the tables`,
    { fix: 'run resources/sql/postgres.sql, which grants what a node needs' },
  )
}

/** Of all nodes together; a node counts its own pools only. */
const connectionsOf = ({ maxConnections, used }: Facts, { poolSize }: ServerConfig): DatabaseCheck => {
  const left = maxConnections - used
  return requirement(
    'connections',
    'connections',
    left > poolSize + 1,
    `${used} of ${maxConnections} in use; this node takes ${poolSize + 1}`,
    { severity: 'warning', fix: 'raise max_connections, or lower database.options.poolSize of the nodes' },
  )
}

const factsOf = async (db: Query): Promise<Facts> => {
  const { rows } = await sql<Facts>`select
    current_setting('server_version') as version,
    pg_encoding_to_char(d.encoding) as encoding,
    pg_is_in_recovery() as standby,
    current_schema() as schema,
    current_user as account,
    has_database_privilege(current_database(), 'CONNECT') as "mayConnect",
    coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) as "mayCreate",
    current_setting('max_connections')::int as "maxConnections",
    (select count(*)::int from pg_stat_activity) as used,
    (select count(*)::int from pg_tables where schemaname = current_schema() and tablename = 'Tasks') as tables,
    (select bool_and(has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE')) from pg_class c
      where c.relnamespace = current_schema()::regnamespace and c.relname in ('Tasks', 'Task_History')) as "mayWrite"
    from pg_database d where d.datname = current_database()`.execute(db)
  const [facts] = rows
  if (!facts) throw new Error('the database does not know itself')
  return { ...facts, version: facts.version.split(' ')[0] ?? '' }
}

export const serverVersion = async (db: Query): Promise<string> => {
  const { rows } = await sql<{
    version: string
  }>`select current_setting('server_version') as version`.execute(db)
  return `PostgreSQL ${rows[0]?.version.split(' ')[0] ?? ''}`
}
