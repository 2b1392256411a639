/** The package `mssql` brings no types: what mssql-probe.ts uses of it. */
declare module 'mssql' {
  interface PoolConfig {
    server?: string
    port?: number
    database?: string
    user?: string
    password?: string
    domain?: string
    pool?: { max?: number; min?: number }
    options: Record<string, unknown>
  }

  interface ConnectionPool {
    connect(): Promise<unknown>
    query(text: string): Promise<{ recordset: Record<string, string>[] }>
    close(): Promise<void>
    on(event: 'error', listener: (error: unknown) => void): unknown
  }

  const mssql: {
    ConnectionPool: {
      new (config: PoolConfig): ConnectionPool
    }
  }
  export default mssql
}
