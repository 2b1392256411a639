import type { AddressInfo } from 'node:net'
import { Kysely, sql } from 'kysely'
import { createServer, type Connection } from 'mysql2'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { ServerConfig } from '../../src/main/data/dialects/dialect.ts'
import { faultOf } from '../../src/main/data/dialects/mysql-faults.ts'
import { mysqlPool } from '../../src/main/data/server/mysql-pool.ts'

/** Sessions of MySQL and MariaDB on a server that answers what a test says. */

type Answer = (connection: Connection, statement: string) => void

const connected = async (answer: Answer) => {
  const lent: Connection[] = []
  let ended = 0
  const server = createServer((connection: Connection) => {
    lent.push(connection)
    connection.serverHandshake({
      ...{ protocolVersion: 10, serverVersion: '10.11.0-MariaDB', connectionId: lent.length },
      ...{ statusFlags: 2, characterSet: 45, capabilityFlags: 0xffffff },
      authCallback: (_: unknown, callback: (error: Error | null) => void) => callback(null),
    })
    connection.on('error', () => {})
    connection.on('end', () => (ended += 1))
    // Settings come as the second: mysql2 takes SET for the text of a prepared statement.
    for (const event of ['query', 'stmt_prepare'])
      connection.on(event, (statement: string) => answer(connection, statement))
  })
  server.listen(0)
  // Its own type hides what it listens with.
  const { _server } = server as unknown as {
    _server: { address(): AddressInfo; once(event: string, heard: () => void): void }
  }
  await new Promise<void>((resolve) => _server.once('listening', resolve))
  const pool = mysqlPool(
    { ...CONFIG, port: _server.address().port },
    { max: 1, timeoutSeconds: 0.5 },
    'MariaDB',
  )
  const db = new Kysely<object>({ dialect: pool })
  onTestFinished(async () => {
    await db.destroy()
    for (const connection of lent) connection.destroy()
    await new Promise<void>((resolve) => void server.close(() => resolve()))
  })
  return { db, sessions: () => lent.length, open: () => lent.length - ended }
}

const CONFIG: ServerConfig = {
  ...{ type: 'MySQL', server: '127.0.0.1', port: null, database: 'cluster', username: 'svc', password: 'x' },
  ...{ ssl: false, tls: { ca: null, cert: null, key: null }, integratedSecurity: false },
  ...{ poolSize: 3, enableChangeTracking: true, timeoutSeconds: 0.5, urgentTimeoutSeconds: 0.5 },
}

const ask = (db: Kysely<object>) => sql`do 1`.execute(db)

describe('a session that could not be set up', () => {
  it('is not used when the server refuses a setting; the next one is', async () => {
    let refuses = true
    const { db, sessions } = await connected((connection, statement) => {
      if (refuses && statement.startsWith('set session'))
        return connection.writeError({ message: 'no such mode', code: 1231 })
      connection.writeOk({ affectedRows: 0 })
    })
    await expect(ask(db)).rejects.toThrow('no such mode')
    refuses = false
    await ask(db)
    expect(sessions()).toBe(2)
  })

  it('is given up when the server does not answer a setting', { timeout: 20_000 }, async () => {
    let answers = false
    const { db, sessions } = await connected((connection) => {
      if (answers) connection.writeOk({ affectedRows: 0 })
    })
    await expect(ask(db)).rejects.toThrow(/timeout|lost/)
    answers = true
    await ask(db)
    expect(sessions()).toBe(2)
  })
})

describe('a session that lies idle', () => {
  it('is ended after a minute, and the next statement gets another one', async () => {
    const { db, sessions, open } = await connected((connection) => connection.writeOk({ affectedRows: 0 }))
    await ask(db)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 })
    onTestFinished(() => void vi.useRealTimers())
    await vi.waitFor(() => expect(open()).toBe(0), 5_000)
    await ask(db)
    expect(sessions()).toBe(2)
  })
})

describe('a refusal known by its number alone', () => {
  it.each([
    ['a statement that took too long', 1969, 'slow'],
    ['a connection that an administrator ended', 1927, 'away'],
    ['a session that was idle for too long', 4031, 'away'],
    ['a cluster that is not ready', 1047, 'away'],
    ['what nobody foresaw', 19690, undefined],
  ])('%s', async (_what, code, kind) => {
    const { db } = await connected((connection, statement) => {
      if (statement === 'do 1') return connection.writeError({ message: 'words of the server', code })
      connection.writeOk({ affectedRows: 0 })
    })
    const failure: unknown = await ask(db).catch((error: unknown) => error)
    expect(failure).toMatchObject({ errno: code })
    expect(faultOf(failure)?.kind).toBe(kind)
  })
})
