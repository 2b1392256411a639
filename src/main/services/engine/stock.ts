import { listResults } from '../../exec/journal.ts'
import type { RunResult } from '../../exec/run-spec.ts'
import type { OpenDatabase, Tx } from '../../data/db.ts'
import { heldElsewhere, isOfflineRun } from '../../data/replica/offline-runs.ts'
import { runningOn } from '../../data/repos/leases.ts'
import { findRun, insertRun, updateRun } from '../../data/repos/runs.ts'
import type { RunState } from '../../../shared/domain/run.ts'
import { isoOf, type Clock } from '../../platform/clock.ts'
import type { Self } from '../self.ts'
import type { LiveRun } from './dispatch.ts'
import { declareLost, type LostDeps } from './lost.ts'

/**
 * What a replica says of this node's own runs is as old as its last look at the cluster database. Before anything is
 * decided by it, it is told what this process knows: overlap and limits count what really goes on.
 */
export interface StockDeps {
  replica: OpenDatabase
  nodeId: string
  journalDir: string
  clock: Clock
  live: () => LiveRun[]
}

export const takeStock = async ({ replica, nodeId, journalDir, clock, live }: StockDeps): Promise<void> => {
  const results = new Map((await listResults(journalDir)).map((result) => [result.historyId, result]))
  const running = new Map(live().map(({ claimed: { run } }) => [run.historyId, run]))
  const now = isoOf(clock.now())
  await replica.write({ actor: 'system', applies: true }, async (tx) => {
    for (const { historyId, state, startTime } of await heldElsewhere(tx, nodeId)) {
      if (running.has(historyId) && state === 'Running') continue
      const result = results.get(historyId)
      if (result) await writeEnd(tx, { result, state, startTime, now })
      // What waits in the cluster database, or ended and was delivered there: it tells when it is back.
      else await tx.deleteFrom('Task_History').where('historyId', '=', historyId).execute()
    }
    for (const run of running.values())
      if (!(await findRun(tx, run.historyId))) await insertRun(tx, { ...run, output: null })
  })
}

/**
 * At start: runs of an earlier start that only the replica knows of are over.
 * @returns how many.
 */
export const reclaimOffline = async (
  deps: Omit<LostDeps, 'db'> & { replica: OpenDatabase; self: Self },
): Promise<number> => {
  const { replica, self } = deps
  let lost = 0
  for (const run of await runningOn(replica.look, self.nodeId)) {
    if (run.incarnation === self.incarnation || !(await isOfflineRun(replica.look, run.historyId))) continue
    const reason = 'the node was started anew before it ended'
    if (await declareLost({ ...deps, db: replica }, { run, reason, stillLost: () => true })) lost += 1
  }
  return lost
}

interface End {
  result: RunResult
  /** What the replica took it for. */
  state: RunState
  startTime: string | null
  now: string
}

const writeEnd = async (tx: Tx, { result, state, startTime, now }: End): Promise<void> => {
  const { exitCode, error, endTime } = result
  const duration = startTime ? Math.max(0, Date.parse(endTime) - Date.parse(startTime)) : null
  const ended = { state: result.state, exitCode, error, endTime, duration, leaseUntil: null, updatedAt: now }
  await updateRun(tx, result.historyId, { state }, ended)
}
