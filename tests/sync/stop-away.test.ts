import { describe, expect, it } from 'vitest'
import { DatabaseFailure } from '../../src/main/data/errors.ts'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { countOfflineRuns } from '../../src/main/data/replica/offline-runs.ts'
import { routedDatabase } from '../../src/main/data/replica/routed.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { createRunHome } from '../../src/main/services/engine/run-home.ts'
import { createEventBus } from '../../src/main/services/events.ts'
import { stopRun, stopTask } from '../../src/main/services/runs/stop.ts'
import { runRow } from '../data/rows.ts'
import { serverDatabases } from '../support/databases.ts'
import { admin } from '../support/node.ts'
import { editsIn, openSyncNode } from './sync-node.ts'

const SYSTEM = { actor: 'system' }

/** The cluster database as it is when nobody reaches it. */
const awayOf = (centre: OpenDatabase): OpenDatabase => ({
  ...centre,
  write: () => Promise.reject(new DatabaseFailure('away', 'the database does not answer', null)),
})

describe.each(serverDatabases())('$name: stopping runs on a node without its database', ({ open }) => {
  const cutOff = async () => {
    const centre = await open()
    const taskId = await editsIn(centre).create('pinned')
    const node = await openSyncNode(centre)
    await node.pull()
    const { db } = node.replica
    const insert = async (run: ReturnType<typeof runRow>, applies: boolean) => {
      await db.write({ ...SYSTEM, ...(applies && { applies }) }, (tx) =>
        tx.insertInto('Task_History').values(run).execute(),
      )
      return run.historyId
    }
    const own = { taskId, nodeId: node.nodeId }
    const queued = await insert(runRow({ ...own, state: 'Queued' }), false)
    const running = await insert(runRow({ ...own, state: 'Running' }), false)
    const central = await insert(runRow({ ...own, state: 'Running' }), true)
    const foreign = await insert(runRow({ taskId, state: 'Running', nodeId: 'other' }), true)
    const stopped: [string, string | undefined][] = []
    const away = awayOf(centre)
    const deps = {
      db: routedDatabase(away, db, () => true).reads,
      home: createRunHome(away, db),
      events: createEventBus(systemClock),
      stopHere: (historyId: string, why?: string) => {
        if (historyId === foreign) return false
        stopped.push([historyId, why])
        return true
      },
      tellOthers: () => undefined,
    }
    return { taskId, db, deps, stopped, queued, running, central, foreign }
  }

  it('ends those that it made itself, and asks its own scripts to end', async () => {
    const { db, deps, stopped, queued, running, central, foreign } = await cutOff()
    expect(await stopRun(deps, admin, queued)).toMatchObject({ state: 'Stopped' })
    expect(await stopRun(deps, admin, running)).toMatchObject({ stopRequestedBy: admin.actor })
    await stopRun(deps, admin, central)
    await expect(stopRun(deps, admin, foreign)).rejects.toThrow('does not answer')
    expect(stopped).toEqual([
      [running, undefined],
      [central, `stopped by ${admin.actor} while the cluster database was away`],
    ])
    // What the cluster database has is delivered by its result alone.
    expect(await countOfflineRuns(db.look)).toBe(2)
  })

  it('of a task are those of this node', async () => {
    const { taskId, deps, stopped, queued, running, central } = await cutOff()
    const { historyIds } = await stopTask(deps, admin, taskId)
    expect(historyIds.toSorted()).toEqual([queued, running, central].toSorted())
    expect(stopped.map(([historyId]) => historyId).toSorted()).toEqual([running, central].toSorted())
  })
})
