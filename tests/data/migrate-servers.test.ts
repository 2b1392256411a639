import { describe, expect, it } from 'vitest'
import { numberChanges } from '../../src/main/data/sequencer.ts'
import { readInfo } from '../../src/main/data/cluster-info.ts'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { steps } from '../../src/main/data/migrations/index.ts'
import { optional, required, type SchemaStep } from '../../src/main/data/migrations/schema-step.ts'
import { createDatabase, type DatabaseOptions } from '../../src/main/data/orm.ts'
import { databaseOptions, serverDatabases } from '../support/databases.ts'
import { changesOf } from './changes.ts'
import { taskRow } from './rows.ts'

/** The schema version of this program. */
const NOW = steps.length

/** Steps that a later version of this program will have, and that still let this one in. */
const step = (name: string, fields: Partial<SchemaStep> = {}): SchemaStep => ({
  name: `9999_${name}`,
  minProgram: '0.1.0',
  up: (schema) =>
    schema.table(`Extra_${name}`, { ExtraID: required('key'), Note: optional('longText') }, ['ExtraID']),
  ...fields,
})
const next = { steps: [...steps, step('one')], programVersion: '0.2.0' }
const afterNext = { steps: [...steps, step('one'), step('two')], programVersion: '0.3.0' }

const tablesOf = async (db: OpenDatabase): Promise<string[]> =>
  (await db.read.introspection.getTables()).map(({ name }) => name.toLowerCase())

const addTask = (db: OpenDatabase, taskName: string) =>
  db.write({ actor: 'system' }, (tx) => tx.insertInto('Tasks').values(taskRow({ taskName })).execute())

const versionsOf = async (db: OpenDatabase) => (await changesOf(db)).map((change) => change.schemaVersion)

describe.each(serverDatabases())('$name: migration of a database that several programs use', ({ place }) => {
  const opened: OpenDatabase[] = []
  /** Programs on one database; `use` ends with all of them closed. */
  const onOne = async (
    use: (start: (options?: Partial<DatabaseOptions>) => Promise<OpenDatabase>) => Promise<void>,
  ) => {
    const config = await place()
    try {
      await use(async (options = {}) => {
        const db = await createDatabase({ ...databaseOptions(config), ...options })
        opened.push(db)
        return db
      })
    } finally {
      for (const db of opened.splice(0)) await db.close()
    }
  }

  it('makes one schema and one cluster out of twenty starts at once', { timeout: 60_000 }, () =>
    onOne(async (start) => {
      const all = await Promise.all(Array.from({ length: 20 }, () => start()))
      const ids = await Promise.all(all.map((db) => readInfo(db.read, 'ClusterID')))
      expect(new Set(ids).size).toBe(1)
      expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/)
      expect(all.map((db) => db.schemaVersion)).toEqual(all.map(() => NOW))
      const [maker, ...others] = all.filter((db) => db.started.applied.length > 0)
      expect(maker?.started.applied).toEqual(steps.map(({ name }) => name))
      expect(others).toEqual([])
      const migrations = await maker?.orm.migrator.getExecuted()
      expect(migrations?.map(({ name }) => name)).toEqual(steps.map(({ name }) => name))
      await Promise.all(all.map((db, index) => addTask(db, `task ${index}`)))
      expect(await versionsOf(all[0] as OpenDatabase)).toEqual(all.map(() => NOW))
      expect(await numberChanges(all[0] as OpenDatabase)).toBe(20)
    }),
  )

  it('leaves the schema alone when a program one step ahead starts, and works on it', () =>
    onOne(async (start) => {
      const old = await start()
      const warnings: string[] = []
      const ahead = await start({ ...next, log: { warn: (text) => warnings.push(text) } })
      expect(ahead.schemaVersion).toBe(NOW)
      expect(ahead.started).toMatchObject({ applied: [], backup: null, repairedTriggers: [] })
      expect(warnings.join()).toContain('migrate')
      await addTask(ahead, 'ahead')
      await addTask(old, 'old')
      expect(await versionsOf(ahead)).toEqual([NOW, NOW])
      expect(await tablesOf(ahead)).not.toContain('extra_one')
      expect(await readInfo(ahead.read, 'SchemaVersion')).toBe(String(NOW))
    }))

  it('takes the step when it is told to, beside a program that goes on as it was', () =>
    onOne(async (start) => {
      const old = await start()
      const id = await readInfo(old.read, 'ClusterID')
      const [migrated, ...others] = (
        await Promise.all(Array.from({ length: 4 }, () => start({ ...next, migrate: true })))
      ).toSorted((a, b) => b.started.applied.length - a.started.applied.length)
      expect(migrated?.started.applied).toEqual(['9999_one'])
      expect(others.map((db) => db.started.applied)).toEqual([[], [], []])
      expect(await tablesOf(old)).toContain('extra_one')
      expect(await readInfo(old.read, 'SchemaVersion')).toBe(String(NOW + 1))
      expect(await readInfo(old.read, 'ClusterID')).toBe(id)
      await addTask(old, 'old')
      expect(await versionsOf(old)).toEqual([NOW + 1])
      // An older program that starts leaves the triggers of the newer schema alone.
      const restarted = await start()
      expect(restarted.schemaVersion).toBe(NOW + 1)
      expect(restarted.started).toMatchObject({ applied: [], repairedTriggers: [] })
      await addTask(restarted, 'restarted')
      expect(await versionsOf(old)).toEqual([NOW + 1, NOW + 1])
    }))

  it('refuses a program two steps ahead, and names what to run', () =>
    onOne(async (start) => {
      await start()
      await expect(start(afterNext)).rejects.toMatchObject({
        code: 'CONFLICT',
        message: expect.stringMatching(
          new RegExp(`schema version ${NOW}, and this program needs ${NOW + 1} or newer: run .* migrate`),
        ) as string,
        data: { needs: 'migrate', schemaVersion: NOW },
      })
      const migrated = await start({ ...afterNext, migrate: true })
      expect(migrated.started.applied).toEqual(['9999_one', '9999_two'])
    }))

  it('refuses an older program only when the newer schema does not let it in', () =>
    onOne(async (start) => {
      const strict = [...steps, step('one', { minProgram: '0.2.0' })]
      await start({ steps: strict, programVersion: '0.2.0', migrate: true })
      await expect(start({ programVersion: '0.1.9' })).rejects.toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('needs version 0.2.0 of this program or newer') as string,
      })
      expect((await start({ programVersion: '0.2.0' })).schemaVersion).toBe(NOW + 1)
    }))

  it('works on the schema of before until somebody migrates it', () =>
    onOne(async (start) => {
      await start({ steps: steps.slice(0, -1) })
      const db = await start()
      expect(db.schemaVersion).toBe(NOW - 1)
      await addTask(db, 'before')
      expect(await versionsOf(db)).toEqual([NOW - 1])
      await numberChanges(db)
      const migrated = await start({ migrate: true })
      expect(migrated.started.applied).toEqual([steps.at(-1)?.name])
      await db.refreshSchema()
      expect(db.schemaVersion).toBe(NOW)
      await addTask(db, 'after')
      await numberChanges(migrated)
      expect((await changesOf(migrated)).map(({ seq }) => seq)).toEqual([1, 2])
    }))

  it('that failed half way leaves a schema that works, and is taken up again', () =>
    onOne(async (start) => {
      const old = await start()
      const twoTables = (column: string) =>
        step('halves', {
          up: (schema) => {
            schema.table('Extra_first', { ExtraID: required('key') }, ['ExtraID'])
            schema.index('Extra_first', { name: 'idx_extra_first', columns: ['ExtraID'] })
            schema.table('Extra_second', { ExtraID: required('key') }, ['ExtraID'])
            schema.index('Extra_second', { name: 'idx_extra_second', columns: [column] })
          },
        })
      const program = (column: string) => ({
        ...{ steps: [...steps, twoTables(column)], programVersion: '0.2.0', migrate: true },
      })
      await expect(start(program('NoSuchColumn'))).rejects.toThrow(/NoSuchColumn/)
      await addTask(old, 'meanwhile')
      expect(await versionsOf(old)).toEqual([NOW])
      expect(await readInfo(old.read, 'SchemaVersion')).toBe(String(NOW))
      expect((await start()).schemaVersion).toBe(NOW)
      const migrated = await start(program('ExtraID'))
      expect(migrated.started.applied).toEqual(['9999_halves'])
      expect(await tablesOf(migrated)).toEqual(expect.arrayContaining(['extra_first', 'extra_second']))
      await addTask(migrated, 'after')
      expect(await versionsOf(migrated)).toEqual([NOW, NOW + 1])
    }))

  it('that failed half way on an empty database is taken up again by the next start', () =>
    onOne(async (start) => {
      const broken: SchemaStep = step('broken', {
        up: (schema) => schema.index('Tasks', { name: 'idx_broken', columns: ['NoSuchColumn'] }),
      })
      await expect(start({ steps: [...steps, broken] })).rejects.toThrow(/NoSuchColumn/)
      const db = await start()
      expect(db.schemaVersion).toBe(NOW)
      await addTask(db, 'works')
      await numberChanges(db)
      expect((await changesOf(db)).map(({ seq }) => seq)).toEqual([1])
    }))
})
