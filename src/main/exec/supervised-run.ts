import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { existsSync } from 'node:fs'
import { messageOf } from '../../shared/domain/errors.ts'
import { isoOf, type Clock } from '../platform/clock.ts'
import { makeGroup, ranOutOfMemory, removeGroup } from './cgroup.ts'
import { startDeadlines } from './deadlines.ts'
import { endTree, type TreeEnd } from './end-tree.ts'
import { writeResult } from './journal.ts'
import type { Launch } from './launch.ts'
import { maskText } from './mask.ts'
import { startTicks, type Tree } from './processes.ts'
import { judge, type Exit, type Outcome } from './run-result.ts'
import { createRunOutput, type RunOutput } from './run-output.ts'
import type { RunResult, StopReason } from './run-spec.ts'
import { createSpoolWriter, spoolFile, type SpoolWriter } from './spool.ts'

export interface RunDeps {
  spoolDir: string
  journalDir: string
  clock: Clock
  platform: NodeJS.Platform
  started: (pid: number, startedAt: string) => void
  grown: (totalBytes: number) => void
  warn: (text: string) => void
}

export interface SupervisedRun {
  /** The result, which is in the journal by then; null when the run was abandoned. Never rejects. */
  ended: Promise<RunResult | null>
  /** Ends the tree politely, then by force. Does nothing once the script has ended by itself. */
  stop: (reason: StopReason) => void
  /** The node is gone: kills the tree at once and leaves no result, so that the run becomes `Lost`. */
  abandon: () => Promise<void>
}

/** How long the pipes may still deliver after the script's process has ended. */
const DRAIN_MS = 250
/** The same once the tree is proved dead: only a process that shed every mark can still hold a pipe. */
const LAST_DRAIN_MS = 2000

const start = (launch: Launch, platform: NodeJS.Platform): ChildProcessWithoutNullStreams =>
  spawn(launch.command, launch.args, {
    cwd: launch.workingDirectory,
    env: launch.environment,
    stdio: 'pipe',
    // A group of its own, so that one signal reaches all that did not leave it. On Windows it would open a window.
    detached: platform !== 'win32',
    windowsHide: true,
    windowsVerbatimArguments: launch.verbatim,
  })

const notStarted = (error: Error, launch: Launch): Exit => {
  const reason = existsSync(launch.workingDirectory)
    ? `could not start ${launch.command}: ${error.message}`
    : `could not start: its folder ${launch.workingDirectory} is missing`
  return { kind: 'not-started', reason }
}

const exitOf = (child: ChildProcess, launch: Launch): Promise<Exit> =>
  new Promise((resolve) => {
    child.on('error', (error) => {
      // Also emitted when a signal cannot be sent; only a child without pid has not started.
      if (child.pid === undefined) resolve(notStarted(error, launch))
    })
    child.once('exit', (code, signal) => resolve({ kind: 'exited', code, signal }))
  })

const feed = (child: ChildProcessWithoutNullStreams, text: string): void => {
  // A script that never reads its stdin, or ends before, is not an error.
  child.stdin.on('error', () => undefined)
  child.stdin.end(text)
}

interface Stopper {
  stop: (reason: StopReason) => void
  /** The script's own process has ended: from now on a stop is too late. */
  settle(): void
  abandon: () => Promise<void>
  /** The stop that was under way when the script ended, if any. */
  ending(): { reason: StopReason; end: Promise<TreeEnd> } | null
  abandoned(): boolean
}

const createStopper = (tree: Tree, launch: Launch, deps: RunDeps): Stopper => {
  let ending: ReturnType<Stopper['ending']> = null
  let settled = false
  let abandoned = false
  return {
    stop: (reason) => {
      if (!settled && !abandoned) ending ??= { reason, end: endTree(tree, launch.graceMs, deps) }
    },
    settle: () => {
      settled = true
    },
    abandon: async () => {
      if (settled) return
      abandoned = ending === null
      await endTree(tree, 0, deps)
    },
    ending: () => ending,
    abandoned: () => abandoned,
  }
}

interface Started {
  launch: Launch
  startTime: string
  child: ChildProcessWithoutNullStreams
  tree: Tree
  writer: SpoolWriter
  output: RunOutput
  stopper: Stopper
  exited: Promise<Exit>
  /** Resolves once both pipes are at their end. */
  drained: Promise<unknown>
}

/** A spool that cannot be opened or a command that cannot be tried is the run's failure, not ours. */
const startRun = (launch: Launch, startTime: string, deps: RunDeps): Started | { reason: string } => {
  try {
    const writer = createSpoolWriter(spoolFile(deps.spoolDir, launch.historyId), launch.maxOutputBytes)
    const { maskValues, historyId } = launch
    const output = createRunOutput({ writer, maskValues, grown: () => deps.grown(writer.total()) })
    if (launch.group) makeGroup(launch.group)
    const child = start(launch, deps.platform)
    const pid = child.pid ?? null
    const since = pid === null ? null : startTicks(pid, deps.platform)
    const tree = { historyId, pid, since, guarded: launch.guarded }
    const stopper = createStopper(tree, launch, deps)
    const exited = exitOf(child, launch)
    if (child.pid !== undefined) deps.started(child.pid, startTime)
    feed(child, launch.stdin)
    const drained = Promise.all([output.take(child.stdout, false), output.take(child.stderr, true)])
    return { launch, startTime, child, tree, writer, output, stopper, exited, drained }
  } catch (error) {
    if (launch.group) removeGroup(launch.group)
    return { reason: `could not start: ${messageOf(error)}` }
  }
}

const journalled = async (result: RunResult, deps: RunDeps): Promise<RunResult> => {
  await writeResult(deps.journalDir, result).catch((error: unknown) =>
    deps.warn(`the result of run ${result.historyId} could not be kept on disk: ${messageOf(error)}`),
  )
  return result
}

const failedAtOnce = (launch: Launch, startTime: string, reason: string, deps: RunDeps): Promise<RunResult> =>
  journalled(
    {
      historyId: launch.historyId,
      incarnation: launch.incarnation,
      state: 'Failed',
      exitCode: null,
      signal: null,
      startTime,
      endTime: isoOf(deps.clock.now()),
      error: maskText(reason, launch.maskValues),
      outputBytes: 0,
      outputTruncated: false,
    },
    deps,
  )

/** After a script that ended by itself: what it left behind is ended too, so that nothing outlives its run. */
const endLeftovers = async (run: Started, deps: RunDeps): Promise<TreeEnd> => {
  await Promise.race([run.drained, deps.clock.sleep(DRAIN_MS)])
  const end = await endTree(run.tree, 0, deps)
  // A guard's other processes end with the script, some of them a moment later: nobody left them behind.
  if (end.found > 0 && !run.launch.guarded)
    await run.output.note(`processes the script left behind were ended: ${end.found}`)
  return end
}

const resultOf = (run: Started, exit: Exit, end: TreeEnd, endTime: string): RunResult => {
  const { launch, writer, output, stopper, startTime } = run
  const outcome: Outcome = {
    exit,
    stopReason: stopper.ending()?.reason ?? null,
    forced: end.forced,
    survivors: end.survivors,
    stderrTail: output.stderrTail(),
    spoolFailure: writer.failure()?.message ?? null,
    outOfMemory: launch.group !== null && ranOutOfMemory(launch.group),
  }
  return {
    historyId: launch.historyId,
    incarnation: launch.incarnation,
    ...judge(outcome, launch),
    exitCode: exit.kind === 'exited' ? exit.code : null,
    signal: exit.kind === 'exited' ? exit.signal : null,
    startTime,
    endTime,
    outputBytes: writer.total(),
    outputTruncated: writer.truncated(),
  }
}

const finishRun = async (run: Started, callOff: () => void, deps: RunDeps): Promise<RunResult | null> => {
  const { child, stopper, drained, writer } = run
  const exit = await run.exited
  stopper.settle()
  callOff()
  const exitedAt = isoOf(deps.clock.now())
  const ending = stopper.ending()
  const end = ending ? await ending.end : await endLeftovers(run, deps)
  const endTime = ending ? isoOf(deps.clock.now()) : exitedAt
  await Promise.race([drained, deps.clock.sleep(LAST_DRAIN_MS)])
  child.stdout.destroy()
  child.stderr.destroy()
  await drained
  await writer.close()
  const result = resultOf(run, exit, end, endTime)
  if (run.launch.group) removeGroup(run.launch.group)
  if (stopper.abandoned()) return null
  return journalled(result, deps)
}

/** Starts one script and sees it through to its result: output, deadline, the death of its whole tree, journal. */
export const superviseRun = (launch: Launch, deps: RunDeps): SupervisedRun => {
  const startTime = isoOf(deps.clock.now())
  const run = startRun(launch, startTime, deps)
  if ('reason' in run)
    return {
      ended: failedAtOnce(launch, startTime, run.reason, deps),
      stop: () => undefined,
      abandon: async () => undefined,
    }
  const { stop, abandon } = run.stopper
  const callOff = startDeadlines(launch, deps.clock, stop)
  const ended = finishRun(run, callOff, deps).catch((error: unknown) =>
    failedAtOnce(launch, startTime, `the supervisor could not see it through: ${messageOf(error)}`, deps),
  )
  return { ended, stop, abandon }
}
