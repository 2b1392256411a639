import { sql, type RawBuilder } from 'kysely'
import { serverText } from '../../../shared/domain/database.ts'
import { mssqlQueries } from '../server/mssql-queries.ts'
import { openServer } from '../server/open-server.ts'
import type { Connection } from './connection.ts'
import type { ColumnWord, ConnectOptions, Dialect, ServerConfig } from './dialect.ts'
import { lengthOf } from './lengths.ts'
import { mssqlCopyWords, snapshotIsolation } from './mssql-copy.ts'
import { faultOf } from './mssql-faults.ts'
import { connectionLimit, requirements, serverVersion } from './mssql-requirements.ts'
import { captureObjects, installedObjects } from './mssql-triggers.ts'

/** SQL Server 2019 or newer, and Azure SQL. A preview: its statements are checked as text (tests/data/golden). */
export const mssql: Dialect<ServerConfig> = {
  name: 'SqlServer',
  connect,
  preflight: async (config) =>
    (await import('../server/mssql-probe.ts')).probeMssql(config, serverText(config)),
  exists: () => true,
  whereOf: serverText,
  plugins: [mssqlQueries],
  columnType,
  identity: 'bigint identity(1,1) not null primary key',
  tableOptions: '',
  indexCondition,
  existingNames: null,
  captureObjects,
  installedObjects,
  copyWords: mssqlCopyWords,
  sequencedByTrigger: false,
  sealsLog: true,
  beginWrite: ({ actor, nodeId, reason, transactionId, origin }) =>
    setContext({ actor, node: nodeId, reason: fitting(reason), transaction: transactionId, origin }),
  endWrite: () => setContext({ actor: null, node: null, reason: null, transaction: null, origin: null }),
  faultOf,
  requirements,
  connectionLimit,
  serverVersion,
}

/** One per database: the server tells locks of the same name in two databases apart. */
const MIGRATION_LOCK = 'pswebhost.migration'

async function connect(options: ConnectOptions<ServerConfig>): Promise<Connection> {
  // Its driver takes half a second and 60 MB (it brings Azure's sign-in): only for who uses it.
  const [{ MsSqlDriver }, { mssqlPool }] = await Promise.all([
    import('@mikro-orm/mssql'),
    import('../server/mssql-pool.ts'),
  ])
  return openServer(options, {
    dialect: mssql,
    driver: MsSqlDriver,
    pool: (pool) => mssqlPool(options.config, pool),
    time: sql`stuff(convert(varchar(23), sysutcdatetime(), 121), 11, 1, 'T') + 'Z'`,
    snapshotIsolation,
    signals: null,
    migrationLock,
  })
}

/** Held by the session: the transactions of a migration end while it lasts. */
export const migrationLock = {
  take: calling<{ taken: number | null }>('sp_getapplock', sql`, @LockMode = 'Exclusive', @LockTimeout = 0`),
  release: calling('sp_releaseapplock', sql``),
}

function calling<Answer>(procedure: string, options: RawBuilder<unknown>): RawBuilder<Answer> {
  return sql<Answer>`declare @answer int; exec @answer = sys.${sql.raw(procedure)} @Resource = ${sql.lit(MIGRATION_LOCK)}, @LockOwner = 'Session'${options}; select case when @answer >= 0 then 1 else 0 end as taken`
}

/** What a value of a session's context may hold. */
const CONTEXT_CHARS = 4000

/** A reason of more is cut, and half a character at the cut with it. */
const fitting = (text: string | null): string | null =>
  text === null ? null : text.slice(0, CONTEXT_CHARS).replace(/[\ud800-\udbff]$/, '')

type Context = Record<'actor' | 'node' | 'reason' | 'transaction' | 'origin', string | null>

/** The context stays with the session when its transaction ends: each write sets all of it, and clears it. */
function setContext(context: Context): RawBuilder<unknown> {
  const calls = Object.entries(context).map(
    ([name, value]) =>
      sql`exec sys.sp_set_session_context @key = N'pswebhost.${sql.raw(name)}', @value = ${value}, @read_only = 0`,
  )
  return sql.join(calls, sql`; `)
}

/**
 * Unique indexes take one NULL for equal to another: they leave such rows out. Others keep all rows where their
 * condition names a value: such an index is not used by a query that has a parameter for the value.
 */
function indexCondition(
  where: string | undefined,
  nullable: readonly string[],
  unique: boolean,
): string | null {
  if (!unique) return where === undefined || where.includes("'") ? null : where
  const given = where === undefined ? [] : [where]
  const conditions = new Set([...given, ...nullable.map((column) => `"${column}" is not null`)])
  return conditions.size === 0 ? null : [...conditions].join(' and ')
}

/** Text compares by its code points, as on every other dialect, whatever the database's language. */
const COLLATION = 'Latin1_General_100_BIN2'

function columnType(word: ColumnWord): string {
  if (word === 'whole' || word === 'flag') return 'int'
  if (word === 'bigint') return 'bigint'
  if (word === 'bytes') return 'varbinary(max)'
  if (word === 'longText' || word === 'json') return `nvarchar(max) collate ${COLLATION}`
  return `nvarchar(${lengthOf(word)}) collate ${COLLATION}`
}
