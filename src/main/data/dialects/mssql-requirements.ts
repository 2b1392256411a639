import { sql } from 'kysely'
import type { DatabaseCheck } from '../../../shared/domain/database.ts'
import type { Query } from '../db.ts'
import type { ServerConfig } from './dialect.ts'
import { mayWork, nodeRightsOn, type TableRight } from './node-rights.ts'
import { atLeast, requirement } from './requirement.ts'

interface Facts {
  version: string
  edition: number
  database: string
  account: string
  schema: string | null
  /** A bit, as a number: so are the others. */
  readsSnapshots: number
  updateability: string
  durability: string
  autoClose: number
  codePage: number | null
  mayCreate: number | null
  mayAlter: number | null
  tables: number
}

/** SQL Server 2019. */
const LEAST_VERSION = [15]
/** Azure's own version numbers stand still; it has what the newest release has. */
const AZURE_EDITIONS = [5, 8]
const UTF8 = 65001

/** What a node needs of a SQL Server database, and what its account may do there. */
export const requirements = async (
  db: Query,
  _config: ServerConfig,
  schemaVersion: number | null,
): Promise<DatabaseCheck[]> => {
  const facts = await factsOf(db)
  const name = quoted(facts.database)
  return [
    ...serverChecks(facts, name),
    ...databaseChecks(facts, name),
    facts.tables === 0
      ? mayMake(facts)
      : mayWork(facts.account, await missingRights(db, schemaVersion), 'mssql'),
    ...upkeepChecks(facts, name),
  ]
}

const serverChecks = (
  { version, edition, codePage, updateability }: Facts,
  name: string,
): DatabaseCheck[] => {
  const isAzure = AZURE_EDITIONS.includes(edition)
  const isNew = isAzure || atLeast(version, LEAST_VERSION)
  const isPrimary = updateability === 'READ_WRITE'
  const newer = { fix: 'install SQL Server 2019 or newer' }
  return [
    requirement('version', 'version', isNew, isAzure ? 'Azure SQL' : `SQL Server ${version}`, newer),
    codePage === UTF8
      ? requirement('encoding', 'encoding', true, 'images of changes are kept as UTF-8')
      : requirement('encoding', 'encoding', false, 'the server has no UTF-8 collations', newer),
    requirement(
      'writable',
      'writable',
      isPrimary,
      isPrimary ? 'a primary' : 'read-only, or a secondary replica',
      {
        fix: `connect to the primary replica, or: alter database ${name} set read_write;`,
      },
    ),
  ]
}

const databaseChecks = ({ readsSnapshots, schema, account }: Facts, name: string): DatabaseCheck[] => [
  requirement(
    'snapshot',
    'read_committed_snapshot',
    readsSnapshots === 1,
    readsSnapshots === 1 ? 'reads wait for no writer' : 'reads wait for writers, and writers for reads',
    { fix: `alter database ${name} set read_committed_snapshot on with rollback immediate;` },
  ),
  // The ORM looks for its list of migrations in that one, whatever the account's own is.
  requirement('schema', 'schema', schema === 'dbo', `tables live in ${schema ?? 'no schema'}`, {
    fix: `alter user ${quoted(account)} with default_schema = dbo;`,
  }),
]

const mayMake = ({ account, schema, mayCreate, mayAlter }: Facts): DatabaseCheck => {
  const may = mayCreate === 1 && mayAlter === 1
  const user = quoted(account)
  return requirement('rights', 'rights', may, `${account} ${may ? 'may' : 'may not'} create the tables`, {
    fix:
      `grant create table to ${user}; grant alter on schema::${quoted(schema ?? 'dbo')} to ${user}; ` +
      `-- or run "pswebhost-node migrate" with another account (resources/sql/mssql)`,
  })
}

/** Rows are locked by hints, which need the right to read and no other. */
const neededOn = (schemaVersion: number | null): TableRight[] =>
  nodeRightsOn(schemaVersion).filter(({ table, right }) => table !== 'Cluster_Info' || right === 'SELECT')

/** Of tables that are there. Nobody needs a right to insert into the log: triggers have that of their owner. */
const missingRights = async (db: Query, schemaVersion: number | null): Promise<TableRight[]> => {
  const needed = neededOn(schemaVersion).map(
    ({ table, right }) => sql`(${sql.lit(table)}, ${sql.lit(right)})`,
  )
  const { rows } = await sql<TableRight>`
    select n.[table], n.[right] from (values ${sql.join(needed)}) as n ([table], [right])
    where object_id(n.[table]) is not null and has_perms_by_name(n.[table], 'OBJECT', n.[right]) = 0
      and not (n.[right] = 'UPDATE' and exists (select 1 from sys.columns as c
        where c.object_id = object_id(n.[table])
          and has_perms_by_name(n.[table], 'OBJECT', 'UPDATE', c.name, 'COLUMN') = 1))`.execute(db)
  return rows
}

/** What works, and not well. */
const upkeepChecks = ({ durability, autoClose }: Facts, name: string): DatabaseCheck[] => [
  requirement(
    'durability',
    'delayed_durability',
    durability !== 'FORCED',
    `delayed durability is ${durability.toLowerCase()}`,
    {
      severity: 'warning',
      fix: `alter database ${name} set delayed_durability = allowed;`,
    },
  ),
  requirement(
    'autoClose',
    'auto_close',
    autoClose === 0,
    autoClose === 0 ? 'stays open' : 'closes when nobody uses it',
    {
      severity: 'warning',
      fix: `alter database ${name} set auto_close off;`,
    },
  ),
]

const quoted = (name: string): string => `[${name.replaceAll(']', ']]')}]`

const factsOf = async (db: Query): Promise<Facts> => {
  const { rows } = await sql<Facts>`select
    cast(serverproperty('ProductVersion') as nvarchar(128)) as version,
    cast(serverproperty('EngineEdition') as int) as edition,
    db_name() as [database],
    user_name() as account,
    schema_name() as [schema],
    cast(d.is_read_committed_snapshot_on as int) as [readsSnapshots],
    cast(databasepropertyex(db_name(), 'Updateability') as nvarchar(60)) as updateability,
    d.delayed_durability_desc as durability,
    cast(d.is_auto_close_on as int) as [autoClose],
    cast(collationproperty('Latin1_General_100_BIN2_UTF8', 'CodePage') as int) as [codePage],
    has_perms_by_name(db_name(), 'DATABASE', 'CREATE TABLE') as [mayCreate],
    has_perms_by_name(schema_name(), 'SCHEMA', 'ALTER') as [mayAlter],
    case when object_id('Tasks') is null then 0 else 1 end as tables
    from sys.databases as d where d.database_id = db_id()`.execute(db)
  const [facts] = rows
  if (!facts) throw new Error('the database does not know itself')
  return facts
}

export const serverVersion = async (db: Query): Promise<string> => {
  const { rows } = await sql<{ version: string }>`
    select cast(serverproperty('ProductVersion') as nvarchar(128)) as version`.execute(db)
  return `SQL Server ${rows[0]?.version ?? ''}`
}

export const connectionLimit = async (db: Query): Promise<number> => {
  const { rows } = await sql<{ most: number }>`select @@max_connections as most`.execute(db)
  return Number(rows[0]?.most ?? 0)
}
