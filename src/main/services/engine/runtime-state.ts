import type { Job, Runspace, Snapshot } from '../../../shared/domain/runtime.ts'
import { isoOf, type Clock } from '../../platform/clock.ts'
import type { EventBus } from '../events.ts'
import type { Self } from '../self.ts'
import type { LiveRun } from './dispatch.ts'

/**
 * Cached runtime state (DESIGN §9): `/jobs` and `/runspaces` read only this, whatever the engine does
 * meanwhile. A slot keeps its number while a run holds it, so that a reader can follow one.
 */
export interface RuntimeState {
  refresh(): void
  jobs(): Snapshot<Job>
  runspaces(): Snapshot<Runspace>
}

export const createRuntimeState = (deps: {
  clock: Clock
  self: Self
  events: EventBus
  live: () => LiveRun[]
}): RuntimeState => {
  const { clock, self, events } = deps
  /** historyId by slot, from 0. */
  const slots: (string | undefined)[] = []
  const numbers = new Map<string, number>()
  let lastNumber = 0
  let jobs: Snapshot<Job> = { lastUpdate: isoOf(clock.now()), data: [] }
  let runspaces: Snapshot<Runspace> = { lastUpdate: isoOf(clock.now()), data: [] }

  const numberOf = (historyId: string): number => {
    const number = numbers.get(historyId) ?? (lastNumber += 1)
    numbers.set(historyId, number)
    return number
  }

  const seat = (live: readonly LiveRun[]): void => {
    const ids = new Set(live.map((one) => one.claimed.run.historyId))
    for (const [slot, holder] of slots.entries())
      if (holder !== undefined && !ids.has(holder)) slots[slot] = undefined
    for (const id of numbers.keys()) if (!ids.has(id)) numbers.delete(id)
    for (const id of ids) {
      if (slots.includes(id)) continue
      const free = slots.indexOf(undefined)
      if (free === -1) slots.push(id)
      else slots[free] = id
    }
    const capacity = self.node().maxConcurrentTasks
    while (slots.length < capacity) slots.push(undefined)
    while (slots.length > capacity && slots.at(-1) === undefined) slots.pop()
  }

  const jobOf = ({ claimed, startedAt }: LiveRun): Job => ({
    id: numberOf(claimed.run.historyId),
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

  const runspaceOf = (live: readonly LiveRun[], holder: string | undefined, slot: number): Runspace => {
    const job = live.find((one) => one.claimed.run.historyId === holder)
    return {
      id: slot + 1,
      instanceId: `${self.incarnation}:${slot + 1}`,
      name: `Slot ${slot + 1}`,
      availability: job ? 'Busy' : 'Available',
      state: 'Opened',
      jobId: job ? numberOf(job.claimed.run.historyId) : null,
      jobName: job?.claimed.task.taskName ?? null,
      threadOptions: 'Process',
    }
  }

  return {
    refresh: () => {
      const live = deps.live()
      const lastUpdate = isoOf(clock.now())
      seat(live)
      jobs = { lastUpdate, data: live.map(jobOf) }
      runspaces = { lastUpdate, data: slots.map((holder, slot) => runspaceOf(live, holder, slot)) }
      events.emit({ type: 'runtime.changed' })
    },
    jobs: () => jobs,
    runspaces: () => runspaces,
  }
}
