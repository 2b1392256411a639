import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { purge } from '../../src/main/data/maintenance.ts'
import { insertConflict } from '../../src/main/data/repos/conflicts.ts'
import { newId } from '../../src/main/platform/ids.ts'
import { isoOf, systemClock } from '../../src/main/platform/clock.ts'
import { databases, fileDatabases, fileOf, type TestDatabases } from '../support/databases.ts'
import { runRow, taskRow } from './rows.ts'

const DAY_MS = 86_400_000
const NOW = Date.UTC(2026, 2, 31)
const ago = (days: number): string => isoOf(NOW - days * DAY_MS)
const clock = { ...systemClock, now: () => NOW }

/** A database by whose clock it is the end of March. */
const openThen = async (open: TestDatabases['open']): Promise<OpenDatabase> => ({
  ...(await open({ clock })),
  now: async () => isoOf(NOW),
})
const SYSTEM = { actor: 'system' }

const count = async (db: OpenDatabase, table: 'Task_History' | 'Data_Change'): Promise<number> =>
  Number(
    (
      await db.read
        .selectFrom(table)
        .select((eb) => eb.fn.countAll().as('n'))
        .executeTakeFirstOrThrow()
    ).n,
  )

/** With nothing where nothing was said. */
const asRow = (conflict: object): Parameters<typeof insertConflict>[1] =>
  ({
    ...{
      recordName: null,
      changedBy: null,
      theirsBy: null,
      theirsAt: null,
      resolvedBy: null,
      resolution: null,
    },
    ...conflict,
  }) as Parameters<typeof insertConflict>[1]

const addRuns = (db: OpenDatabase, ...rows: Parameters<typeof runRow>[0][]) =>
  db.write(SYSTEM, async (tx) => {
    for (const row of rows) await tx.insertInto('Task_History').values(runRow(row)).execute()
  })

describe.each(databases())('$name: retention', ({ open }) => {
  it('goes by the clock of the cluster, not by that of a node which is ahead', async () => {
    const db = await openThen(open)
    await addRuns(db, { state: 'Success', sortTime: ago(1), endTime: ago(1) })
    const ahead = { ...systemClock, now: () => NOW + 365 * DAY_MS }
    expect(await purge(db, { historyDays: 30, changeDays: 30, clock: ahead })).toEqual({
      history: 0,
      changes: 0,
    })
  })

  it('deletes ended runs that are older than the limit, and no others', async () => {
    const db = await openThen(open)
    await addRuns(
      db,
      { historyId: 'old', state: 'Success', sortTime: ago(31), endTime: ago(31) },
      { historyId: 'old-skipped', state: 'Skipped', sortTime: ago(31) },
      { historyId: 'old-running', state: 'Running', sortTime: ago(31) },
      { historyId: 'old-queued', state: 'Queued', sortTime: ago(31) },
      { historyId: 'ended-lately', state: 'Failed', sortTime: ago(31), endTime: ago(29) },
      { historyId: 'new', state: 'Success', sortTime: ago(29), endTime: ago(29) },
    )
    expect(await purge(db, { historyDays: 30, changeDays: 30, clock })).toEqual({ history: 2, changes: 0 })
    const left = await db.read.selectFrom('Task_History').select('historyId').orderBy('historyId').execute()
    expect(left.map((row) => row.historyId)).toEqual(['ended-lately', 'new', 'old-queued', 'old-running'])
  })

  it('deletes changes that are older than the limit', async () => {
    const db = await openThen(open)
    await db.write(SYSTEM, (tx) => tx.insertInto('Tasks').values(taskRow()).execute())
    // A server's triggers go by its own clock.
    await db.write(SYSTEM, (tx) =>
      tx
        .updateTable('Data_Change')
        .set({ changedAt: ago(100) })
        .execute(),
    )
    await db.write(SYSTEM, (tx) => tx.deleteFrom('Tasks').execute())
    expect(await purge(db, { historyDays: 30, changeDays: 90, clock })).toEqual({ history: 0, changes: 1 })
    const left = await db.read.selectFrom('Data_Change').select('action').execute()
    expect(left).toEqual([{ action: 'DELETE' }])
  })

  it('deletes what sync noted and nobody needs any more; an open conflict stays', async () => {
    const db = await openThen(open)
    const ids = { changeId: newId(), nodeId: newId() }
    const edit = {
      ...ids,
      tableName: 'Tasks',
      recordId: newId(),
      kind: 'Edit' as const,
      policy: 'manual' as const,
    }
    const conflict = (resolvedAt: string | null) => ({
      ...{ ...edit, conflictId: newId(), changedAt: ago(50), detectedAt: ago(50), version: 1, fields: [] },
      resolvedAt,
    })
    await db.write(SYSTEM, async (tx) => {
      const applied = { nodeId: ids.nodeId, hlc: 'x', outcome: 'Accepted' as const }
      for (const appliedAt of [ago(41), ago(39)])
        await tx
          .insertInto('Sync_Applied')
          .values({ ...applied, changeId: newId(), appliedAt })
          .execute()
      for (const resolvedAt of [ago(41), ago(39), null]) await insertConflict(tx, asRow(conflict(resolvedAt)))
    })
    await purge(db, { historyDays: 0, changeDays: 40, clock })
    const left = async (table: 'Sync_Applied' | 'Sync_Conflict') =>
      (await db.read.selectFrom(table).selectAll().execute()).length
    expect([await left('Sync_Applied'), await left('Sync_Conflict')]).toEqual([1, 2])
  })

  it('deletes thousands in slices that let the main loop and other writers in', async () => {
    const db = await openThen(open)
    const old = { state: 'Success' as const, sortTime: ago(40), endTime: ago(40) }
    await addRuns(db, ...Array.from({ length: 5000 }, () => ({ ...old, output: Buffer.alloc(500) })))
    const waits: number[] = []
    let purging = true
    const writer = async (): Promise<void> => {
      while (purging) {
        const started = performance.now()
        await db.write(SYSTEM, async () => {})
        waits.push(performance.now() - started)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    }
    const writing = writer()
    expect(await purge(db, { historyDays: 30, changeDays: 30, clock })).toMatchObject({ history: 5000 })
    purging = false
    await writing
    const sorted = waits.toSorted((a, b) => a - b)
    expect(sorted.length).toBeGreaterThan(3)
    // The slices aim at 20 ms; a noisy machine may exceed it now and then.
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(40)
    expect(await count(db, 'Task_History')).toBe(0)
  })

  it('stops between slices when told to', async () => {
    const db = await openThen(open)
    const old = { state: 'Success' as const, sortTime: ago(40), endTime: ago(40) }
    await addRuns(db, ...Array.from({ length: 100 }, () => old))
    const stop = new AbortController()
    stop.abort()
    expect(await purge(db, { historyDays: 30, changeDays: 30, clock, signal: stop.signal })).toEqual({
      history: 0,
      changes: 0,
    })
    expect(await count(db, 'Task_History')).toBe(100)
  })
})

describe.each(fileDatabases())('$name: the space of what retention deletes', ({ open }) => {
  const addLarge = (db: OpenDatabase, rows: number) => {
    const old = { state: 'Success' as const, sortTime: ago(40), endTime: ago(40) }
    return addRuns(db, ...Array.from({ length: rows }, () => ({ ...old, output: Buffer.alloc(20_000) })))
  }

  it('gives the space of deleted rows back to the disk', async () => {
    const db = await openThen(open)
    await addLarge(db, 200)
    const before = fileOf(db).sizes()
    await purge(db, { historyDays: 30, changeDays: 30, clock })
    expect(fileOf(db).sizes()).toMatchObject({ freePages: 0, walBytes: 0 })
    expect(fileOf(db).sizes().pages).toBeLessThan(before.pages - 800)
    expect(await fileOf(db).integrity(false)).toEqual([])
  })

  it('leaves the file alone when nothing was deleted', async () => {
    const db = await openThen(open)
    await addRuns(db, {})
    const before = fileOf(db).sizes()
    expect(before.walBytes).toBeGreaterThan(0)
    await purge(db, { historyDays: 30, changeDays: 30, clock })
    expect(fileOf(db).sizes()).toEqual(before)
  })

  it('lets others write while it gives space back, and waits for them', async () => {
    const db = await openThen(open)
    await addLarge(db, 2000)
    let purging = true
    let writes = 0
    const writer = async (): Promise<void> => {
      while (purging) {
        await db.write(SYSTEM, async (tx) => {
          await tx.insertInto('Task_History').values(runRow()).execute()
          await sleep(2)
        })
        writes += 1
        await sleep(1)
      }
    }
    const writing = writer()
    await purge(db, { historyDays: 30, changeDays: 30, clock })
    purging = false
    await writing
    expect(writes).toBeGreaterThan(5)
    expect(await count(db, 'Task_History')).toBe(writes)
    expect(fileOf(db).sizes().freePages).toBeLessThan(100)
  })

  it('stops giving space back when told to', async () => {
    const db = await openThen(open)
    await addLarge(db, 2000)
    const stop = new AbortController()
    const largest = fileOf(db).sizes().pages
    const stopping = {
      ...clock,
      sleep: (ms: number) => (fileOf(db).sizes().pages < largest && stop.abort(), sleep(ms)),
    }
    await purge(db, { historyDays: 30, changeDays: 30, clock: stopping, signal: stop.signal })
    expect(fileOf(db).sizes().freePages).toBeGreaterThan(8000)
  })
})
