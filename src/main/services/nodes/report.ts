import { targetRefusal } from '../../../shared/domain/assignment.ts'
import { CLOCK_WARNING_MS, offsetWords, type MissingScript } from '../../../shared/domain/node.ts'
import type { Database } from '../../data/db.ts'
import { findNodeState, putNodeState } from '../../data/repos/node-states.ts'
import { eachTask } from '../../data/repos/tasks.ts'
import { resolveScript } from '../../exec/script-path.ts'
import type { Clock } from '../../platform/clock.ts'
import { systemCaller } from '../caller.ts'
import type { Self } from '../self.ts'

/** What a node looks up about itself now and then, for the others to see: its clock, and scripts that it lacks. */

export interface NodeReportDeps {
  db: Database
  clock: Clock
  self: Self
  log: { warn(message: string): void }
  /** Looks whether the database names this node's own public key, and puts it right. */
  keys: { announce(): Promise<void> }
  scriptRoots: () => string[]
  /** Milliseconds this machine's clock is ahead of the database's. */
  clockOffsetMs: () => number
}

const REPORT_MS = 60_000
/** The part of the time that may go into looking for scripts. */
const SHARE = 0.02
/** Beyond so many the list tells nothing more. */
const MOST_SHOWN = 100
/** Clocks waver; what is smaller is no news. */
const OFFSET_STEP_MS = 50

/** @returns one round; it answers in how many milliseconds the next is due. */
export const createNodeReport = (deps: NodeReportDeps): ((signal: AbortSignal) => Promise<number>) => {
  const { db, clock, self } = deps
  let saidAhead = false

  const warnOfClock = (offset: number): void => {
    const isOff = Math.abs(offset) > CLOCK_WARNING_MS
    if (isOff && !saidAhead)
      deps.log.warn(
        `the clock of this machine is ${offsetWords(offset)} the database's: ` +
          'runs keep the time of the database, the logs of this node mislead; let both take their time from one source (NTP)',
      )
    saidAhead = isOff
  }

  return async (signal) => {
    const began = clock.monotonic()
    const clockOffset = Math.round(deps.clockOffsetMs())
    warnOfClock(clockOffset)
    await deps.keys.announce()
    const missingScripts = await findMissing(deps, signal)
    if (!signal.aborted) await write(db, self.nodeId, { clockOffset, missingScripts })
    return Math.max(REPORT_MS, (clock.monotonic() - began) / SHARE)
  }
}

interface Report {
  clockOffset: number
  missingScripts: MissingScript[]
}

/** Only what is news: a row that changes each minute on each node is work for all of them. */
const write = async (db: Database, nodeId: string, report: Report): Promise<void> => {
  const known = await findNodeState(db.look, nodeId)
  const wavers = Math.abs((known?.clockOffset ?? Infinity) - report.clockOffset) < OFFSET_STEP_MS
  const isSame = JSON.stringify(known?.missingScripts ?? null) === JSON.stringify(report.missingScripts)
  if (wavers && isSame) return
  await db.write({ actor: systemCaller.actor }, (tx) => putNodeState(tx, nodeId, report))
}

/** Of enabled tasks for which this node is meant. */
const findMissing = async (
  { db, self, scriptRoots }: NodeReportDeps,
  signal: AbortSignal,
): Promise<MissingScript[]> => {
  const missing: MissingScript[] = []
  if (self.node().maxConcurrentTasks === 0) return missing
  for await (const task of eachTask(db.read)) {
    if (signal.aborted || missing.length === MOST_SHOWN) break
    if (!task.enabled || targetRefusal(task, self.node()) !== null) continue
    const { taskId, taskName, scriptPath, scriptHash } = task
    const script = await resolveScript({ scriptPath, scriptHash, scriptRoots: scriptRoots() })
    if (!script.ok) missing.push({ taskId, taskName, scriptPath, reason: script.reason })
  }
  return missing
}
