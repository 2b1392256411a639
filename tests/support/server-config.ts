import type { ServerAddress } from './servers/server.ts'

/** The `database` group of app.yaml for a database on a test server. */
export const databaseYaml = (
  { type, host, port, username, password }: ServerAddress,
  database: string,
): string => `database:
  type: ${type}
  connection:
    server: ${host}
    port: ${port}
    database: ${database}
    username: ${username}
    password: ${JSON.stringify(password)}
`
