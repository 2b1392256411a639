import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Connection } from '../../src/main/cli/connect.ts'
import type { DatabaseTarget } from '../../src/shared/domain/database-target.ts'
import { AppError } from '../../src/shared/domain/errors.ts'
import { notOpened, pswebhost, type Setting } from '../support/command-line.ts'
import { admin } from '../support/node.ts'
import { newFolder, startLocalNode, type LocalNode } from '../support/local-node.ts'
import { copyResult } from '../support/memory-database.ts'

const TARGET = `# where we go
database:
  type: PostgreSQL
  connection:
    server: \${DB_HOST}
    database: cluster
    username: svc
    password: geheim-42
    tls: { ca: certs/ca.pem }
  options: { poolSize: 5 }
`

describe('commands of the cluster database', () => {
  let node: LocalNode
  let setting: Setting
  beforeEach(async () => {
    node = await startLocalNode()
    setting = { open: notOpened, controlPath: node.path, workingDir: await newFolder() }
  })
  afterEach(() => node.control.close())
  const write = (text: string): Promise<void> => writeFile(join(setting.workingDir, 'new.yaml'), text)

  it('migrate says what was applied', async () => {
    expect(await pswebhost('migrate', setting)).toEqual({
      code: 0,
      out: 'applied  0003-several-databases\nThe schema has version 3.\n',
      err: '',
    })
    expect(JSON.parse((await pswebhost('migrate --json', setting)).out)).toEqual({
      applied: ['0003-several-databases'],
      schemaVersion: 3,
    })
    node.services.database.migrate = async () => ({ applied: [], schemaVersion: 3 })
    expect((await pswebhost('migrate', setting)).out).toBe('Nothing to migrate: the schema has version 3.\n')
  })

  it('with another configuration than the node runs with is refused', async () => {
    const { file } = await node.services.settings.get(admin, { isLocal: true })
    const same = { ...setting, configFile: file }
    expect(await pswebhost('migrate', same)).toMatchObject({ code: 0 })
    const other = { ...setting, configFile: join(setting.workingDir, 'migrate.yaml') }
    const refused = await pswebhost('migrate', other)
    expect(refused).toMatchObject({ code: 3, out: '' })
    expect(refused.err).toContain(`The node runs with ${file}; stop it to use --config ${other.configFile}`)
  })

  it('migrate that is refused ends with 1, and with 3 where the database does not open', async () => {
    node.services.database.migrate = async () => {
      throw new AppError('CONFLICT', 'the database needs version 2 of this program')
    }
    expect(await pswebhost('migrate', setting)).toMatchObject({ code: 1, out: '' })
    const open = async (): Promise<Connection> => {
      throw Object.assign(new Error('db.example does not answer'), { exitCode: 3 })
    }
    const nobody = join(await newFolder(), 'control.sock')
    expect(await pswebhost('migrate', { ...setting, open, controlPath: nobody })).toMatchObject({ code: 3 })
  })

  it('copy-database reads the file by the rules of app.yaml and prints what was compared', async () => {
    await write(TARGET)
    const asked: DatabaseTarget[] = []
    const { copy } = node.services.database
    node.services.database.copy = (caller, target, options) => {
      asked.push(target)
      return copy(caller, target, options)
    }
    const variables = { DB_HOST: 'db.example' }
    const { code, out, err } = await pswebhost('copy-database --to new.yaml', { ...setting, variables })
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(
      /^TABLE +ROWS +SHA-256\nTasks +2 +(ab){32}\nCopied \/data\/pswebhost\.db to cluster on /,
    )
    expect(asked).toMatchObject([
      {
        type: 'PostgreSQL',
        connection: {
          ...{ server: 'db.example', port: null, username: 'svc', password: 'geheim-42' },
          tls: { ca: join(setting.workingDir, 'certs', 'ca.pem'), cert: null },
        },
        options: { timeout: 30, poolSize: 5 },
      },
    ])
  })

  it('copy-database shows progress to who watches, and one JSON document on stdout', async () => {
    await write('database: { type: SQLite, connection: { path: copy.db } }\n')
    const watched = await pswebhost('copy-database --to new.yaml --json', { ...setting, watched: true })
    expect(watched.err).toContain('copying Tasks 1/2')
    expect(watched.err).toContain('comparing Tasks 2/2')
    expect(JSON.parse(watched.out)).toEqual(copyResult(join(setting.workingDir, 'copy.db')))
  })

  it.each([
    ['', 'names no database'],
    ['api: { port: 80 }\n', 'names no database'],
    ['databse: { type: SQLite }\n', 'databse is not a known key; the nearest known key is database'],
    [
      'database: { type: SQLite, connection: { pfad: x } }\n',
      'database.connection.pfad is not a known key; the nearest known key is database.connection.path',
    ],
    ['database: { type: Oracle }\n', 'database.type has "Oracle"; it may be SQLite, PostgreSQL'],
    ['database: { type: MySQL, connection: { database: c } }\n', 'database.connection.server has no value'],
    [TARGET, 'has ${DB_HOST}, but the environment variable DB_HOST is not set'],
    ['database: [\n', 'is not YAML'],
  ])('copy-database ends with 2 before anything is asked for %j', async (text, message) => {
    await write(text)
    const result = await pswebhost('copy-database --to new.yaml', setting)
    expect(result).toMatchObject({ code: 2, out: '' })
    expect(result.err).toContain(message)
    expect(result.err).not.toContain('geheim-42')
    expect(node.callers).toEqual([])
  })

  it('copy-database names a file that is not there', async () => {
    const { code, err, out } = await pswebhost('copy-database --to none.yaml --json', setting)
    expect(code).toBe(2)
    expect(err).toContain(`--to has "${join(setting.workingDir, 'none.yaml')}"; it may be a file`)
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'BAD_REQUEST' } })
  })

  it('copy-database that is refused ends with 1 and the reason', async () => {
    await write('database: { type: SQLite, connection: { path: copy.db } }\n')
    node.services.database.copy = async () => {
      throw new AppError('CONFLICT', 'copy.db cannot be used: it holds tasks already.')
    }
    expect(await pswebhost('copy-database --to new.yaml', setting)).toEqual({
      code: 1,
      out: '',
      err: 'copy.db cannot be used: it holds tasks already.\n',
    })
  })
})
