import { AppError, messageOf } from '../../../shared/domain/errors.ts'
import type { SyncProgress } from '../../../shared/domain/sync.ts'
import { findCursor, putCursor } from '../../data/replica/cursor.ts'
import { bringFailures } from '../../data/replica/failures.ts'
import { readLatestState, runsSeenUntil, writeLatestState } from '../../data/replica/latest-state.ts'
import { countUndelivered } from '../../data/replica/pending.ts'
import type { Log } from '../../platform/log.ts'
import { createTurn, type Turn } from '../engine/turn.ts'
import { deliverRuns, type DeliverRunsDeps } from './deliver-runs.ts'
import { createCommitLag, type CommitLag } from './commit-lag.ts'
import { pullChanges, type PullDeps, type PullResult } from './pull.ts'
import { pushEdits, type PushDeps, type PushResult } from './push.ts'

/** Rounds of table sync: what was edited here goes to the cluster database, then what is new there comes here. */

export interface RoundsDeps extends PushDeps, DeliverRunsDeps, Omit<PullDeps, 'onProgress' | 'onApplied'> {
  log: Log
  /** How far back runs of others are brought when there are none yet, in milliseconds. */
  runsBackMs: number
  /** In which slots of pinned tasks are made. */
  turn: Turn
  /** When an earlier start last brought something, ISO; null: never. */
  asOf: string | null
  /** Offline edits were taken, merged or refused: told once. */
  onPushed: (result: PushResult) => void
  onPulled: (result: PullResult) => void
  /** The step a round is at, or how far it is in it. */
  onProgress: (progress: SyncProgress) => void
}

export interface Rounds {
  /**
   * Runs a round; whoever asks while one is under way waits for it and then for another one, since it may have
   * passed what they are after.
   * @throws AppError as its first failing step does; the state then says so too.
   */
  run(): Promise<void>
  /** As `run`, everything read anew. */
  bootstrap(): Promise<void>
  /** Runs `work` while no round does. */
  between: Turn
  state(): RoundState
  /** Ends the one that is under way, and takes no more. */
  close(): Promise<void>
}

export interface RoundState {
  progress: SyncProgress
  /** Why the last round failed; null: it did not. */
  lastError: string | null
  /** When the last round that succeeded began, ISO: so new, at least, is what the replica holds. */
  asOf: string | null
  /** Edits that the cluster database has not taken, as of the last round. */
  waiting: number
  commitLag: Pick<CommitLag, 'p95'>
}

const IDLE: SyncProgress = { phase: 'idle', done: 0, total: null }
const FRESH = { progress: IDLE, lastError: null, waiting: 0 }

export const createRounds = (deps: RoundsDeps): Rounds => {
  const ending = new AbortController()
  const commitLag = createCommitLag()
  const state: RoundState = { ...FRESH, asOf: deps.asOf, commitLag }
  let current: Promise<void> | null = null
  let next: Promise<void> | null = null
  let isAnew = false
  const alone = createTurn()
  const tell = (progress: SyncProgress): void => deps.onProgress((state.progress = progress))

  const round = async (): Promise<void> => {
    const began = new Date(deps.clock.now()).toISOString()
    try {
      const asked = { isAnew }
      isAnew = false
      await oneRound(deps, { ...asked, tell, signal: ending.signal, commitLag })
      state.asOf = began
      state.lastError = null
    } catch (error) {
      if (!ending.signal.aborted) state.lastError = messageOf(error)
      throw error
    } finally {
      tell(IDLE)
      state.waiting = await countUndelivered(deps.replica.look).catch(() => state.waiting)
      await report(deps, state)
    }
  }
  const run = (): Promise<void> => {
    if (ending.signal.aborted) return Promise.resolve()
    if (!current) return (current = alone(round).finally(() => (current = null)))
    const after = current.catch(() => undefined)
    return (next ??= after.then(() => {
      next = null
      return run()
    }))
  }
  return {
    run,
    bootstrap: () => {
      isAnew = true
      return run()
    },
    between: alone,
    state: () => state,
    close: async () => {
      ending.abort()
      await current?.catch(() => undefined)
    },
  }
}

interface RoundOptions {
  tell: (progress: SyncProgress) => void
  isAnew: boolean
  signal: AbortSignal
  commitLag: CommitLag
}

const oneRound = async (
  deps: RoundsDeps,
  { tell, isAnew, signal, commitLag }: RoundOptions,
): Promise<void> => {
  tell({ phase: 'push', done: 0, total: null })
  const pushed: PushResult = { delivered: [], refused: 0 }
  try {
    await pushEdits(deps, signal, pushed)
  } finally {
    if (pushed.delivered.length + pushed.refused > 0) deps.onPushed(pushed)
  }
  const onProgress = (phase: 'pull' | 'bootstrap', done: number, total: number | null): void =>
    tell({ phase, done, total })
  // After the edits: a task that was made here is there before its runs.
  await deliverRuns(deps, signal)
  const nowMs = Date.parse(await deps.centre.now())
  const began = deps.clock.monotonic()
  const onApplied = (changedAt: readonly string[]): void =>
    commitLag.add(changedAt, nowMs + deps.clock.monotonic() - began)
  const pull = pullChanges({ ...deps, onProgress, onApplied }, signal, isAnew ? 'it was asked for' : null)
  const refused = await pull.then(
    (pulled) => {
      if (pulled.applied > 0 || pulled.bootstrapped) deps.onPulled(pulled)
      return null
    },
    (error: unknown) => orThrow(error),
  )
  await bringLatest(deps, signal)
  await bringFailures(deps.centre, deps.replica)
  if (refused) throw refused
}

/** Changes that need a newer program: heartbeats, emergency stops and slots come all the same. */
const orThrow = (error: unknown): AppError => {
  if (error instanceof AppError && error.code === 'CONFLICT') return error
  throw error
}

const bringLatest = async (
  { centre, replica, nodeId, runsBackMs, turn }: RoundsDeps,
  signal: AbortSignal,
): Promise<void> => {
  const seen = await runsSeenUntil(replica.look)
  let since = seen ?? new Date(Date.parse(await centre.now()) - runsBackMs).toISOString()
  for (let more = true; more;) {
    // No slot of a pinned task is made between the look there and what is written here.
    more = await turn(async () => {
      const latest = await readLatestState(centre, { since, nodeId })
      signal.throwIfAborted()
      await replica.write({ actor: 'system', applies: true }, (tx) => writeLatestState(tx, latest))
      since = latest.since
      return latest.more
    })
  }
}

/** Tells the others how far this node is. What cannot be told now is told with the next round. */
const report = async (
  { centre, replica, nodeId, clock, log }: RoundsDeps,
  { lastError, waiting }: RoundState,
): Promise<void> => {
  try {
    const own = await findCursor(replica.look, nodeId)
    if (!own || centre.server?.away()) return
    const updatedAt = new Date(clock.now()).toISOString()
    const row = { ...own, lastError, waiting, updatedAt }
    await centre.write({ actor: 'system' }, (tx) => putCursor(tx, row))
  } catch (error) {
    log.debug({ error }, 'how far the replica is was not told')
  }
}
