import { existsSync, statSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readInfo } from '../../src/main/data/cluster-info.ts'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { createDatabase } from '../../src/main/data/orm.ts'
import { isNewer } from '../../src/main/data/migrate.ts'
import { steps } from '../../src/main/data/migrations/index.ts'
import { optional, required, type SchemaStep } from '../../src/main/data/migrations/schema-step.ts'
import { openSqlite } from '../../src/main/data/sqlite/open-sqlite.ts'
import { sqliteOptions, type TestDatabaseOptions } from '../support/databases.ts'
import { taskRow } from './rows.ts'

/** The schema version of this program. */
const NOW = steps.length

const extra: SchemaStep = {
  name: '9999_extra',
  minProgram: '0.2.0',
  up: (schema) => {
    schema.table('Extra', { ExtraID: required('key'), Note: optional('longText') }, ['ExtraID'])
  },
}

describe('SQLite: migration at start', () => {
  let folder: string
  let path: string
  let opened: OpenDatabase[] = []

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pswebhost-migrate-'))
    path = join(folder, 'pswebhost.db')
  })
  afterEach(async () => {
    for (const db of opened) await db.close()
    opened = []
    await rm(folder, { recursive: true, force: true })
  })
  const start = async (options: TestDatabaseOptions = {}): Promise<OpenDatabase> => {
    const db = await createDatabase(sqliteOptions(path, options))
    opened.push(db)
    return db
  }
  const restart = async (options: TestDatabaseOptions): Promise<OpenDatabase> => {
    await opened.pop()?.close()
    return start(options)
  }

  it('does nothing to a database that is up to date, and keeps its ids', async () => {
    const first = await start()
    const id = await readInfo(first.read, 'DatabaseID')
    const second = await restart({})
    expect(second.started).toEqual({ schemaVersion: NOW, applied: [], backup: null, repairedTriggers: [] })
    expect(await readInfo(second.read, 'DatabaseID')).toBe(id)
  })

  it('copies an existing file before it migrates it, and captures with the new version', async () => {
    const before = await start()
    await before.write({ actor: 'system' }, (tx) => tx.insertInto('Tasks').values(taskRow()).execute())
    const db = await restart({ steps: [...steps, extra], programVersion: '0.2.0' })
    expect(db.started).toEqual({
      schemaVersion: NOW + 1,
      applied: ['9999_extra'],
      backup: `${path}.before-${NOW + 1}`,
      repairedTriggers: [],
    })
    const copy = openSqlite({ path: `${path}.before-${NOW + 1}`, readonly: true })
    expect(copy.prepare('select count(*) as n from "Tasks"').get()).toEqual({ n: 1 })
    expect(copy.prepare(`select name from sqlite_master where name = 'Extra'`).all()).toEqual([])
    copy.close()
    expect(statSync(`${path}.before-${NOW + 1}`).mode & 0o777).toBe(0o600)
    await db.write({ actor: 'system' }, (tx) => tx.deleteFrom('Tasks').execute())
    const changes = await db.read
      .selectFrom('Data_Change')
      .select('schemaVersion')
      .orderBy('localSeq')
      .execute()
    expect(changes).toEqual([{ schemaVersion: NOW }, { schemaVersion: NOW + 1 }])
  })

  it('refuses a database that needs a newer program and names the version', async () => {
    await start({ steps: [...steps, extra], programVersion: '0.2.0' })
    await expect(restart({ programVersion: '0.1.9' })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(
        'needs version 0.2.0 of this program or newer; this is 0.1.9',
      ) as string,
    })
  })

  it('serves a newer schema that still lets it in, and leaves its triggers alone', async () => {
    const gentle = { ...extra, minProgram: '0.1.0' }
    await start({ steps: [...steps, gentle], programVersion: '0.2.0' })
    const db = await restart({ programVersion: '0.1.0' })
    expect(db.schemaVersion).toBe(NOW + 1)
    expect(db.started).toMatchObject({ applied: [], repairedTriggers: [] })
    await db.write({ actor: 'system' }, (tx) => tx.insertInto('Tasks').values(taskRow()).execute())
    const change = await db.read.selectFrom('Data_Change').select('schemaVersion').executeTakeFirst()
    expect(change).toEqual({ schemaVersion: NOW + 1 })
  })

  it('leaves the old schema in place when a step fails', async () => {
    await start()
    const broken: SchemaStep = {
      ...extra,
      up: (schema) => {
        extra.up(schema)
        schema.table('Tasks', { TaskID: required('key') }, ['TaskID'])
      },
    }
    await expect(restart({ steps: [...steps, broken], programVersion: '0.2.0' })).rejects.toThrow(
      'already exists',
    )
    const db = await start()
    expect(db.schemaVersion).toBe(NOW)
    const { rows } = await sql`select name from sqlite_master where name = 'Extra'`.execute(db.read)
    expect(rows).toEqual([])
  })

  it('puts back a trigger that somebody dropped, and says so', async () => {
    const warnings: string[] = []
    const db = await start()
    await db.write({ actor: 'system' }, (tx) => sql`drop trigger "capture_Nodes_update"`.execute(tx))
    const again = await restart({ log: { warn: (message: string) => warnings.push(message) } })
    expect(again.started.repairedTriggers).toEqual(['capture_Nodes_update'])
    expect(warnings.join()).toContain('capture_Nodes_update')
  })

  it('makes missing folders, and the file readable by its owner only', async () => {
    path = join(folder, 'deeper', 'still', 'pswebhost.db')
    await start()
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'deeper')).mode & 0o777).toBe(0o700)
  })

  it('says what is wrong with a file that is no database, and does not touch it', async () => {
    await writeFile(path, 'dear diary, '.repeat(1000))
    await expect(start()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/pswebhost\.db is not a database file/) as string,
    })
    expect(statSync(path).size).toBe(12_000)
    expect(existsSync(`${path}-wal`)).toBe(false)
  })

  it('refuses a database type it does not know yet', async () => {
    const options = sqliteOptions(path)
    const config = { ...options.config, type: 'Oracle' }
    // A configuration file may say so; the types do not.
    const unknown = { ...options, config } as unknown as typeof options
    await expect(createDatabase(unknown)).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message:
        'database.type: this version works with SQLite, PostgreSQL, MySQL, SqlServer only, not with Oracle',
    })
  })
})

describe('program versions', () => {
  it.each([
    ['0.2.0', '0.1.9', true],
    ['0.1.9', '0.2.0', false],
    ['1.0.0', '1.0.0', false],
    ['1.0.0', '1.0.0-beta.1', false],
    ['0.10.0', '0.9.0', true],
  ])('%s is above %s: %s', (a, b, expected) => {
    expect(isNewer(a, b)).toBe(expected)
  })
})
