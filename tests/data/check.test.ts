import { readFile, writeFile } from 'node:fs/promises'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { checkDatabase, type Finding, type FindingId } from '../../src/main/data/check.ts'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { repairFinding } from '../../src/main/data/repair.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { fileDatabases, fileOf } from '../support/databases.ts'
import { runRow, scheduleRow, taskRow } from './rows.ts'

const SYSTEM = { actor: 'local:root', reason: 'doctor --fix' }

const finding = async (db: OpenDatabase, id: FindingId): Promise<Finding> => {
  const found = (await checkDatabase(db)).find((one) => one.id === id)
  if (!found) throw new Error(`no finding ${id}`)
  return found
}

const repair = async (db: OpenDatabase, id: FindingId): Promise<string | null> =>
  repairFinding(db, await finding(db, id), { context: SYSTEM, clock: systemClock })

describe.each(fileDatabases())('$name: checks', ({ open }) => {
  it('finds nothing wrong with a fresh database that was used', async () => {
    const db = await open()
    await db.write(SYSTEM, (tx) => tx.insertInto('Tasks').values(taskRow()).execute())
    const findings = await checkDatabase(db)
    expect(findings.filter((one) => !one.ok)).toEqual([])
    expect(findings.map((one) => one.id)).toEqual([
      'integrity',
      'schema',
      'triggers',
      'orphanSchedules',
      'orphanRuns',
      'changeDigests',
      'size',
    ])
    expect(findings.at(-1)?.detail).toMatch(
      /^\d+\.\d MB, of which 0\.0 MB unused; write-ahead log \d+\.\d MB$/,
    )
    expect(await repair(db, 'integrity')).toBeNull()
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
    await db.write(SYSTEM, (tx) => sql`drop trigger "capture_Tasks_delete"`.execute(tx))
    expect(await finding(db, 'triggers')).toMatchObject({
      ok: false,
      detail: 'missing: capture_Tasks_delete',
    })
    expect(await repair(db, 'triggers')).toBe('installed: capture_Tasks_delete; removed: none')
    expect((await finding(db, 'triggers')).ok).toBe(true)
  })

  it.each([
    ['author', sql`update "Data_Change" set "ChangedBy" = 'somebody else'`],
    ['image', sql`update "Data_Change" set "NewData" = null`],
    ['image bytes', sql`update "Data_Change" set "NewData" = x'00'`],
  ])('finds a change whose %s was altered', async (_, forge) => {
    const db = await open()
    await db.write(SYSTEM, (tx) => tx.insertInto('Tasks').values(taskRow()).execute())
    await db.write(SYSTEM, (tx) => forge.execute(tx))
    expect(await finding(db, 'changeDigests')).toMatchObject({
      ok: false,
      detail: expect.stringContaining('1 of the newest 1 were altered') as string,
    })
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
