import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import { describe, expect, inject, it, onTestFinished } from 'vitest'
import { findMariadbServer } from '../../scripts/setup/database-programs.mjs'
import { eventually } from '../support/eventually.ts'
import { startMariadb } from '../support/servers/mariadb.ts'
import { startPostgres } from '../support/servers/postgres.ts'
import type { ServerAddress, TestServer, ServerOptions } from '../support/servers/server.ts'

const FIXTURES = join(import.meta.dirname, '..', 'import', 'fixtures')
const CERTIFICATE = {
  cert: join(FIXTURES, 'certificate.pem'),
  key: join(FIXTURES, 'certificate-key.pem'),
}

/** Asks over the network, as the program does; with TLS when `encrypted`. Answers the first value. */
const ask = async (server: ServerAddress, question: string, encrypted = false): Promise<string> => {
  const { type, host, port, username: user, password } = server
  const ssl = encrypted ? { ssl: { rejectUnauthorized: false } } : {}
  if (type === 'PostgreSQL') {
    const client = new pg.Client({ host, port, user, password, database: 'postgres', ...ssl })
    await client.connect()
    const { rows } = await client.query<unknown[]>({ text: question, rowMode: 'array' })
    await client.end()
    return String(rows[0]?.[0])
  }
  const connection = await createConnection({ host, port, user, password, rowsAsArray: true, ...ssl })
  const [rows] = await connection.query(question).finally(() => connection.end())
  return String((rows as unknown[][])[0]?.at(-1))
}

describe.each(inject('servers').filter(({ type }) => type !== 'SqlServer'))(
  '$name that all tests share',
  (server) => {
    it('answers with its version and takes no wrong password', async () => {
      expect(await ask(server, 'select version()')).toContain(server.version)
      await expect(ask({ ...server, password: 'wrong' }, 'select 1')).rejects.toThrow(/password|denied/)
    })
  },
)

interface Startable {
  name: string
  /** Where `start` is exported, for a process that is not this one. */
  file: string
  start: (options?: ServerOptions) => Promise<TestServer>
  isHere: boolean
  /** A database that is there from the beginning. */
  database: string
  tlsQuestion: string
  newAccount: string
}

const STARTABLE: Startable[] = [
  {
    name: 'PostgreSQL',
    file: 'postgres.ts',
    start: startPostgres,
    isHere: true,
    database: 'postgres',
    tlsQuestion: 'select version from pg_stat_ssl where pid = pg_backend_pid()',
    newAccount: "create role guest login password 'secret'",
  },
  {
    name: 'MariaDB',
    file: 'mariadb.ts',
    start: startMariadb,
    isHere: findMariadbServer() !== undefined,
    database: 'mysql',
    tlsQuestion: "show status like 'Ssl_version'",
    newAccount: "create user guest@'127.0.0.1' identified by 'secret'",
  },
]

/** The only folder for temporary files during the test; the server's account may enter it. */
const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'pswebhost-servers-'))
  chmodSync(folder, 0o755)
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = folder
  onTestFinished(() => {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

/** Starts a server, says its port and goes on. */
const scriptOf = (file: string): string => `
  import * as module from '${new URL(`../support/servers/${file}`, import.meta.url).href}'
  const server = await Object.values(module)[0]()
  console.log(server.port)
  setInterval(() => {}, 1000)`

for (const { name, file, start, isHere, database, tlsQuestion, newAccount } of STARTABLE) {
  describe.skipIf(!isHere)(`${name} of the test's own`, () => {
    const started = async (options?: ServerOptions): Promise<TestServer> => {
      const server = await start(options)
      onTestFinished(() => server.close())
      return server
    }

    it('keeps port, data and accounts when it is stopped and started again', async () => {
      const server = await started()
      const { client } = server
      await ask(server, 'create database kept')
      await ask(server, newAccount)
      await client?.('kept', "create table texts (text varchar(20)); insert into texts values ('Zoë')")
      await server.stop()
      expect(await answers(server.port)).toBe(false)
      await server.stop()
      await server.start()
      expect(await ask({ ...server, username: 'guest', password: 'secret' }, 'select 1')).toBe('1')
      if (client) expect(await client('kept', 'select text from texts')).toBe('Zoë\n')
    })

    it('tells what its command-line client complained of', async ({ skip }) => {
      const { client } = await started()
      if (!client) skip('the client is not installed')
      await expect(client?.(database, 'select nothing_such')).rejects.toThrow(/nothing_such/)
    })

    it('leaves nothing when it is closed, twice or stopped before', async () => {
      const folder = temporaryFolder()
      const server = await start()
      expect(readdirSync(folder)).toHaveLength(1)
      await server.stop()
      await server.close()
      await server.close()
      expect(readdirSync(folder)).toEqual([])
    })

    it('leaves nothing, and says why, when it cannot start', async () => {
      const folder = temporaryFolder()
      const keyTwice = { cert: CERTIFICATE.key, key: CERTIFICATE.key }
      await expect(start({ tls: keyTwice })).rejects.toThrow(/ended before it was ready: [^]*SSL|certificate/)
      expect(readdirSync(folder)).toEqual([])
    })

    it('speaks TLS with a certificate that it is given', async () => {
      const server = await started({ tls: CERTIFICATE })
      expect(await ask(server, tlsQuestion, true)).toMatch(/^TLSv1\.[23]$/)
      expect(await ask(server, 'select 1')).toBe('1')
    })

    it('ends, and leaves nothing, when the process that started it is killed', async () => {
      const folder = temporaryFolder()
      const owner = spawn(process.execPath, ['--input-type=module', '--eval', scriptOf(file)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      onTestFinished(() => void owner.kill('SIGKILL'))
      const port = Number(String((await once(owner.stdout, 'data'))[0]))
      expect(await answers(port)).toBe(true)
      owner.kill('SIGKILL')
      await eventually(async () => !(await answers(port)) && readdirSync(folder).length === 0)
    })

    it('leaves nothing when that process is killed while it starts', async () => {
      const folder = temporaryFolder()
      const owner = spawn(process.execPath, ['--input-type=module', '--eval', scriptOf(file)])
      onTestFinished(() => void owner.kill('SIGKILL'))
      await eventually(() => readdirSync(folder).some((name) => existsSync(join(folder, name, 'data'))))
      owner.kill('SIGKILL')
      await eventually(() => readdirSync(folder).length === 0)
    })
  })
}
