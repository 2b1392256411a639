import { readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSettingsFile } from '../../src/main/config/settings-file.ts'
import { openNodeKey } from '../../src/main/platform/secrets/node-key.ts'
import { databaseTargetSchema, type DatabaseTargetInput } from '../../src/shared/domain/database-target.ts'
import { AppError } from '../../src/shared/domain/errors.ts'
import { isPosix, modeOf, temporaryFolders } from './support.ts'
import { DEFAULT_CONFIG } from '../../src/main/config/default-config.ts'

const folder = temporaryFolders()

const SERVER = `# our cluster
database:
  type: PostgreSQL # shared
  connection:
    server:   \${DB_HOST}   # two spaces
    database: "PSWebHost"
    # rotated in May
    password: \${DB_PASSWORD}   # ask Ann
    username: 'svc'

  options: { timeout: 60,   poolSize: 5 }
retention:
  historyDays: 30 # a month
`
const VARIABLES = { DB_HOST: 'db.example', DB_PASSWORD: 'geheim-42' }
const ON_SERVER = {
  server: 'db.example',
  database: 'PSWebHost',
  username: 'svc',
  password: { secret: true },
} as const

const open = async (text: string, root = folder()) => {
  const file = join(root, 'app.yaml')
  await writeFile(file, text)
  const nodeKey = await openNodeKey(join(root, 'secret.key'))
  const { database: block } = await openSettingsFile({
    ...{ file, root, nodeKey, insecure: false, variables: VARIABLES },
  })
  const put = async (target: DatabaseTargetInput): Promise<void> => {
    const { version, section } = await block.read()
    await block.replace(version, block.sectionOf(databaseTargetSchema.parse(target), section))
  }
  const refusal = async (target: DatabaseTargetInput): Promise<AppError> => {
    const { section } = await block.read()
    try {
      block.sectionOf(databaseTargetSchema.parse(target), section)
    } catch (error) {
      if (error instanceof AppError) return error
    }
    throw new Error('the target was accepted')
  }
  return { root, file, block, put, refusal, text: () => readFile(file, 'utf8') }
}

describe('the database of app.yaml', () => {
  it('is read with variables replaced and defaults filled in', async () => {
    const { block } = await open(SERVER)
    const { section } = await block.read()
    expect(section.connection).toMatchObject({ server: 'db.example', port: null, password: 'geheim-42' })
    expect(section.options).toMatchObject({ timeout: 60, poolSize: 5, compressionLevel: 6 })
    expect(block.atStart).toEqual(section)
  })

  it('is changed key by key: comments, order, variables and what stays are as they were', async () => {
    const { put, text } = await open(SERVER)
    await put({ type: 'PostgreSQL', connection: { ...ON_SERVER, port: 5432, database: 'other' } })
    expect(await text()).toBe(
      SERVER.replace('"PSWebHost"', 'other').replace('  connection:\n', '  connection:\n    port: 5432\n'),
    )
  })

  it('takes the places of a fresh file, where every key is a comment', async () => {
    const { put, text, block } = await open(DEFAULT_CONFIG)
    await put({
      type: 'MySQL',
      connection: {
        ...{ server: 'db.example', port: 3307, database: 'cluster', username: 'svc', ssl: 'no-verify' },
        tls: { ca: 'ca.pem' },
      },
      options: { poolSize: 8 },
    })
    const changed = (await text())
      .split('\n')
      .filter((line, at) => line !== DEFAULT_CONFIG.split('\n')[at])
      .map((line) => line.trim())
    expect(changed).toEqual([
      'type: MySQL',
      'server: db.example',
      'port: 3307',
      'database: cluster',
      'username: svc',
      'ssl: no-verify',
      'ca: ca.pem',
      'poolSize: 8',
    ])
    expect((await block.read()).section.connection.tls.ca).toBe('ca.pem')
  })

  it('has a new password encrypted at once, and a text of ${ is not replaced later', async () => {
    const { put, text, block } = await open(SERVER)
    await put({ type: 'MySQL', connection: { ...ON_SERVER, username: '${odd}', password: 'pa${ss}' } })
    const after = await text()
    expect(after).toMatch(/password: encrypted:x1\.[\w-]+ {3}# ask Ann/)
    expect(after).not.toContain('pa${ss}')
    const { connection } = (await block.read()).section
    expect([connection.username, connection.password]).toEqual(['${odd}', 'pa${ss}'])
  })

  it('keeps a copy of the file as it was before, for this user only', async () => {
    const { put, block } = await open(SERVER)
    expect(await block.hasBefore()).toBe(false)
    await put({ type: 'SQLite', connection: { path: 'other.db' } })
    expect(await block.hasBefore()).toBe(true)
    expect(await readFile(block.before, 'utf8')).toBe(SERVER)
    if (isPosix) expect(await modeOf(block.before)).toBe(0o600)
  })

  it('of SQLite leaves the account of the server before where it is', async () => {
    const { put, text } = await open(SERVER)
    await put({ type: 'SQLite', connection: { path: 'other.db' } })
    expect(await text()).toBe(
      SERVER.replace('type: PostgreSQL', 'type: SQLite').replace(
        '  connection:\n',
        '  connection:\n    path: other.db\n',
      ),
    )
  })

  it('is not replaced in a file that somebody changed meanwhile', async () => {
    const { block, file, text } = await open(SERVER)
    const { version, section } = await block.read()
    await writeFile(file, `${SERVER}# by hand\n`)
    const target = databaseTargetSchema.parse({ type: 'SQLite' })
    const refused = block.replace(version, block.sectionOf(target, section))
    await expect(refused).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await text()).toBe(`${SERVER}# by hand\n`)
    expect(await block.hasBefore()).toBe(false)
  })

  it('names what is wrong with a file that does not hold any more', async () => {
    const { block, file } = await open(SERVER)
    await writeFile(file, SERVER.replace('historyDays: 30', 'historyDays: 0'))
    await expect(block.read()).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      issues: [{ path: ['retention', 'historyDays'] }],
    })
    await writeFile(file, 'database: [')
    await expect(block.read()).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  it.runIf(isPosix)('is replaced in the file behind a link, and the link stays', async () => {
    const [root, elsewhere] = [folder(), folder()]
    await writeFile(join(elsewhere, 'real.yaml'), '')
    await symlink(join(elsewhere, 'real.yaml'), join(root, 'app.yaml'))
    const { put } = await open(SERVER, root)
    await put({ type: 'SQLite' })
    expect(await readFile(join(elsewhere, 'real.yaml'), 'utf8')).toContain('type: SQLite')
  })
})

describe('a target', () => {
  it('has the password of the file for the same type, server, port and account', async () => {
    const { block } = await open(SERVER)
    const { section } = await block.read()
    const target = databaseTargetSchema.parse({
      type: 'PostgreSQL',
      connection: { ...ON_SERVER, database: 'other' },
    })
    expect(block.sectionOf(target, section).connection.password).toBe('geheim-42')
  })

  it.each([
    ['another server', { type: 'PostgreSQL', connection: { ...ON_SERVER, server: 'evil.example' } }],
    ['another port', { type: 'PostgreSQL', connection: { ...ON_SERVER, port: 6000 } }],
    ['another account', { type: 'PostgreSQL', connection: { ...ON_SERVER, username: 'root' } }],
    ['another type', { type: 'MySQL', connection: ON_SERVER }],
  ] as const)('never takes it to %s', async (_, target) => {
    const { refusal } = await open(SERVER)
    const { code, message, issues } = await refusal(target)
    expect([code, issues?.[0]?.path]).toEqual(['BAD_REQUEST', ['target', 'connection', 'password']])
    expect(message).toContain('write the password itself')
    expect(message).not.toContain('geheim')
  })

  it('may not keep a password that is not there', async () => {
    const { refusal } = await open(SERVER.replace(/ {4}password.*\n/, ''))
    expect((await refusal({ type: 'PostgreSQL', connection: ON_SERVER })).message).toContain(
      'is not in the file',
    )
  })

  it('may have one that this node encrypted, and not one of another node', async () => {
    const { block, put, text, refusal } = await open(SERVER)
    await put({ type: 'PostgreSQL', connection: { ...ON_SERVER, password: 'new one' } })
    const sealed = /password: (encrypted:\S+)/.exec(await text())?.[1] ?? ''
    const { section } = await block.read()
    const target = databaseTargetSchema.parse({
      type: 'MySQL',
      connection: { server: 'b', database: 'c', password: sealed },
    })
    expect(block.sectionOf(target, section).connection.password).toBe('new one')
    const foreign = { server: 'b', database: 'c', password: 'encrypted:x1.AAAA' }
    expect((await refusal({ type: 'MySQL', connection: foreign })).message).toContain('does not open')
  })

  it.each([
    [{ type: 'PostgreSQL', connection: { database: 'c' } }, ['server'], 'host name of the server'],
    [{ type: 'PostgreSQL', connection: { server: 'b' } }, ['database'], 'name of the database'],
    [
      { type: 'MySQL', connection: { server: 'b', database: 'c', integratedSecurity: true } },
      ['integratedSecurity'],
      'no integrated security',
    ],
    [
      { type: 'MySQL', connection: { server: 'b', database: 'c', tls: { cert: 'c.pem' } } },
      ['tls', 'key'],
      'key of tls.cert',
    ],
    [
      { type: 'MySQL', connection: { server: 'b', database: 'c', ssl: false, tls: { ca: 'c.pem' } } },
      ['ssl'],
      'true while tls.ca is given',
    ],
  ] satisfies [DatabaseTargetInput, string[], string][])(
    'is held to the rules of the file: %j',
    async (...given) => {
      const [target, field, message] = given
      const { refusal } = await open(SERVER)
      const { code, issues } = await refusal(target)
      expect(code).toBe('BAD_REQUEST')
      expect(issues?.[0]).toMatchObject({
        path: ['target', 'connection', ...field],
        message: expect.stringContaining(message) as string,
      })
    },
  )
})
