import { readFile, writeFile } from 'node:fs/promises'
import { sql, type UpdateResult } from 'kysely'
import { describe, expect, it } from 'vitest'
import { writeInfo } from '../../src/main/data/cluster-info.ts'
import { checkDatabase, type Finding, type FindingId } from '../../src/main/data/check.ts'
import type { OpenDatabase, Tx } from '../../src/main/data/db.ts'
import { repairFinding } from '../../src/main/data/repair.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { databases, fileDatabases, fileOf } from '../support/databases.ts'
import { runRow, scheduleRow, taskRow } from './rows.ts'

const SYSTEM = { actor: 'local:root', reason: 'doctor --fix' }

const finding = async (db: OpenDatabase, id: FindingId): Promise<Finding> => {
  const found = (await checkDatabase(db)).find((one) => one.id === id)
  if (!found) throw new Error(`no finding ${id}`)
  return found
}

const repair = async (db: OpenDatabase, id: FindingId): Promise<string | null> =>
  repairFinding(db, await finding(db, id), { context: SYSTEM, clock: systemClock })

describe.each(databases())('$name: checks', ({ open }) => {
  it('finds nothing wrong with a fresh database that was used', async () => {
    const db = await open()
    await db.write(SYSTEM, (tx) => tx.insertInto('Tasks').values(taskRow()).execute())
    const findings = await checkDatabase(db)
    expect(findings.filter((one) => !one.ok)).toEqual([])
    const everywhere = ['schema', 'triggers', 'orphanSchedules', 'orphanRuns', 'changeDigests']
    expect(findings.map((one) => one.id)).toEqual(db.file ? ['integrity', ...everywhere, 'size'] : everywhere)
    expect(await repair(db, 'schema')).toBeNull()
  })

  it('leaves triggers alone that belong to the program of another schema', async () => {
    const db = await open()
    for (const step of [-1, 1]) {
      const version = String(db.schemaVersion + step)
      await db.write(SYSTEM, (tx) => writeInfo(tx, 'SchemaVersion', version))
      expect(await finding(db, 'triggers')).toMatchObject({
        ok: true,
        detail: 'belongs to the program of this schema, another one',
      })
      expect(await finding(db, 'schema')).toMatchObject({ ok: step > 0 })
    }
  })

  it('finds and deletes schedule rows whose task is gone, logged like any change', async () => {
    const db = await open()
    const task = taskRow()
    await db.write(SYSTEM, async (tx) => {
      await tx.insertInto('Tasks').values(task).execute()
      await tx
        .insertInto('Task_Schedule')
        .values(scheduleRow({ taskId: task.taskId }))
        .execute()
      for (let i = 0; i < 401; i += 1) await tx.insertInto('Task_Schedule').values(scheduleRow()).execute()
    })
    expect(await finding(db, 'orphanSchedules')).toMatchObject({
      ok: false,
      detail: '401 whose task is gone',
    })
    expect(await repair(db, 'orphanSchedules')).toBe('401 schedule rows deleted')
    expect((await finding(db, 'orphanSchedules')).ok).toBe(true)
    const left = await db.read.selectFrom('Task_Schedule').select('taskId').execute()
    expect(left).toEqual([{ taskId: task.taskId }])
    const logged = await db.read
      .selectFrom('Data_Change')
      .select('changeId')
      .where('action', '=', 'DELETE')
      .execute()
    expect(logged).toHaveLength(401)
  })

  it('ends waiting runs whose task is gone, and leaves ended ones as history', async () => {
    const db = await open()
    await db.write(SYSTEM, async (tx) => {
      await tx
        .insertInto('Task_History')
        .values(runRow({ historyId: 'waiting' }))
        .execute()
      await tx
        .insertInto('Task_History')
        .values(runRow({ historyId: 'ended', state: 'Success' }))
        .execute()
    })
    expect(await repair(db, 'orphanRuns')).toBe('1 waiting runs ended')
    const runs = await db.read
      .selectFrom('Task_History')
      .select(['historyId', 'state', 'error'])
      .orderBy('historyId')
      .execute()
    expect(runs).toEqual([
      { historyId: 'ended', state: 'Success', error: null },
      { historyId: 'waiting', state: 'Stopped', error: 'its task no longer exists' },
    ])
  })

  it('finds a dropped trigger and installs it again', async () => {
    const db = await open()
    const trigger = (await db.dialect.installedObjects(db.read))?.at(-1)
    if (!trigger) throw new Error('no trigger is there')
    await db.write(SYSTEM, (tx) => sql.raw(trigger.drop).execute(tx))
    expect(await finding(db, 'triggers')).toMatchObject({ ok: false, detail: `missing: ${trigger.name}` })
    expect(await repair(db, 'triggers')).toBe(`installed: ${trigger.name}; removed: none`)
    expect((await finding(db, 'triggers')).ok).toBe(true)
  })

  const altered = (tx: Tx) => tx.updateTable('Data_Change')
  it.each<[string, (tx: Tx) => Promise<UpdateResult[]>]>([
    ['author', (tx) => altered(tx).set({ changedBy: 'somebody else' }).execute()],
    ['image', (tx) => altered(tx).set({ newData: null }).execute()],
    [
      'image bytes',
      (tx) =>
        altered(tx)
          .set({ newData: Buffer.from([0]) })
          .execute(),
    ],
  ])('finds a change whose %s was altered', async (_, forge) => {
    const db = await open()
    await db.write(SYSTEM, (tx) => tx.insertInto('Tasks').values(taskRow()).execute())
    await db.write(SYSTEM, forge)
    expect(await finding(db, 'changeDigests')).toMatchObject({
      ok: false,
      detail: expect.stringContaining('1 of the newest 1 were altered') as string,
    })
  })
})

describe.each(fileDatabases())('$name: checks of a file', ({ open }) => {
  it('tells its size, and how much of it is unused', async () => {
    const db = await open()
    expect((await finding(db, 'size')).detail).toMatch(
      /^\d+\.\d MB, of which 0\.0 MB unused; write-ahead log \d+\.\d MB$/,
    )
    expect(await repair(db, 'integrity')).toBeNull()
  })

  it('finds a damaged page', async () => {
    const db = await open()
    await db.write(SYSTEM, async (tx) => {
      for (let i = 0; i < 50; i += 1) await tx.insertInto('Task_History').values(runRow()).execute()
    })
    await fileOf(db).checkpoint()
    const { pages } = fileOf(db).sizes()
    const bytes = await readFile(fileOf(db).path)
    bytes.fill(0xff, (pages - 3) * 4096, (pages - 1) * 4096)
    await writeFile(fileOf(db).path, bytes)
    const damage = await fileOf(db)
      .integrity(false)
      .catch((error: unknown) => [String(error)])
    expect(damage.length).toBeGreaterThan(0)
  })
})
