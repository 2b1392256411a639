import { listRuns } from '../data/repos/run-list.ts'
import { runStats } from '../data/repos/run-stats.ts'
import { refuseWhileHeld } from './engine/hold.ts'
import { toRun } from './runs/records.ts'
import type { OutputReader } from './runs/output.ts'
import { queueRuns } from './runs/start.ts'
import { runOr404, stopRun, stopTask, type StopDeps } from './runs/stop.ts'
import type { Services } from './services.ts'
import type { OwnKey } from './nodes/known-nodes.ts'
import type { SecretValues } from './tasks/save.ts'
import { lockedTaskOr404 } from './tasks.ts'

export interface RunsDeps extends StopDeps {
  secrets: SecretValues
  ownKey: OwnKey
  /** A heartbeat older than this makes a node Away, milliseconds. */
  awayAfterMs: number
  output: OutputReader
  wake: () => void
}

export const createRuns = (deps: RunsDeps): Services['runs'] => {
  const { db, events } = deps
  return {
    start: async (caller, taskId, options) => {
      const historyIds = await db.write({ actor: caller.actor, reason: caller.reason }, async (tx) => {
        const task = await lockedTaskOr404(tx, taskId)
        await refuseWhileHeld(tx)
        return queueRuns({ ...deps, tx, caller, now: await db.now() }, task, options)
      })
      for (const id of historyIds) events.emit({ type: 'run.queued', id, taskId, state: 'Queued' })
      deps.wake()
      return { historyId: historyIds[0] ?? '', historyIds }
    },
    list: async (_caller, filter) => {
      const page = await listRuns(db.read, filter)
      return { items: page.items.map(toRun), nextCursor: page.nextCursor }
    },
    get: async (_caller, historyId) => toRun(await runOr404(db.read, historyId)),
    stats: (_caller, input) => runStats(db.read, input),
    stop: (caller, historyId) => stopRun(deps, caller, historyId),
    stopTask: (caller, taskId) => stopTask(deps, caller, taskId),
    output: (_caller, historyId, options) => deps.output(historyId, options),
  }
}
