import { setTimeout as sleep } from 'node:timers/promises'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { OpenDatabase } from '../src/main/data/db.ts'
import { insertScheduleRow } from '../src/main/data/repos/schedules.ts'
import { insertTask } from '../src/main/data/repos/tasks.ts'
import { createDueRuns } from '../src/main/services/engine/slots.ts'
import { takerOf } from '../src/main/services/engine/taker.ts'
import { createScheduleCache } from '../src/main/services/tasks/schedule-of.ts'
import { scheduleRow, taskRow } from '../tests/data/rows.ts'
import { withBenchDatabase } from './support/bench-database.ts'
import { withTempFolder } from './support/folders.ts'
import { below, informational, median, percentile, timed, type BenchRow } from './support/rows.ts'

/** What a look at the clock costs with 10,000 scheduled tasks of which 200 are due, and how long it blocks. */

const NODE = {
  nodeId: 'bench',
  nodeName: 'bench',
  nodeGroup: null,
  nodeRole: null,
  isActive: true,
  isDraining: false,
  maxConcurrentTasks: 100,
  supportedTaskTypes: ['bash'],
}
const TASKS = 10_000
const DUE = 200
const ROUNDS = 8
const SLICE_MS = 20
const FIRST_SLOT = Date.parse('2026-01-01T00:00:00.000Z')
const MINUTE = 60_000

export const rows = (): Promise<BenchRow[]> =>
  withTempFolder((folder) =>
    withBenchDatabase(folder, async (db) => {
      await fill(db)
      return measure(db)
    }),
  )

/** Each minute another 200 tasks are due: hourly schedules spread over the minutes, 50 minutes of them. */
const fill = async (db: OpenDatabase): Promise<void> => {
  const groups = TASKS / DUE
  for (let group = 0; group < groups; group += 1) {
    await db.write({ actor: 'system' }, async (tx) => {
      for (let n = 0; n < DUE; n += 1) {
        const schedule = `${group} * * * *`
        const task = taskRow({ taskName: `task ${group}-${n}`, schedule, timeZone: 'UTC' })
        await insertTask(tx, task)
        const nextRun = new Date(FIRST_SLOT + group * MINUTE).toISOString()
        await insertScheduleRow(tx, scheduleRow({ taskId: task.taskId, nextRun }))
      }
    })
  }
}

const measure = async (db: OpenDatabase): Promise<BenchRow[]> => {
  const schedules = createScheduleCache()
  const taker = takerOf(NODE, [NODE], true)
  const quiet = await longestBlock(() => sleep(500))
  const [ticks, blocks]: [number[], number[]] = [[], []]
  for (let round = 0; round < ROUNDS; round += 1) {
    const now = new Date(FIRST_SLOT + round * MINUTE + 1000).toISOString()
    let created = 0
    const block = await longestBlock(async () => {
      const took = await timed(async () => {
        for (let more = true; more;) {
          const due = await db.write({ actor: 'system' }, (tx) => createDueRuns(tx, now, schedules, taker))
          created += due.created.length
          more = due.more
        }
      })
      ticks.push(took)
    })
    blocks.push(block)
    if (created !== DUE) throw new Error(`${created} of ${DUE} due slots were created`)
  }
  return [
    informational('slots of 200 due of 10,000 tasks created (p50)', median(ticks), { unit: 'ms' }),
    below('main loop blocked meanwhile (p99 of its delay, against an idle loop)', median(blocks), {
      unit: 'ms',
      reference: quiet,
      budget: SLICE_MS,
    }),
    informational('main loop blocked meanwhile (worst round)', percentile(blocks, 1), { unit: 'ms' }),
  ]
}

/** The 99th percentile of the event loop's delay while `work` goes on, milliseconds over its own resolution. */
const longestBlock = async (work: () => Promise<unknown>): Promise<number> => {
  const resolution = 1
  const delay = monitorEventLoopDelay({ resolution })
  delay.enable()
  await work()
  // A last block is seen by the timer behind it only.
  await sleep(resolution * 5)
  delay.disable()
  return Math.max(0, delay.percentile(99) / 1e6 - resolution)
}
