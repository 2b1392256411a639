/** A database server that tests may use: started for this run, or named by an environment variable. */
export interface ServerAddress {
  /** In the titles of tests. */
  name: 'PostgreSQL' | 'MariaDB' | 'MySQL' | 'SQL Server'
  /** `database.type` of app.yaml. */
  type: 'PostgreSQL' | 'MySQL' | 'SqlServer'
  version: string
  host: string
  port: number
  /** May create databases and accounts. */
  username: string
  password: string
  /** Where there is none, each database is migrated. */
  template?: SchemaTemplate
}

/** A database that was migrated and never used, for others to be copies of. */
export interface SchemaTemplate {
  database: string
  /** What makes its tables and triggers, and fills them as they are; none where the server copies by itself. */
  statements: string[]
}

/**
 * Runs SQL in a database by the server's own command-line client (psql, mariadb): a write past our program.
 * Answers what it printed, a row per line without headings; rejects with its complaint at the first statement
 * that fails.
 */
export type CommandLineClient = (database: string, sql: string) => Promise<string>

/**
 * A private server of one run: its own folder, its own port, an account without rights on the machine. It ends
 * with the process that started it, however that one ends.
 */
export interface TestServer extends ServerAddress {
  /** Undefined when it is not installed. */
  client?: CommandLineClient | undefined
  /** Ends it at once, as a crash would; answers when it is down. What was committed is kept. */
  stop(): Promise<void>
  /** Starts it again, on the same port with the same data. */
  start(): Promise<void>
  /** Ends it and removes its data. */
  close(): Promise<void>
}

/** There is no such server on this machine, which is no failure: its tests are left out. */
export class NotInstalled extends Error {}

export interface ServerOptions {
  /** Paths of PEM files: the server then also speaks TLS. With `ca` it asks for the certificate of a client. */
  tls?: { cert: string; key: string; ca?: string }
}
