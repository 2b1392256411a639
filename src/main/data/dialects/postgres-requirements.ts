import { sql } from 'kysely'
import type { DatabaseCheck } from '../../../shared/domain/database.ts'
import type { Query } from '../db.ts'
import type { ServerConfig } from './dialect.ts'
import { mayWork, nodeRightsOn, type TableRight } from './node-rights.ts'
import { atLeast, requirement } from './requirement.ts'

interface Facts {
  version: string
  encoding: string
  standby: boolean
  schema: string | null
  mayCreate: boolean
  maxConnections: number
  used: number
  tables: number
  account: string
}

const LEAST_VERSION = [14]

/** What a node needs of a PostgreSQL database, and what its account may do there. */
export const requirements = async (
  db: Query,
  config: ServerConfig,
  schemaVersion: number | null,
): Promise<DatabaseCheck[]> => {
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
    isEmpty ? mayCreate(facts) : mayWork(facts.account, await missingRights(db, schemaVersion), 'postgres'),
    connectionsOf(facts, config),
  ]
}

const mayCreate = ({ account, mayCreate: may, schema }: Facts): DatabaseCheck =>
  requirement('rights', 'rights', may, `${account} ${may ? 'may' : 'may not'} create the tables`, {
    fix:
      `grant create on schema ${schema ?? 'public'} to "${account}"; ` +
      `-- or run "pswebhost-node migrate" with another account (resources/sql/postgres)`,
  })

/** Triggers write the log with the rights of whoever writes. */
const TO_LOG: TableRight = { table: 'Data_Change', right: 'INSERT' }

const missingRights = async (db: Query, schemaVersion: number | null): Promise<TableRight[]> => {
  const needed = [...nodeRightsOn(schemaVersion), TO_LOG].map(
    ({ table, right }) => sql`(${sql.lit(table)}, ${sql.lit(right)})`,
  )
  const { rows } = await sql<TableRight>`
    select n."table", n."right" from (values ${sql.join(needed)}) as n ("table", "right")
    join pg_class c on c.relname = n."table" and c.relnamespace = current_schema()::regnamespace
    where not case n."right" when 'UPDATE' then has_any_column_privilege(c.oid, 'UPDATE')
      else has_table_privilege(c.oid, n."right") end`.execute(db)
  return rows
}

/** Of all nodes together; a node counts its own only: its pools, that of renewals, and the one that listens. */
const connectionsOf = ({ maxConnections, used }: Facts, { poolSize }: ServerConfig): DatabaseCheck => {
  const left = maxConnections - used
  const own = poolSize + 2
  return requirement(
    'connections',
    'connections',
    left > own,
    `${used} of ${maxConnections} in use; this node takes ${own}`,
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
    coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) as "mayCreate",
    current_setting('max_connections')::int as "maxConnections",
    (select count(*)::int from pg_stat_activity) as used,
    (select count(*)::int from pg_tables where schemaname = current_schema() and tablename = 'Tasks') as tables
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

export const connectionLimit = async (db: Query): Promise<number> => {
  const { rows } = await sql<{
    most: number
  }>`select current_setting('max_connections')::int as most`.execute(db)
  return Number(rows[0]?.most ?? 0)
}
