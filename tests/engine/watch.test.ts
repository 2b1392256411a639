import { describe, expect, it } from 'vitest'
import { insertHold, releaseHolds } from '../../src/main/data/repos/holds.ts'
import { updateNode } from '../../src/main/data/repos/nodes.ts'
import { insertRuns } from '../../src/main/data/repos/runs.ts'
import { updateTask } from '../../src/main/data/repos/tasks.ts'
import { insertConflict, updateConflict } from '../../src/main/data/repos/conflicts.ts'
import { newId } from '../../src/main/platform/ids.ts'
import { newRun } from '../../src/main/services/engine/new-run.ts'
import { databases, fileDatabases } from '../support/databases.ts'
import type { openEngineDatabase } from '../support/engine-database.ts'
import { CONTEXT, openWatch, OTHER } from './open-watch.ts'

/** What a node finds out of others: rows are written as others would, the looks are the test's. */

describe.each(databases())('$name: watching other nodes', ({ open }) => {
  it('tells each state of a run once, and wakes for what may start', async () => {
    const { look, queue, set, seen } = await openWatch(open)
    const id = await queue()
    expect(await look()).toEqual([`run.queued ${id}`])
    expect(seen.wakes).toBe(1)
    expect(await look()).toEqual([])
    await set(id, 'Queued', { state: 'Running', ...OTHER })
    expect(await look()).toEqual([`run.started ${id}`])
    expect(seen.wakes).toBe(1)
    await set(id, 'Running', { state: 'Success' })
    expect(await look()).toEqual([`run.finished ${id}`])
    // It may have kept another one waiting.
    expect(seen.wakes).toBe(2)
    for (let looks = 0; looks < 12; looks += 1) expect(await look()).toEqual([])
    await queue({ targetNodeId: 'other' })
    await look()
    expect(seen.wakes).toBe(2)
  })

  it('sees what became visible later than it was written', async () => {
    const { look, queue, at } = await openWatch(open)
    for (let looks = 0; looks < 3; looks += 1) await look()
    const late = await queue({ now: at(-1_500) })
    expect(await look()).toEqual([`run.queued ${late}`])
    // So late that only a look far back finds it.
    const later = await queue({ now: at(-3_000) })
    const told: string[] = []
    for (let looks = 0; looks < 5; looks += 1) told.push(...(await look()))
    expect(told).toEqual([`run.queued ${later}`])
  })

  it('tells nothing of what this node did and told itself', async () => {
    const { look, queue, set, events, engine } = await openWatch(open)
    const id = await queue()
    events.emit({ type: 'run.queued', id })
    const { nodeId, incarnation } = engine.self
    expect(await look()).toEqual([])
    await set(id, 'Queued', { state: 'Running', nodeId, incarnation })
    expect(await look()).toEqual([])
    events.emit({ type: 'run.finished', id, state: 'Failed' })
    await set(id, 'Running', { state: 'Failed' })
    expect(await look()).toEqual([])
    // That another node took it for dead is news.
    const taken = await queue({ state: 'Running', nodeId, incarnation })
    await look()
    await set(taken, 'Running', { state: 'Lost' })
    expect(await look()).toEqual([`run.finished ${taken}`])
  })

  it('passes on what others ask to stop, of its own runs only', async () => {
    const { look, queue, set, engine, at, seen } = await openWatch(open)
    const { nodeId, incarnation } = engine.self
    const own = await queue({ state: 'Running', nodeId, incarnation })
    const earlier = await queue({ state: 'Running', nodeId, incarnation: 'an earlier start' })
    const other = await queue({ state: 'Running', ...OTHER })
    await look()
    for (const id of [own, earlier, other])
      await set(id, 'Running', { stopRequestedAt: at(), stopRequestedBy: 'x' })
    await look()
    expect(seen.stopped).toEqual([own])
  })

  it('says so when there is more than anyone can follow, and goes on', async () => {
    const { look, queue, db, task, at, seen, engine } = await openWatch(open)
    const now = at()
    const many = Array.from({ length: 1_000 }, () =>
      newRun(task, {
        ...{
          scheduleId: null,
          targetNodeId: null,
          triggeredBy: 'API',
          now,
          scheduledFor: now,
          notBefore: now,
        },
      }),
    )
    await db.write(CONTEXT, (tx) => insertRuns(tx, many))
    // What this node must not miss it finds all the same.
    const { nodeId, incarnation } = engine.self
    const own = await queue({ state: 'Running', nodeId, incarnation, stopRequestedAt: now })
    expect(await look()).toEqual(['missed'])
    expect(seen).toMatchObject({ wakes: 1, stopped: [own] })
    const id = await queue()
    expect(await look()).toEqual([`run.queued ${id}`])
  })

  it('tells of edits by others', async () => {
    const { look, db, clock, task } = await openWatch(open)
    await look()
    // By the clock of the database, which the change log goes by.
    clock.set(await databaseTime(db))
    await look()
    await db.write(CONTEXT, (tx) => updateTask(tx, task.taskId, task.version, { priority: 7, version: 2 }))
    const mine = await look()
    // Written as this node.
    expect(mine).toEqual([])
    await db.write({ ...CONTEXT, origin: null }, async (tx) => {
      await updateTask(tx, task.taskId, 2, { priority: 8, version: 3 })
      await tx.updateTable('Data_Change').set({ nodeId: 'other' }).execute()
    })
    expect(await look()).toContain(`task.changed ${task.taskId}`)
    expect(await look()).toEqual([])
  })

  it('tells that a conflict was found, and that it was resolved', async () => {
    const { look, db, at } = await openWatch(open)
    const conflict: Parameters<typeof insertConflict>[1] = {
      ...{ conflictId: newId(), tableName: 'Tasks', recordId: newId(), recordName: 'nightly', kind: 'Edit' },
      ...{ changeId: newId(), nodeId: 'other', changedBy: 'local:ann', changedAt: at(), theirsBy: null },
      ...{ theirsAt: null, policy: 'manual', fields: [], detectedAt: at(), resolvedAt: null },
      ...{ resolvedBy: null, resolution: null, version: 1 },
    }
    await db.write(CONTEXT, (tx) => insertConflict(tx, conflict))
    expect(await look()).toEqual(['conflict.changed'])
    await db.write(CONTEXT, (tx) =>
      updateConflict(tx, conflict.conflictId, {
        resolvedAt: at(),
        resolvedBy: 'local:bob',
        resolution: 'mine',
      }),
    )
    expect(await look()).toEqual(['conflict.changed'])
    expect(await look()).toEqual([])
  })

  it('tells of nodes when their state changes, not when their hearts beat', async () => {
    const { look, db, engine, at, seen } = await openWatch(open)
    await engine.node({ nodeId: 'other', nodeName: 'other' })
    const beat = (nodeId: string) =>
      db.write(CONTEXT, (tx) => updateNode(tx, nodeId, { lastHeartbeat: at() }))
    const looks = async (count: number): Promise<string[]> => {
      const told: string[] = []
      for (let done = 0; done < count; done += 1) {
        await beat(engine.self.nodeId)
        told.push(...(await look()))
      }
      return told
    }
    await beat('other')
    await looks(3)
    await beat('other')
    expect(await looks(6)).toEqual([])
    expect(await looks(30)).toEqual(['node.changed other'])
    await beat('other')
    expect(await looks(3)).toEqual(['node.changed other'])
    await db.write(CONTEXT, (tx) => updateNode(tx, engine.self.nodeId, { isDraining: true }))
    seen.rows.length = 0
    expect(await looks(3)).toEqual([`node.changed ${engine.self.nodeId}`])
    expect(seen.rows).toEqual(['this'])
  })

  it('stops what runs here while the cluster is held, and wakes when it is resumed', async () => {
    const { look, db, at, hold, seen } = await openWatch(open)
    hold(['r1'])
    const row = {
      holdId: 'h1',
      heldAt: at(),
      heldBy: 'ann',
      reason: null,
      releasedAt: null,
      releasedBy: null,
    }
    await db.write(CONTEXT, (tx) => insertHold(tx, row))
    expect(await look()).toEqual(['cluster.changed h1'])
    expect(seen).toMatchObject({ stopped: ['r1'], wakes: 0 })
    expect(await look()).toEqual([])
    await db.write(CONTEXT, (tx) => releaseHolds(tx, { releasedAt: at(), releasedBy: 'ann' }))
    expect(await look()).toEqual(['cluster.changed h1'])
    expect(seen.wakes).toBe(1)
  })
})

describe.each(fileDatabases())('$name: a node alone on its database', ({ open }) => {
  it('tells nothing of runs, and of nodes what time does to them', async () => {
    const { look, queue, engine, at } = await openWatch(open, true)
    await queue()
    await engine.node({ nodeId: 'other', nodeName: 'other', ...{ lastHeartbeat: at() } })
    expect(await look()).toEqual(['node.changed other'])
    const told: string[] = []
    for (let looks = 0; looks < 40; looks += 1) told.push(...(await look()))
    expect(told).toEqual(['node.changed other'])
  })
})

const databaseTime = async (db: Awaited<ReturnType<typeof openEngineDatabase>>['db']): Promise<number> =>
  db.server ? db.server.now() : Date.parse(await db.now())
