import { mkdirSync } from 'node:fs'
import { AppError, messageOf } from '../../shared/domain/errors.ts'
import { isoOf, type Clock } from '../platform/clock.ts'
import { endTree } from './end-tree.ts'
import { minimalEnvironment, type Environment } from './environment.ts'
import { readResult, writeResult } from './journal.ts'
import { launchOf } from './launch.ts'
import type { FromSupervisor } from './protocol.ts'
import type { RunResult, RunSpec, StopReason } from './run-spec.ts'
import type { Sandbox } from './sandbox.ts'
import { startSupervisorProcess, type SupervisorProcess } from './supervisor-process.ts'

export type { ResultState, RunLimits, RunResult, RunSpec, StopReason, TaskContext } from './run-spec.ts'

export interface SupervisorDeps {
  /** Path of supervisor.js (tests: supervisor.ts). */
  entry: string
  /** The Node 24 that runs it. */
  nodePath: string
  spoolDir: string
  journalDir: string
  /** `resources/exec/run-task.ps1`. */
  powershellWrapper: string
  /** The environment the node was started with; only what `minimalEnvironment` picks is handed on. */
  hostEnvironment: Readonly<Record<string, string | undefined>>
  /** `nodeDirId(dataDir)`. */
  nodeDirId: string
  /** Cap of one run's output; a task's `outputBytes` may only lower it. */
  maxOutputBytes: number
  /** None when left out. */
  sandbox?: Sandbox | undefined
  /** The control group in which those of runs are made. */
  groups?: string | null | undefined
  clock: Clock
  log: { warn(text: string): void }
  /** Output of a run has grown to so many bytes; at most once in 100 ms for each run. */
  onOutput?: (historyId: string, totalBytes: number) => void
}

export interface LiveProcess {
  historyId: string
  taskId: string
  /** null until the script has started. */
  pid: number | null
  startedAt: string | null
  outputBytes: number
}

/** The result, which is in the journal by then. Never rejects: what goes wrong is a `Failed` result. */
export type RunHandle = Promise<RunResult>

export interface Supervisor {
  run(spec: RunSpec): RunHandle
  /** False when no such run is live. The run's result tells when it has ended. */
  stop(historyId: string, reason: StopReason): boolean
  /** Whether `close` was called: nothing is started any more. */
  isClosed(): boolean
  list(): LiveProcess[]
  /** The supervisor's own process; null while it is down. */
  pid(): number | null
  /** Stops every run with reason `shutdown` (grace, then kill), waits for the results, ends the supervisor. */
  close(): Promise<void>
}

interface Live extends LiveProcess {
  spec: RunSpec
  askedAt: string
  by: SupervisorProcess
  resolve: (result: RunResult) => void
  done: Promise<RunResult>
}

const shown = ({ historyId, taskId, pid, startedAt, outputBytes }: Live): LiveProcess => ({
  historyId,
  taskId,
  pid,
  startedAt,
  outputBytes,
})

const failed = (live: Live, error: string, endTime: string): RunResult => ({
  historyId: live.historyId,
  incarnation: live.spec.incarnation,
  state: 'Failed',
  exitCode: null,
  signal: null,
  startTime: live.startedAt ?? live.askedAt,
  endTime,
  error,
  outputBytes: live.outputBytes,
  outputTruncated: false,
})

/** Folds one message of the supervisor into what is known of its runs. */
const createInbox =
  (live: Map<string, Live>, deps: SupervisorDeps) =>
  (message: FromSupervisor): void => {
    const run = live.get(message.kind === 'ended' ? message.result.historyId : message.historyId)
    if (!run) return
    switch (message.kind) {
      case 'started':
        run.pid = message.pid
        run.startedAt = message.startedAt
        break
      case 'output':
        run.outputBytes = message.totalBytes
        deps.onOutput?.(run.historyId, message.totalBytes)
        break
      case 'ended':
        live.delete(run.historyId)
        run.resolve(message.result)
        break
    }
  }

/** The supervisor died under a run: its tree is ended first, then the run reported, unless it had ended before. */
const buryRun = async (run: Live, how: string, deps: SupervisorDeps): Promise<RunResult> => {
  const end = await endTree(run, 0, { clock: deps.clock, platform: process.platform })
  const written = await readResult(deps.journalDir, run.historyId)
  if (written?.incarnation === run.spec.incarnation) return written
  const left =
    end.survivors.length > 0 ? `; these processes could not be killed: ${end.survivors.join(', ')}` : ''
  const result = failed(run, `the supervisor ${how} while the script ran${left}`, isoOf(deps.clock.now()))
  await writeResult(deps.journalDir, result).catch((error: unknown) =>
    deps.log.warn(`the result of run ${run.historyId} could not be kept on disk: ${messageOf(error)}`),
  )
  return result
}

interface Keeper {
  base: Environment
  current(): SupervisorProcess | null
  /** The running supervisor, started first when there is none. */
  ensure(): SupervisorProcess
  close(): Promise<void>
}

/** Keeps one supervisor process alive and starts it again when it dies; a quick death waits for the next run. */
const createKeeper = (live: Map<string, Live>, deps: SupervisorDeps): Keeper => {
  const base = minimalEnvironment(deps.hostEnvironment, process.platform)
  const onMessage = createInbox(live, deps)
  let current: SupervisorProcess | null = null
  let closing = false

  const begin = (): SupervisorProcess => {
    const startedAt = deps.clock.monotonic()
    const warn = (text: string): void => deps.log.warn(`supervisor: ${text}`)
    const started = startSupervisorProcess({ ...deps, base, onMessage, warn })
    current = started
    void started.gone.then(async (how) => {
      if (current === started) current = null
      const orphans = [...live.values()].filter((run) => run.by === started)
      if (!closing) deps.log.warn(`supervisor ${how}; ${orphans.length} runs are ended`)
      if (!closing && deps.clock.monotonic() - startedAt > 1000) current ??= begin()
      await Promise.all(
        orphans.map(async (run) => {
          const result = await buryRun(run, how, deps).catch((error: unknown) =>
            failed(
              run,
              `the supervisor ${how}; its script may live: ${messageOf(error)}`,
              isoOf(deps.clock.now()),
            ),
          )
          live.delete(run.historyId)
          run.resolve(result)
        }),
      )
    })
    return started
  }
  return {
    base,
    current: () => current,
    ensure: () => current ?? begin(),
    close: async () => {
      closing = true
      await current?.close()
    },
  }
}

const beginRun = (
  spec: RunSpec,
  keeper: Keeper,
  live: Map<string, Live>,
  deps: SupervisorDeps,
): Promise<RunResult> => {
  let resolve: (result: RunResult) => void = () => undefined
  const done = new Promise<RunResult>((settle) => (resolve = settle))
  const { historyId, taskId } = spec
  const by = keeper.ensure()
  const askedAt = isoOf(deps.clock.now())
  const unstarted = { historyId, taskId, pid: null, startedAt: null, outputBytes: 0 }
  const run: Live = { ...unstarted, spec, askedAt, by, resolve, done }
  try {
    const launch = launchOf(spec, { ...deps, base: keeper.base, platform: process.platform })
    live.set(historyId, run)
    // When it could not be sent the process is gone, and `gone` buries the run.
    by.send({ kind: 'run', launch })
  } catch (error) {
    live.delete(historyId)
    resolve(failed(run, `could not start: ${messageOf(error)}`, isoOf(deps.clock.now())))
  }
  return done
}

/**
 * The node's door to its supervisor. Folders are created (0700) if missing; the process starts at once, so that
 * the first run does not wait for it.
 */
export const createSupervisor = (deps: SupervisorDeps): Supervisor => {
  for (const folder of [deps.spoolDir, deps.journalDir]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  const live = new Map<string, Live>()
  const keeper = createKeeper(live, deps)
  let closed = false
  keeper.ensure()

  return {
    run: (spec) => {
      if (closed) throw new AppError('UNAVAILABLE', 'the node is shutting down and starts nothing more')
      if (live.has(spec.historyId)) throw new AppError('CONFLICT', `run ${spec.historyId} is running already`)
      return beginRun(spec, keeper, live, deps)
    },
    stop: (historyId, reason) => live.get(historyId)?.by.send({ kind: 'stop', historyId, reason }) ?? false,
    isClosed: () => closed,
    list: () => [...live.values()].map(shown),
    pid: () => keeper.current()?.pid ?? null,
    close: async () => {
      closed = true
      const left = [...live.values()]
      for (const { by, historyId } of left) by.send({ kind: 'stop', historyId, reason: 'shutdown' })
      await Promise.all(left.map((run) => run.done))
      await keeper.close()
    },
  }
}
