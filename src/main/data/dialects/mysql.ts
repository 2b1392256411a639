import { sql } from 'kysely'
import { serverText } from '../../../shared/domain/database.ts'
import type { WriteScope } from '../../platform/write-context.ts'
import { openServer } from '../server/open-server.ts'
import type { Connection } from './connection.ts'
import type { ColumnWord, ConnectOptions, CopyWords, Dialect, ServerConfig } from './dialect.ts'
import { lengthOf } from './lengths.ts'
import { faultOf } from './mysql-faults.ts'
import { flavourOf, type Flavour } from './mysql-flavour.ts'
import { connectionLimit, requirements, serverVersion } from './mysql-requirements.ts'
import { captureObjects, installedObjects } from './mysql-triggers.ts'

/** Text compares byte by byte, trailing blanks included, as on every other dialect; each has its own name for that. */
const COLLATIONS = { MySQL: 'utf8mb4_0900_bin', MariaDB: 'utf8mb4_nopad_bin' } as const

const EXISTING_NAMES = `select table_name as name from information_schema.tables where table_schema = database()
  union select index_name as name from information_schema.statistics where table_schema = database()`

const VARIABLES = [
  '@pswebhost_actor',
  '@pswebhost_node',
  '@pswebhost_reason',
  '@pswebhost_transaction',
  '@pswebhost_origin',
]

const copyWords: CopyWords = {
  maxParameters: 8000,
  parameter: () => '?',
  byteLength: 'octet_length',
  withKeys: (_table, insert) => insert,
  countBehind: (table, _column, value) => [`alter table "${table}" auto_increment = ${value + 1}`],
}

/** MySQL 8.0.17 or newer, or MariaDB 10.11 or newer. */
export const mysqlOf = (flavour: Flavour): Dialect<ServerConfig> => ({
  name: 'MySQL',
  connect,
  exists: () => true,
  whereOf: serverText,
  plugins: [],
  columnType,
  identity: 'bigint not null auto_increment primary key',
  tableOptions: ` engine=InnoDB default character set utf8mb4 collate ${COLLATIONS[flavour]}`,
  // NULLs never collide in a unique index, and there are no partial ones.
  indexCondition: () => null,
  existingNames: EXISTING_NAMES,
  captureObjects: (tables, schemaVersion) => captureObjects(tables, schemaVersion, flavour),
  installedObjects,
  copyWords,
  sequencedByTrigger: false,
  sealsLog: true,
  beginWrite,
  endWrite: () => sql`set ${sql.join(VARIABLES.map((name) => sql`${sql.raw(name)} = null`))}`,
  faultOf,
  requirements,
  connectionLimit,
  serverVersion,
})

export const mysql: Dialect<ServerConfig> = mysqlOf('MySQL')

async function connect(options: ConnectOptions<ServerConfig>): Promise<Connection> {
  const { config } = options
  // Drivers are loaded with their first use: a node on a file needs none of them.
  const { MySqlDriver } = await import('@mikro-orm/mysql')
  const { askOnce, mysqlPool } = await import('../server/mysql-pool.ts')
  const version = await askOnce(config, 'select version() as answer', serverText(config))
  const flavour = flavourOf(version)
  const name = sql`concat('pswebhost.', database())`
  return openServer(options, {
    dialect: mysqlOf(flavour),
    driver: MySqlDriver,
    pool: (pool) => mysqlPool(config, pool, flavour),
    time: sql`concat(left(date_format(sysdate(3), '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z')`,
    snapshotIsolation: async () => 'repeatable read',
    signals: null,
    migrationLock: {
      take: sql`select get_lock(${name}, 0) as taken`,
      release: sql`select release_lock(${name})`,
    },
  })
}

/** Variables stay with the session when its transaction ends: each write sets all of them, and clears them. */
function beginWrite({ actor, nodeId, reason, transactionId, origin }: WriteScope) {
  const values = [actor, nodeId, reason, transactionId, origin]
  return sql`set ${sql.join(VARIABLES.map((name, index) => sql`${sql.raw(name)} = ${values[index] ?? null}`))}`
}

function columnType(word: ColumnWord): string {
  if (word === 'whole' || word === 'flag') return 'integer'
  if (word === 'bigint') return 'bigint'
  if (word === 'bytes') return 'longblob'
  if (word === 'longText' || word === 'json') return 'longtext'
  return `varchar(${lengthOf(word)})`
}
