import { gzipSync } from 'node:zlib'
import Sqlite from 'better-sqlite3'
import { parseSchedule, slotsBetween } from '../../src/shared/domain/schedule.ts'
import { writeFailures, type Ended } from './past-failures.ts'
import type { Task } from '../../src/shared/domain/task.ts'
import type { Habit, StoryTask } from './story.ts'

/*
 * Weeks of runs for a node that is minutes old: rows as the engine would have written them, put straight
 * into the stopped node's database. Pictures only: tests let real nodes run real scripts.
 */

const DAY = 86_400_000
const DAYS = 8
const MOST_OF_A_TASK = 60

/** A reproducible scatter over 0..1 in which neighbours differ (the mixer of murmur3). */
const scatter = (n: number): number => {
  let mixed = Math.imul(n ^ (n >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 4_294_967_296
}

interface PastRun {
  at: number
  seconds: number
  state: string
  error: string | null
}

const pastRuns = (task: Task, habit: Habit, now: number, salt: number): PastRun[] => {
  if (task.schedule === null) return []
  const schedule = parseSchedule(task.schedule, task.timeZone)
  const slots = slotsBetween(schedule, now - DAYS * DAY, now - 60_000, 10_000).slice(-MOST_OF_A_TASK)
  return slots.map((slot, index) => {
    const chance = scatter(salt * 7919 + index * 104_729 + 1)
    const broken = index >= slots.length - habit.brokenFor
    const bad = broken || (habit.badOneIn > 0 && chance * habit.badOneIn < 1)
    const seconds = habit.seconds * (0.85 + chance * 0.4) * (bad && habit.badState === 'Failed' ? 0.2 : 1)
    return {
      at: slot.at,
      seconds: Math.min(seconds, task.timeout ?? seconds),
      state: bad ? habit.badState : 'Success',
      error: bad ? habit.error : null,
    }
  })
}

const outputOf = (run: PastRun, { output }: Habit): Buffer => {
  const stamp = (ms: number): string => new Date(run.at + ms).toISOString().slice(11, 19)
  const end = run.error ? `\u001b[31m${run.error}\u001b[0m` : `\u001b[32m${output}\u001b[0m`
  const lines = ['start', 'prepare', 'work', end].map((line, n) => `${stamp(n * 400)}  ${line}`)
  return gzipSync(lines.join('\n') + '\n')
}

const id = (kind: number, n: number, at: number): string => {
  const time = at.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${kind.toString(16).padStart(3, '0')}-8000-${n.toString(16).padStart(12, '0')}`
}

const iso = (at: number): string => new Date(at).toISOString()

interface PastOptions {
  /** pswebhost.db of a node that is stopped. */
  file: string
  tasks: readonly { task: Task; story: StoryTask }[]
  nodeId: string
  now: number
}

/** Writes the runs of the last days and each schedule row's last state. @returns how many runs */
export const writePast = ({ file, tasks, nodeId, now }: PastOptions): number => {
  const db = new Sqlite(file)
  // The triggers need the program's functions; it puts them back at its next start.
  const triggers = db.prepare<[], { name: string }>(`select name from sqlite_master where type = 'trigger'`)
  for (const { name } of triggers.all()) db.exec(`drop trigger "${name}"`)
  let count = 0
  const insert = insertRun(db)
  const note = db.prepare(
    `update Task_Schedule set LastRun = ?, LastState = ?, LastHistoryID = ?, TotalRuns = ? where TaskID = ?`,
  )
  db.transaction(() => {
    tasks.forEach(({ task, story }, salt) => {
      const runs = pastRuns(task, story.habit, now, salt)
      let last: [string, string, string] | undefined
      const ended: Ended[] = []
      for (const run of runs) {
        const historyId = id(9, (count += 1), run.at)
        insert({ historyId, task, run, nodeId, output: outputOf(run, story.habit) })
        last = [iso(run.at), run.state, historyId]
        const endedAt = iso(run.at + 40 + run.seconds * 1000)
        ended.push({ historyId, endedAt, state: run.state, error: run.error })
      }
      writeFailures(db, { task, runs: ended, now })
      if (last) note.run(...last, runs.length, task.taskId)
    })
  })()
  db.close()
  return count
}

const insertRun = (db: Sqlite.Database) => {
  const columns =
    'HistoryID TaskID TaskName AppName NodeID ScheduledFor NotBefore StartTime EndTime SortTime Duration State ExitCode Priority Attempt TriggeredBy Error TaskVersion OutputBytes UpdatedAt Output'.split(
      ' ',
    )
  const statement = db.prepare(
    `insert into Task_History (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
  )
  return (options: { historyId: string; task: Task; run: PastRun; nodeId: string; output: Buffer }): void => {
    const { historyId, task, run, nodeId, output } = options
    const [start, end] = [iso(run.at + 40), iso(run.at + 40 + run.seconds * 1000)]
    const exitCode = run.state === 'Success' ? 0 : run.state === 'Failed' ? 1 : null
    const ran = [start, end, start, Math.round(run.seconds * 1000), run.state, exitCode]
    const due = iso(run.at)
    statement.run(
      ...[historyId, task.taskId, task.taskName, task.appName, nodeId, due, due, ...ran],
      ...[0, 1, 'Schedule', run.error, task.version, output.length, end, output],
    )
  }
}
