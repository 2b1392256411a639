import { sql } from 'kysely'
import type { DatabaseCheck } from '../../../shared/domain/database.ts'
import type { Query } from '../db.ts'
import type { ServerConfig } from './dialect.ts'
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
  rights: number | null
}

/** SQL Server 2019. */
const LEAST_VERSION = [15]
/** Azure's own version numbers stand still; it has what the newest release has. */
const AZURE_EDITIONS = [5, 8]
const UTF8 = 65001

/** What a node needs of a SQL Server database, and what its account may do there. */
export const requirements = async (db: Query, _config: ServerConfig): Promise<DatabaseCheck[]> => {
  const facts = await factsOf(db)
  const name = quoted(facts.database)
  const isAzure = AZURE_EDITIONS.includes(facts.edition)
  const isPrimary = facts.updateability === 'READ_WRITE'
  return [
    requirement(
      'version',
      'version',
      isAzure || atLeast(facts.version, LEAST_VERSION),
      isAzure ? 'Azure SQL' : `SQL Server ${facts.version}`,
      { fix: 'install SQL Server 2019 or newer' },
    ),
    requirement(
      'writable',
      'writable',
      isPrimary,
      isPrimary ? 'a primary' : 'read-only, or a secondary replica',
      {
        fix: 'connect to the primary replica, or: ' + `alter database ${name} set read_write;`,
      },
    ),
    requirement(
      'snapshot',
      'read_committed_snapshot',
      facts.readsSnapshots === 1,
      facts.readsSnapshots === 1
        ? 'reads wait for no writer'
        : 'reads wait for writers, and writers for reads',
      { fix: `alter database ${name} set read_committed_snapshot on with rollback immediate;` },
    ),
    requirement(
      'encoding',
      'encoding',
      facts.codePage === UTF8,
      facts.codePage === UTF8 ? 'images of changes are kept as UTF-8' : 'the server has no UTF-8 collations',
      { fix: 'install SQL Server 2019 or newer' },
    ),
    rightsOf(facts),
    ...upkeepOf(facts, name),
  ]
}

const rightsOf = ({ account, schema, mayCreate, mayAlter, tables, rights }: Facts): DatabaseCheck => {
  const user = quoted(account)
  if (tables === 0) {
    const may = mayCreate === 1 && mayAlter === 1
    return requirement('rights', 'rights', may, `${account} ${may ? 'may' : 'may not'} create the tables`, {
      fix: `grant create table to ${user}; grant alter on schema::${quoted(schema ?? 'dbo')} to ${user}; -- or create the schema with another account`,
    })
  }
  const may = rights === 1
  return requirement(
    'rights',
    'rights',
    may,
    `${account} ${may ? 'may' : 'may not'} read and write the tables`,
    {
      fix: `grant select, insert, update, delete on schema::${quoted(schema ?? 'dbo')} to ${user};`,
    },
  )
}

/** What works, and not well. */
const upkeepOf = ({ durability, autoClose }: Facts, name: string): DatabaseCheck[] => [
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
    case when object_id('Tasks') is null then 0 else 1 end as tables,
    has_perms_by_name('Tasks', 'OBJECT', 'SELECT') & has_perms_by_name('Tasks', 'OBJECT', 'INSERT')
      & has_perms_by_name('Tasks', 'OBJECT', 'UPDATE') & has_perms_by_name('Task_History', 'OBJECT', 'DELETE') as rights
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
