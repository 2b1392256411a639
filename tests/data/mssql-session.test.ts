import { UnicodeString } from '@mikro-orm/mssql'
import { Kysely, sql } from 'kysely'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ServerConfig } from '../../src/main/data/dialects/dialect.ts'
import { faultOf } from '../../src/main/data/dialects/mssql-faults.ts'
import { mssqlQueries } from '../../src/main/data/server/mssql-queries.ts'
import { mssqlOptions, mssqlPool } from '../../src/main/data/server/mssql-pool.ts'
import { guardedDialect } from '../../src/main/data/server/guarded-dialect.ts'
import { probeMssql } from '../../src/main/data/server/mssql-probe.ts'
import { probeDatabase } from '../../src/main/data/probe.ts'
import { databaseOptions } from '../support/databases.ts'
import { createTurns } from '../../src/main/data/server/turns.ts'
import {
  begun,
  bigRow,
  done,
  failure,
  rolledBack,
  startTdsServer,
  welcome,
  type TdsRequest,
} from '../support/tds-server.ts'

/** The driver against a server that only speaks the protocol: what is sent, and what is made of the answers. */

const CONFIG: ServerConfig = {
  type: 'SqlServer',
  server: '127.0.0.1',
  port: null,
  database: 'cluster',
  username: 'node',
  password: 'secret',
  ssl: null,
  tls: { ca: null, cert: null, key: null },
  integratedSecurity: false,
  poolSize: 3,
  enableChangeTracking: true,
  timeoutSeconds: 5,
  urgentTimeoutSeconds: 5,
}

const cleanUps: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

/** Logs everybody in and answers nothing but what the test says. */
const connected = async (answer: (request: TdsRequest) => Buffer | undefined) => {
  const server = await startTdsServer((request) => {
    if (request.kind === 'login') return welcome()
    return answer(request)
  })
  const pool = mssqlPool({ ...CONFIG, port: server.port }, { max: 1, timeoutSeconds: 5 })
  const db = new Kysely<object>({
    dialect: guardedDialect(pool, {
      guard: { unheard: (work) => work(), statement: (work) => work() },
      turns: createTurns({ max: 1, timeoutSeconds: 5 }, 'cluster'),
      refuse: () => {},
    }),
    plugins: [mssqlQueries],
  })
  cleanUps.push(
    () => server.close(),
    () => db.destroy(),
  )
  return { db, server }
}

const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  )
const isOurs = ({ text }: TdsRequest, part: string): boolean => text.includes(part)

describe('SQL Server: a session', () => {
  it('is set up before its first statement', async () => {
    const { db, server } = await connected(() => done())
    await sql`select 7`.execute(db)
    const sent = server.requests.map(({ kind, text }) => [kind, text] as const)
    const settings = sent.findIndex(
      ([kind, text]) => kind === 'batch' && text.includes('set lock_timeout 5000'),
    )
    const statement = sent.findIndex(([kind, text]) => kind === 'rpc' && text.includes('select 7'))
    expect(settings).toBeGreaterThan(0)
    expect(sent[settings]?.[1]).toContain(
      'set xact_abort on; set implicit_transactions off; set transaction isolation level read committed',
    )
    expect(statement).toBeGreaterThan(settings)
  })

  it('gives whole numbers of 64 bits as numbers where they are exact', async () => {
    const { db } = await connected((request) =>
      isOurs(request, 'select big')
        ? Buffer.concat([bigRow(['a', 41n], ['b', 9007199254740993n]), done(1)])
        : done(),
    )
    const { rows } = await sql`select big`.execute(db)
    expect(rows).toEqual([{ a: 41, b: '9007199254740993' }])
  })

  it("sends texts of MikroORM's wrapper, bytes of any array and short texts as one type", async () => {
    const { db, server } = await connected(() => done())
    await sql`select ${new UnicodeString('wörd')}, ${new Uint8Array([1, 2])}, ${null}`.execute(db)
    const text = server.requests.map((request) => request.text).find((one) => one.includes('select @1'))
    expect(text).toContain('select @1, @2, null')
    expect(text).toContain('@1 nvarchar(4000), @2 varbinary(2)')
    expect(text).toContain('wörd')
  })

  it('takes the first of several errors for what happened', async () => {
    const { db } = await connected((request) =>
      isOurs(request, 'insert')
        ? Buffer.concat([
            failure(
              2627,
              "Violation of PRIMARY KEY constraint 'pk_tasks'. Cannot insert duplicate key in object 'dbo.Tasks'.",
            ),
            failure(3609, 'The transaction ended in the trigger. The batch has been aborted.'),
            done(),
          ])
        : done(),
    )
    const error = await errorOf(sql`insert`.execute(db))
    expect(error).toMatchObject({ number: 2627, cause: { number: 3609 } })
    expect(faultOf(error)).toEqual({ kind: 'duplicate', text: 'pk_tasks' })
  })

  it('does not roll back what the server has taken back, and lends the connection again', async () => {
    const { db, server } = await connected((request) => {
      if (request.kind === 'transaction') return Buffer.concat([begun(), done()])
      if (!isOurs(request, 'update')) return done()
      return Buffer.concat([failure(1205, 'chosen as the deadlock victim'), rolledBack(), done()])
    })
    const error = await errorOf(db.transaction().execute((tx) => sql`update`.execute(tx)))
    expect(faultOf(error)?.kind).toBe('replay')
    expect(server.requests.filter(({ kind }) => kind === 'transaction')).toHaveLength(1)
    await sql`select 7`.execute(db)
  })

  it('is replaced when it was lost, and nothing is printed', async () => {
    const printed = vi.spyOn(console, 'error')
    let lost = false
    const { db } = await connected((request) => {
      if (!isOurs(request, 'select 8') || lost) return done()
      lost = true
      return undefined
    })
    expect(faultOf(await errorOf(sql`select 8`.execute(db)))?.kind).toBe('away')
    await sql`select 8`.execute(db)
    expect(printed).not.toHaveBeenCalled()
  })
})

describe('SQL Server: a refused login', () => {
  const refused = () =>
    startTdsServer(() =>
      Buffer.concat([
        failure(4060, 'Cannot open database "cluster" requested by the login. The login failed.'),
        failure(18456, "Login failed for user 'node'."),
        done(),
      ]),
    )

  it('says what the server said first', async () => {
    const server = await refused()
    cleanUps.push(() => server.close())
    const dialect = mssqlPool({ ...CONFIG, port: server.port }, { max: 1, timeoutSeconds: 5 })
    const db = new Kysely<object>({ dialect })
    const error = await errorOf(sql`select 1`.execute(db))
    await db.destroy()
    expect(error).toMatchObject({
      number: 4060,
      message: expect.stringContaining('Cannot open database') as string,
    })
    expect(faultOf(error)?.text).toContain('does not exist, or is closed to this account')
  })

  it('is refused to a probe too', async () => {
    const server = await refused()
    cleanUps.push(() => server.close())
    const config = { ...CONFIG, port: server.port }
    const error = await errorOf(probeMssql(config, 'cluster on db'))
    expect(error).toMatchObject({ code: 'UNAVAILABLE', kind: 'unusable' })
    expect(await probeDatabase(databaseOptions(config))).toMatchObject({
      ok: false,
      checks: [
        { id: 'connection', ok: false, detail: expect.stringContaining('refuses the account') as string },
      ],
    })
  })
})

describe('SQL Server: how it is connected to', () => {
  const options = (config: Partial<ServerConfig>) => mssqlOptions({ ...CONFIG, ...config }, 30)

  it.each<[string, Partial<ServerConfig>, object]>([
    ['the usual port', {}, { port: 1433 }],
    ['a port', { port: 1444 }, { port: 1444 }],
    ['an instance', { server: 'db\\sales' }, { instanceName: 'sales' }],
    ['the port of an instance', { server: 'db\\sales', port: 1444 }, { port: 1444 }],
    ['encryption of another machine', { server: 'db' }, { encrypt: true, trustServerCertificate: false }],
    [
      'encryption without a check',
      { server: 'db', ssl: 'no-verify' },
      { encrypt: true, trustServerCertificate: true },
    ],
    ['no encryption', { server: 'db', ssl: false }, { encrypt: false }],
  ])('takes %s', (_what, config, expected) => {
    expect(options(config).options).toMatchObject(expected)
  })

  it('signs in with a login, or with a Windows account and its password', () => {
    expect(options({}).authentication).toEqual({
      type: 'default',
      options: { userName: 'node', password: 'secret' },
    })
    expect(options({ username: 'CORP\\node', integratedSecurity: true }).authentication).toEqual({
      type: 'ntlm',
      options: { domain: 'CORP', userName: 'node', password: 'secret' },
    })
  })

  it('says that it cannot sign in as the account of its process', () => {
    expect(() => options({ username: null, password: null, integratedSecurity: true })).toThrow(
      /integratedSecurity: the driver cannot sign in as the account that runs this program/,
    )
  })
})
