import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import type { ServerConfig } from '../../src/main/data/dialects/dialect.ts'
import { createDatabase } from '../../src/main/data/orm.ts'
import { databaseOptions } from '../support/databases.ts'
import { tempDir } from '../support/node.ts'
import { startMariadb } from '../support/servers/mariadb.ts'
import { startPostgres } from '../support/servers/postgres.ts'
import type { ServerOptions, TestServer } from '../support/servers/server.ts'
import { administrate, createTestDatabase, serverConfig } from '../support/servers/test-database.ts'

/** Made once, by fixtures/tls/make.sh: the server's is for the address 127.0.0.1, and for no name. */
const pem = (name: string): string => fileURLToPath(new URL(`fixtures/tls/${name}`, import.meta.url))

const CA = pem('ca.pem')
const NO_FILES: ServerConfig['tls'] = { ca: null, cert: null, key: null }
const CLIENT = { ca: CA, cert: pem('client.pem'), key: pem('client.key') }

interface Kind {
  name: TestServer['name']
  start: (options: ServerOptions) => Promise<TestServer>
  /** How this session is encrypted; null when it is not. */
  cipher: (db: OpenDatabase) => Promise<string | null>
  /** Statements that make an account which is let in with the client's certificate only. */
  strictAccount: readonly string[]
}

const KINDS: Kind[] = [
  {
    name: 'PostgreSQL',
    start: startPostgres,
    cipher: async (db) => {
      const { rows } = await sql<{ cipher: string | null }>`
        select cipher from pg_stat_ssl where pid = pg_backend_pid()`.execute(db.look)
      return rows[0]?.cipher ?? null
    },
    strictAccount: [],
  },
  {
    name: 'MariaDB',
    start: startMariadb,
    cipher: async (db) => {
      const { rows } = await sql<{ Value: string }>`show session status like 'Ssl_cipher'`.execute(db.look)
      return rows[0]?.Value || null
    },
    strictAccount: [
      `create user 'strict'@'%' identified by 'strict' require subject '/CN=node of tests'`,
      `grant all on *.* to 'strict'@'%'`,
    ],
  },
]

describe.each(KINDS)('$name over TLS', ({ start, cipher, strictAccount }) => {
  let server: TestServer | undefined
  let config: ServerConfig
  let reason = ''
  const opened: OpenDatabase[] = []

  beforeAll(async () => {
    const tls = { cert: pem('server.pem'), key: pem('server.key'), ca: CA }
    try {
      server = await start({ tls })
    } catch (error) {
      reason = String(error)
      return
    }
    config = serverConfig(server, await createTestDatabase(server))
  })
  afterEach(async () => {
    for (const db of opened.splice(0)) await db.close()
  })
  afterAll(() => server?.close())

  const open = async (given: Partial<ServerConfig>): Promise<OpenDatabase> => {
    const db = await createDatabase(databaseOptions({ ...config, ...given }))
    opened.push(db)
    return db
  }
  /** The message of a refusal. */
  const refusal = async (given: Partial<ServerConfig>): Promise<string> => {
    const outcome = await open(given).then(
      () => 'was let in',
      (error: unknown) => error,
    )
    expect(outcome).toMatchObject({ code: 'UNAVAILABLE', kind: 'unusable' })
    return outcome instanceof Error ? outcome.message : String(outcome)
  }
  const test = (name: string, work: () => Promise<void>) =>
    it(name, async (context) => {
      if (!server) return context.skip(`no server to start: ${reason}`)
      await work()
    })

  test('is not used to a server on this machine, unless it is asked for', async () => {
    expect(await cipher(await open({ ssl: null }))).toBeNull()
    expect(await cipher(await open({ ssl: false, tls: { ...NO_FILES, ca: CA } }))).toBeNull()
    expect(await cipher(await open({ ssl: null, tls: { ...NO_FILES, ca: CA } }))).not.toBeNull()
    expect(await refusal({ ssl: null, tls: { ...CLIENT, ca: null } })).toContain('database.connection.tls.ca')
  })

  test('encrypts every connection, and takes a certificate whose signer is named', async () => {
    const db = await open({ ssl: true, tls: { ...NO_FILES, ca: CA } })
    expect(await cipher(db)).toMatch(/^TLS_|^ECDHE/)
    // The others of this node: that of lists, and that of leases.
    const lists = { ...db, look: db.read }
    const leases = { ...db, look: db.urgent.em.fork().getKysely() as unknown as OpenDatabase['look'] }
    for (const one of [lists, leases]) expect(await cipher(one)).toMatch(/^TLS_|^ECDHE/)
  })

  test('refuses a certificate whose signer is unknown, or another one than named', async () => {
    for (const ca of [null, pem('other-ca.pem')])
      expect(await refusal({ ssl: true, tls: { ...NO_FILES, ca } })).toMatch(/database\.connection\.tls\.ca/)
  })

  test('refuses a certificate for another name', async () => {
    const message = await refusal({ server: 'localhost', ssl: true, tls: { ...NO_FILES, ca: CA } })
    expect(message).toMatch(/certificate for another name; use that name as database\.connection\.server/)
  })

  test('checks no certificate when told so, and still encrypts', async () => {
    for (const given of [{}, { server: 'localhost' }, { tls: { ...NO_FILES, ca: pem('other-ca.pem') } }])
      expect(await cipher(await open({ ssl: 'no-verify', ...given }))).toMatch(/^TLS_|^ECDHE/)
  })

  test('shows the certificate of the node to a server that asks for it', async () => {
    if (strictAccount.length === 0) {
      const db = await open({ ssl: true, tls: CLIENT })
      const { rows } = await sql<{ dn: string | null }>`
        select client_dn as dn from pg_stat_ssl where pid = pg_backend_pid()`.execute(db.look)
      expect(rows).toEqual([{ dn: '/CN=node of tests' }])
      return
    }
    if (server) for (const statement of strictAccount) await administrate(server, statement)
    const strict = { username: 'strict', password: 'strict', ssl: true } as const
    expect(await cipher(await open({ ...strict, tls: CLIENT }))).not.toBeNull()
    expect(await refusal({ ...strict, tls: { ...NO_FILES, ca: CA } })).toContain('refuses the account')
  })

  test('names the file that cannot be read, or is none', async () => {
    await expect(open({ ssl: true, tls: { ...NO_FILES, ca: '/nowhere/ca.pem' } })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringContaining('/nowhere/ca.pem cannot be read') as string,
    })
    const junk = join(await tempDir(), 'key.pem')
    await writeFile(junk, 'dear diary')
    for (const name of ['ca', 'cert', 'key'])
      await expect(open({ ssl: true, tls: { ...CLIENT, [name]: junk } })).rejects.toMatchObject({
        code: 'BAD_REQUEST',
        message: expect.stringContaining(`database.connection.tls.${name}: ${junk} is no `) as string,
      })
  })
})
