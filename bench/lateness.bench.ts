import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from '../src/shared/domain/fields.ts'
import type { Run } from '../src/shared/domain/run.ts'
import { withTempFolder } from './support/folders.ts'
import { startNodeProcess, type NodeProcess } from './support/node-process.ts'
import { below, informational, median, percentile, type BenchRow } from './support/rows.ts'
import { writeScript } from './support/bench-node.ts'

/**
 * Start lateness: fifty tasks on a node with standard settings, ten due every second and forty every two
 * seconds (twenty on the even ones, twenty on the odd): thirty runs a second, all due at the same instant.
 */

const SECONDS = 30
const EACH_SECOND = 10
const EACH_TWO = 40
const BUDGET_MS = 250

export const rows = (): Promise<BenchRow[]> =>
  withTempFolder(async (dir) => {
    const marks = join(dir, 'marks')
    mkdirSync(marks)
    // bash writes its first microsecond: no other process is started for it.
    writeScript(dir, 'mark.sh', `echo "$EPOCHREALTIME" > "${marks}/$PSWEBHOST_HISTORY_ID"\n`)
    const node = await startNodeProcess(dir, 'out/main/headless.js')
    try {
      const window = windowOf(Date.now())
      await addTasks(node, window)
      const timers = await timerLateness(window.to)
      // The last slots' runs end within moments.
      await sleep(3000)
      return rowsOf(await runsOf(node, window), marksIn(marks), timers, window)
    } finally {
      await node.stop()
    }
  })

interface Window {
  from: number
  to: number
}

/** Whole seconds, begun when the tasks are surely all there. */
const windowOf = (now: number): Window => {
  const from = Math.ceil(now / 2000) * 2000 + 4000
  return { from, to: from + SECONDS * 1000 }
}

const addTasks = async (node: NodeProcess, { from, to }: Window): Promise<void> => {
  const [start, end] = [new Date(from).toISOString(), new Date(to).toISOString()]
  const add = (n: number, cron: string): Promise<unknown> =>
    node.createTask({
      taskName: `mark ${n}`,
      scriptPath: 'mark.sh',
      timeZone: 'UTC',
      // Thirty slots at one instant, and ten places: a slot may find its forerunner still waiting.
      overlapPolicy: 'Parallel',
      schedule: { type: 'cron', cron, start, end },
    })
  for (let n = 0; n < EACH_SECOND; n += 1) await add(n, '* * * * * *')
  for (let n = 0; n < EACH_TWO; n += 1) await add(EACH_SECOND + n, `${n % 2}-59/2 * * * * *`)
  if (Date.now() > from) throw new Error('the tasks took longer to make than the time set aside for it')
}

/** How late this process's own timers are meanwhile, beside the node: what the machine itself adds. */
const timerLateness = async (until: number): Promise<number[]> => {
  const late: number[] = []
  while (Date.now() < until) {
    const due = Math.floor(Date.now() / 250) * 250 + 250
    await sleep(due - Date.now())
    late.push(Math.max(0, Date.now() - due))
  }
  return late
}

const runsOf = async (node: NodeProcess, { from, to }: Window): Promise<Run[]> => {
  const runs: Run[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    // The route answers a page of runs.
    const page = (await node.ask(`/history?limit=1000${cursor && `&cursor=${cursor}`}`)) as Page<Run>
    runs.push(...page.items)
    cursor = page.nextCursor
  }
  return runs.filter(({ scheduledFor }) => Date.parse(scheduledFor) >= from && Date.parse(scheduledFor) < to)
}

/** The first instant of each script by its run's id, epoch milliseconds. */
const marksIn = (folder: string): Map<string, number> =>
  new Map(readdirSync(folder).map((id) => [id, Number(readFileSync(join(folder, id), 'utf8')) * 1000]))

const rowsOf = (
  runs: readonly Run[],
  marks: ReadonlyMap<string, number>,
  timers: readonly number[],
  window: Window,
): BenchRow[] => {
  const started = runs.filter((run) => run.startTime !== null)
  const starts = started.map((run) => Date.parse(run.startTime ?? '') - Date.parse(run.scheduledFor))
  const scripts = runs.flatMap((run) => {
    const mark = marks.get(run.historyId)
    return mark === undefined ? [] : [mark - Date.parse(run.scheduledFor)]
  })
  const reference = percentile(timers, 0.95)
  const within = { unit: 'ms', reference, budget: BUDGET_MS }
  return [
    below('start lateness, slot to startTime (p95, against setTimeout)', percentile(starts, 0.95), within),
    below('start lateness, slot to the script’s first instant (p95)', percentile(scripts, 0.95), within),
    informational('start lateness, slot to the script’s first instant (p50)', median(scripts), {
      unit: 'ms',
      reference: median(timers),
    }),
    slotsRow(runs, marks, (window.to - window.from) / 1000),
  ]
}

/** Every slot once: a run and a mark for each, no slot twice. */
const slotsRow = (runs: readonly Run[], marks: ReadonlyMap<string, number>, seconds: number): BenchRow => {
  const expected = seconds * (EACH_SECOND + EACH_TWO / 2)
  const ran = runs.filter((run) => marks.has(run.historyId))
  const slots = new Set(ran.map((run) => `${run.taskId} ${run.scheduledFor}`)).size
  return {
    line: 'slots that ran exactly once',
    figure: slots,
    unit: 'slots',
    reference: expected,
    ratio: slots / expected,
    budget: 'all',
    ok: slots === expected && runs.length === expected && ran.length === expected,
  }
}
