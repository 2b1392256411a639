import type { Connection } from './connection.ts'
import type { ColumnWord, Dialect, ServerConfig } from './dialect.ts'
import { lengthOf } from './lengths.ts'
import { faultOf } from './mssql-faults.ts'

/** SQL Server 2019 or newer. */
export const mssql: Dialect<ServerConfig> = {
  name: 'SqlServer',
  connect,
  whereOf: ({ database, server, port }) => `${database} on ${server}${port === null ? '' : `:${port}`}`,
  plugins: [],
  columnType,
  identity: 'bigint identity(1,1) not null primary key',
  tableOptions: '',
  indexCondition: (where) => where ?? null,
  transactionalDdl: true,
  captureObjects: () => [],
  installedObjects: async () => [],
  sequencedByTrigger: false,
  beginWrite: () => null,
  endWrite: () => null,
  faultOf,
  requirements: async () => [],
  serverVersion: async () => 'SQL Server',
}

function connect(): Promise<Connection> {
  return Promise.reject(new Error('in the making'))
}

const COLLATION = 'Latin1_General_100_BIN2'

function columnType(word: ColumnWord): string {
  if (word === 'whole' || word === 'flag') return 'int'
  if (word === 'bigint') return 'bigint'
  if (word === 'bytes') return 'varbinary(max)'
  if (word === 'longText' || word === 'json') return `nvarchar(max) collate ${COLLATION}`
  return `nvarchar(${lengthOf(word)}) collate ${COLLATION}`
}
