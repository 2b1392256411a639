import { createConnection } from 'mysql2/promise'
import { Connection, Request } from 'tedious'
import type { ServerAddress } from './server.ts'

/*
 * Servers that tests do not start: whoever runs them says where one is. Its account may create databases, and
 * the tests remove those that they made.
 */

interface GivenServer {
  name: 'MySQL' | 'SQL Server'
  type: ServerAddress['type']
  /** An address such as `mysql://user:password@host:3306`. */
  variable: string
  defaultPort: number
  /** Asks the server, so that one which cannot be reached is found out before any test. */
  version: (address: Omit<ServerAddress, 'version'>) => Promise<string>
}

const mysqlVersion: GivenServer['version'] = async ({ host, port, username: user, password }) => {
  const connection = await createConnection({ host, port, user, password })
  const [rows] = await connection.query('select version() as version').finally(() => connection.end())
  return String((rows as { version: unknown }[])[0]?.version)
}

const mssqlVersion: GivenServer['version'] = ({ host, port, username, password }) => {
  const connection = new Connection({
    server: host,
    authentication: { type: 'default', options: { userName: username, password } },
    options: { port, trustServerCertificate: true },
  })
  const question = "select cast(serverproperty('ProductVersion') as nvarchar(50))"
  const answer = new Promise<string>((resolve, reject) => {
    const request = new Request(question, (error) => error && reject(error))
    request.on('row', (columns: { value: unknown }[]) => resolve(String(columns[0]?.value)))
    connection.connect((error) => (error ? reject(error) : connection.execSql(request)))
  })
  return answer.finally(() => connection.close())
}

export const GIVEN_SERVERS: GivenServer[] = [
  { name: 'MySQL', type: 'MySQL', variable: 'TEST_MYSQL_URL', defaultPort: 3306, version: mysqlVersion },
  {
    name: 'SQL Server',
    type: 'SqlServer',
    variable: 'TEST_MSSQL_URL',
    defaultPort: 1433,
    version: mssqlVersion,
  },
]

/** Where the server of this address is; rejects when it does not answer. */
export const givenServer = async (given: GivenServer, text: string): Promise<ServerAddress> => {
  const url = new URL(text)
  const address = {
    name: given.name,
    type: given.type,
    host: url.hostname,
    port: url.port === '' ? given.defaultPort : Number(url.port),
    username: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
  }
  return { ...address, version: await given.version(address) }
}
