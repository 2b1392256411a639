import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { OpenDatabase } from '../src/main/data/db.ts'
import { insertNode } from '../src/main/data/repos/nodes.ts'
import { insertRuns } from '../src/main/data/repos/runs.ts'
import { insertScheduleRow } from '../src/main/data/repos/schedules.ts'
import { insertTask } from '../src/main/data/repos/tasks.ts'
import { systemClock } from '../src/main/platform/clock.ts'
import { createCalendar } from '../src/main/services/schedules/calendar.ts'
import { CALENDAR_ROWS, calendarInputSchema } from '../src/shared/domain/calendar.ts'
import { nodeRow, runRow, scheduleRow, taskRow } from '../tests/data/rows.ts'
import { withBenchDatabase } from './support/bench-database.ts'
import { withTempFolder } from './support/folders.ts'
import { below, informational, median, percentile, timed, type BenchRow } from './support/rows.ts'

/** A week of the calendar with 5,000 scheduled tasks, every tenth of them each minute, and 100,000 runs. */

const TASKS = 5000
const RUNS = 100_000
const NODES = 20
const ROUNDS = 7
const BUDGET_MS = 1000
const BLOCK_MS = 50

export const rows = (): Promise<BenchRow[]> =>
  withTempFolder((folder) =>
    withBenchDatabase(folder, async (db) => {
      await fill(db)
      return measure(db)
    }),
  )

const scheduleOf = (n: number): string =>
  n % 10 === 0 ? '* * * * *' : n % 10 < 4 ? `*/${5 + (n % 3) * 5} * * * *` : `${n % 60} ${n % 24} * * *`

const fill = async (db: OpenDatabase): Promise<void> => {
  const now = new Date().toISOString()
  const tasks = Array.from({ length: TASKS }, (_, n) =>
    taskRow({ taskName: `task ${n}`, schedule: scheduleOf(n), timeZone: 'Europe/Berlin', runOn: 'One' }),
  )
  await db.write({ actor: 'system' }, async (tx) => {
    for (let n = 0; n < NODES; n += 1) await insertNode(tx, nodeRow({ nodeId: `n${n}`, nodeName: `n${n}` }))
    for (const task of tasks) {
      await insertTask(tx, task)
      await insertScheduleRow(tx, scheduleRow({ taskId: task.taskId, nextRun: now }))
    }
  })
  for (let from = 0; from < RUNS; from += 500)
    await db.write({ actor: 'system' }, (tx) =>
      insertRuns(
        tx,
        Array.from({ length: 500 }, (_, i) => {
          const sortTime = new Date(Date.parse(now) - (from + i) * 1000).toISOString()
          const taskId = tasks[(from + i) % TASKS]?.taskId ?? ''
          return runRow({ taskId, sortTime, startTime: sortTime, state: 'Success', duration: i * 1000 })
        }),
      ),
    )
}

const measure = async (db: OpenDatabase): Promise<BenchRow[]> => {
  const calendar = createCalendar({
    ...{ db, clock: systemClock, self: { nodeId: 'bench' } },
    ...{ timeZone: 'Europe/Berlin', rows: CALENDAR_ROWS },
  })
  const from = new Date().toISOString().slice(0, 10)
  const week = () => calendar(calendarInputSchema.parse({ from }))
  const first = await timed(week)
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) times.push(await timed(week))
  delay.disable()
  const bytes = JSON.stringify(await week()).length
  return [
    informational('a week of 5,000 tasks, the first time', first, { unit: 'ms' }),
    below('a week of 5,000 tasks (p95)', percentile(times, 0.95), { unit: 'ms', budget: BUDGET_MS }),
    informational('a week of 5,000 tasks (p50)', median(times), { unit: 'ms' }),
    below('main loop blocked meanwhile (p99)', delay.percentile(99) / 1e6, { unit: 'ms', budget: BLOCK_MS }),
    informational('its answer', bytes / 1000, { unit: 'kB' }),
  ]
}
