import type { Job, Runspace, Snapshot } from '../../../shared/domain/runtime.ts'
import { isoOf, type Clock } from '../../platform/clock.ts'
import type { EventBus } from '../events.ts'
import type { Self } from '../self.ts'
import type { LiveRun } from './dispatch.ts'
import { createSlotBoard, type SlotBoard } from './slot-board.ts'

/**
 * Cached runtime state (DESIGN §9): `/jobs` and `/runspaces` read only this, whatever the engine does
 * meanwhile.
 */
export interface RuntimeState {
  refresh: () => void
  jobs: () => Snapshot<Job>
  runspaces: () => Snapshot<Runspace>
}

export interface RuntimeDeps {
  clock: Clock
  self: Self
  events: EventBus
  live: () => LiveRun[]
}

export const createRuntimeState = (deps: RuntimeDeps): RuntimeState => {
  const { clock, self, events } = deps
  const board = createSlotBoard()
  const empty = { lastUpdate: isoOf(clock.now()), data: [] }
  let jobs: Snapshot<Job> = empty
  let runspaces: Snapshot<Runspace> = empty

  return {
    refresh: () => {
      const live = deps.live()
      const lastUpdate = isoOf(clock.now())
      board.seat(
        live.map((one) => one.claimed.run.historyId),
        self.node().maxConcurrentTasks,
      )
      jobs = { lastUpdate, data: live.map((one) => jobOf(self, board, one)) }
      runspaces = { lastUpdate, data: runspacesOf(self, board, live) }
      events.emit({ type: 'runtime.changed' })
    },
    jobs: () => jobs,
    runspaces: () => runspaces,
  }
}

const jobOf = (self: Self, board: SlotBoard, { claimed, startedAt }: LiveRun): Job => ({
  id: board.numberOf(claimed.run.historyId),
  name: claimed.task.taskName,
  state: 'Running',
  hasMoreData: true,
  location: self.nodeName,
  command: claimed.task.scriptPath,
  childJobs: [],
  psBeginTime: startedAt,
  psEndTime: null,
  historyId: claimed.run.historyId,
  taskId: claimed.task.taskId,
})

const runspacesOf = (self: Self, board: SlotBoard, live: readonly LiveRun[]): Runspace[] =>
  board.holders().map((holder, slot) => {
    const job = live.find((one) => one.claimed.run.historyId === holder)
    return {
      id: slot + 1,
      instanceId: `${self.incarnation}:${slot + 1}`,
      name: `Slot ${slot + 1}`,
      availability: job ? 'Busy' : 'Available',
      state: 'Opened',
      jobId: job ? board.numberOf(job.claimed.run.historyId) : null,
      jobName: job?.claimed.task.taskName ?? null,
      threadOptions: 'Process',
    }
  })
