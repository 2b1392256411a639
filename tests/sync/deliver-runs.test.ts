import { describe, expect, it } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { countOfflineRuns } from '../../src/main/data/replica/offline-runs.ts'
import type { RunRow } from '../../src/main/data/repos/runs.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { deliverRuns } from '../../src/main/services/sync/deliver-runs.ts'
import { runRow } from '../data/rows.ts'
import { serverDatabases } from '../support/databases.ts'
import { editsIn, heldBy, openSyncNode, type SyncNode } from './sync-node.ts'

const SYSTEM = { actor: 'system' }
const SLOT = '2026-03-01T03:00:00.000Z'

const insert = (db: OpenDatabase, run: ReturnType<typeof runRow>, applies?: true) =>
  db.write({ ...SYSTEM, ...(applies ? { applies } : {}) }, (tx) =>
    tx.insertInto('Task_History').values(run).execute(),
  )

const runsIn = (db: OpenDatabase): Promise<RunRow[]> =>
  db.read.selectFrom('Task_History').selectAll().orderBy('historyId').execute()

describe.each(serverDatabases())('$name: runs that were made on a replica', ({ open, server }) => {
  const pinned = async () => {
    const centre = await open()
    const node = await openSyncNode(centre)
    const given = { schedule: '0 3 * * *', assignedNodeId: node.nodeId }
    const taskId = await editsIn(centre).create('pinned', given)
    await node.pull()
    const scheduleId = (await heldBy(centre)).rows[0]?.scheduleId ?? ''
    const deliver = ({ replica }: SyncNode): Promise<number> =>
      deliverRuns(
        { centre, replica: replica.db, leaseMs: 30_000, log: memoryLog() },
        new AbortController().signal,
      )
    return { centre, node, taskId, run: { taskId, scheduleId, scheduledFor: SLOT }, deliver }
  }

  it('of slots that another node ran too, since the task was moved there, are evidence and hold up nothing', async () => {
    const { centre, node, taskId, run, deliver } = await pinned()
    const there = runRow({ ...run, state: 'Success', nodeId: 'other' })
    await insert(centre, there)
    const here = runRow({ ...run, state: 'Success', nodeId: node.nodeId })
    const retry = runRow({ ...run, state: 'Queued', attempt: 2 })
    const after = runRow({ ...run, state: 'Success', scheduledFor: '2026-03-02T03:00:00.000Z' })
    for (const one of [here, retry, after]) await insert(node.replica.db, one)
    await insert(centre, runRow({ ...run, state: 'Success', attempt: 2 }))
    const rowBefore = await centre.read.selectFrom('Task_Schedule').selectAll().execute()
    expect(rowBefore).toHaveLength(1)

    expect(await deliver(node)).toBe(3)
    expect(await countOfflineRuns(node.replica.db.look)).toBe(0)
    const runs = new Map((await runsIn(centre)).map((one) => [one.historyId, one]))
    expect(runs.get(there.historyId)).toMatchObject({ state: 'Success', scheduleId: run.scheduleId })
    expect(runs.get(here.historyId)).toMatchObject({
      ...{ state: 'Success', scheduleId: null, taskId },
      error: expect.stringContaining(`also run as ${there.historyId}`) as string,
    })
    expect(runs.get(retry.historyId)).toMatchObject({ state: 'Stopped', scheduleId: null })
    expect(runs.get(after.historyId)).toMatchObject({ state: 'Success', scheduleId: run.scheduleId })
  })

  it('are not those of other nodes that an edit cancelled here', async () => {
    const { centre, node, deliver } = await pinned()
    const taskId = await editsIn(centre).create('anywhere', { schedule: '0 3 * * *' })
    await node.pull()
    const run = runRow({ taskId, state: 'Queued' })
    await insert(centre, run)
    await insert(node.replica.db, run, true)
    await editsIn(node.replica.db).update(taskId, { enabled: false })
    expect((await runsIn(node.replica.db)).map(({ state }) => state)).toEqual(['Stopped'])
    expect(await countOfflineRuns(node.replica.db.look)).toBe(0)
    expect(await deliver(node)).toBe(0)
    expect(await runsIn(centre)).toMatchObject([{ state: 'Queued' }])
  })

  it.runIf(server?.type === 'MySQL')('go without an output that the server takes no packet for', async () => {
    const { centre, node, run, deliver } = await pinned()
    const output = Buffer.alloc(40 * 1024 * 1024, 'x')
    const large = runRow({ ...run, state: 'Success', output, outputBytes: 50_000_000 })
    await insert(node.replica.db, large)
    expect(await deliver(node)).toBe(1)
    expect(await runsIn(centre)).toMatchObject([
      {
        ...{ historyId: large.historyId, state: 'Success', output: null, outputBytes: 50_000_000 },
        error: expect.stringContaining('the output could not be stored') as string,
      },
    ])
  })

  it('say who asked to stop them, unless somebody did there before', async () => {
    const { centre, node, run, deliver } = await pinned()
    const running = { ...run, state: 'Running' as const, nodeId: node.nodeId, incarnation: 'here' }
    const asked = { stopRequestedAt: SLOT, stopRequestedBy: 'local:ann' }
    const [here, there] = [runRow(running), runRow({ ...running, scheduledFor: '2026-03-02T03:00:00.000Z' })]
    for (const one of [here, there]) {
      await insert(node.replica.db, { ...one, ...asked, state: 'Stopped' })
      await insert(
        centre,
        one === there ? { ...one, stopRequestedAt: SLOT, stopRequestedBy: 'local:bob' } : one,
      )
    }
    await deliver(node)
    const byId = new Map((await runsIn(centre)).map((one) => [one.historyId, one]))
    expect(byId.get(here.historyId)).toMatchObject({ state: 'Stopped', stopRequestedBy: 'local:ann' })
    expect(byId.get(there.historyId)).toMatchObject({ state: 'Stopped', stopRequestedBy: 'local:bob' })
  })

  it('do not end what another start, or another node, has taken there', async () => {
    const { centre, node, run, deliver } = await pinned()
    const mine = runRow({ ...run, state: 'Queued' })
    await insert(node.replica.db, mine)
    await insert(centre, { ...mine, state: 'Running', nodeId: 'other', incarnation: 'other' })
    await node.replica.db.write(SYSTEM, (tx) =>
      tx.updateTable('Task_History').set({ state: 'Stopped', updatedAt: SLOT }).execute(),
    )
    await deliver(node)
    expect(await runsIn(centre)).toMatchObject([{ state: 'Running', nodeId: 'other' }])
  })
})
