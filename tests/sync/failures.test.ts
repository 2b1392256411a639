import { describe, expect, it } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { bringFailures } from '../../src/main/data/replica/failures.ts'
import type { RunRow } from '../../src/main/data/repos/runs.ts'
import { findTask } from '../../src/main/data/repos/tasks.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { noteOutcome } from '../../src/main/services/engine/outcome.ts'
import { deliverRuns } from '../../src/main/services/sync/deliver-runs.ts'
import type { FinalState } from '../../src/shared/domain/run.ts'
import { runRow } from '../data/rows.ts'
import { serverDatabases } from '../support/databases.ts'
import { editsIn, heldBy, openSyncNode } from './sync-node.ts'

const SYSTEM = { actor: 'system' }
const slotAt = (hour: number): string => `2026-03-01T0${hour}:00:00.000Z`

/** A run ends, as the engine notes it; what a replica writes for itself is marked so. */
const endRun = (db: OpenDatabase, run: RunRow, state: FinalState, applies?: true): Promise<void> =>
  db.write({ ...SYSTEM, ...(applies ? { applies } : {}) }, async (tx) => {
    await tx
      .insertInto('Task_History')
      .values({ ...run, state, endTime: run.scheduledFor })
      .execute()
    const task = await findTask(tx, run.taskId)
    const times = { endTime: run.scheduledFor, now: run.scheduledFor }
    await noteOutcome(tx, { run, task, state, error: null, exitCode: 1, ...times })
  })

const failuresIn = (db: OpenDatabase) =>
  db.read.selectFrom('Task_Failure').select(['failureId', 'failureCount', 'recoveredAt']).execute()

describe.each(serverDatabases())('$name: failures of a cluster that a node is cut off from', ({ open }) => {
  it('are known to it, go on there, and are told once when its runs are delivered', async () => {
    const centre = await open()
    const node = await openSyncNode(centre)
    const replica = node.replica.db
    const taskId = await editsIn(centre).create('pinned', {
      schedule: '0 3 * * *',
      assignedNodeId: node.nodeId,
    })
    await node.pull()
    const scheduleId = (await heldBy(centre)).rows[0]?.scheduleId ?? ''
    const runAt = (hour: number) =>
      runRow({ taskId, scheduleId, nodeId: node.nodeId, scheduledFor: slotAt(hour) }) as RunRow

    await endRun(centre, runAt(1), 'Failed')
    const [known] = await failuresIn(centre)
    await bringFailures(centre, replica)
    expect(await failuresIn(replica)).toEqual([known])

    await endRun(replica, runAt(2), 'Failed')
    expect(await failuresIn(replica)).toEqual([{ ...known, failureCount: 2 }])
    await endRun(replica, runAt(3), 'Success')
    expect((await failuresIn(replica))[0]?.recoveredAt).toBe(slotAt(3))

    const deps = { centre, replica, leaseMs: 30_000, log: memoryLog() }
    expect(await deliverRuns(deps, new AbortController().signal)).toBe(2)
    const there = await failuresIn(centre)
    expect(there).toEqual([{ ...known, failureCount: 2, recoveredAt: slotAt(3) }])
    await bringFailures(centre, replica)
    expect(await failuresIn(replica)).toEqual(there)
  })
})
