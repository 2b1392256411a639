import { AppError } from '../../../shared/domain/errors.ts'
import { isActive } from '../../../shared/domain/run.ts'
import type { Database, Query } from '../../data/db.ts'
import { findRun, runOutput, type RunRecord } from '../../data/repos/runs.ts'
import { followSpool, nextOf, readSpool, renderSpool, type OutputPiece } from '../../exec/spool-reader.ts'
import { spoolFile } from '../../exec/spool.ts'
import type { EventBus } from '../events.ts'
import { remoteOutput, type RemoteDeps, type RemoteOptions } from './remote-output.ts'
import { readStored } from './stored-gaps.ts'

/** What a run wrote: from the spool of its node while it goes on, from the database once it has ended. */

export interface OutputChunk extends OutputPiece {
  /** Last chunk only: the state the run ended in. */
  end?: string
}

/**
 * The output from position `from` on, in pieces without a break between them; `nextOf` the last one is where to
 * resume. Ends with the present end of the output, or with that of the run when `follow` is set.
 * Throws AppError NOT_FOUND when there is no such run.
 */
export type OutputReader = (
  historyId: string,
  options: { from: number; follow: boolean; signal?: AbortSignal },
) => AsyncIterable<OutputChunk>

export interface OutputDeps extends RemoteDeps {
  db: Pick<Database, 'read' | 'look' | 'write' | 'now'>
  /** This node: its runs have their spools here. */
  nodeId: string
  spoolDir: string
  events: EventBus
}

/** Events wake a waiting reader; this is how long it trusts them. */
const RECHECK_MS = 1000

export const createOutputReader = (deps: OutputDeps): OutputReader =>
  async function* (historyId, { from, follow, signal = new AbortController().signal }) {
    let position = from
    let run = await runOr404(deps.db.look, historyId)
    while (follow && run.state === 'Queued' && !signal.aborted) {
      await nextSign(deps, historyId, signal)
      run = await runOr404(deps.db.look, historyId)
    }
    if (run.state === 'Running') {
      for await (const piece of live(deps, run, { from, follow, signal })) {
        yield piece
        position = nextOf(piece)
      }
      run = follow ? await ended(deps, historyId, signal) : await runOr404(deps.db.look, historyId)
    }
    if (signal.aborted || isActive(run.state)) return
    // Also what a slow follower had not read before the spool went.
    for await (const piece of stored(deps.db.read, run, position)) {
      yield piece
      position = nextOf(piece)
    }
    yield { offset: position, bytes: new Uint8Array(), end: run.state }
  }

const runOr404 = async (read: Query, historyId: string): Promise<RunRecord> => {
  const run = await findRun(read, historyId)
  if (!run) throw new AppError('NOT_FOUND', `There is no run ${historyId}.`)
  return run
}

async function* stored(read: Query, run: RunRecord, from: number): AsyncGenerator<OutputPiece, void> {
  if (run.outputBytes !== null && from >= run.outputBytes) return
  const packed = await runOutput(read, run.historyId)
  if (packed) yield* renderSpool(readStored(packed, from))
}

/** Something happened to the run, or it is time to look again. */
const nextSign = async (deps: OutputDeps, historyId: string, signal: AbortSignal): Promise<void> => {
  const sign = new AbortController()
  const off = deps.events.listen((event) => {
    if (event.id === historyId) sign.abort()
  })
  await deps.clock.sleep(RECHECK_MS, AbortSignal.any([sign.signal, signal]))
  off()
}

/** The run's final state is written right after its last output. */
const ended = async (deps: OutputDeps, historyId: string, signal: AbortSignal): Promise<RunRecord> => {
  let run = await runOr404(deps.db.look, historyId)
  while (isActive(run.state) && !signal.aborted) {
    await nextSign(deps, historyId, signal)
    run = await runOr404(deps.db.look, historyId)
  }
  return run
}

/** While it goes on, and until what follows it knows that it has ended. */
async function* live(
  deps: OutputDeps,
  { historyId, nodeId }: RunRecord,
  options: { from: number; follow: boolean; signal: AbortSignal },
): AsyncGenerator<OutputPiece, void> {
  const over = new AbortController()
  const off = deps.events.listen((event) => {
    if (event.id === historyId && event.type === 'run.finished') over.abort()
  })
  const watch = options.follow ? watchEnd(deps, historyId, over, options.signal) : Promise.resolve()
  try {
    const where = { ...options, historyId, ended: over.signal }
    yield* nodeId === deps.nodeId ? spooled(deps, where) : remoteOutput(deps, where)
  } finally {
    over.abort()
    off()
    await watch
  }
}

const spooled = (
  { spoolDir, clock }: OutputDeps,
  { historyId, from, follow, signal, ended }: RemoteOptions,
): AsyncGenerator<OutputPiece, void> => {
  const file = spoolFile(spoolDir, historyId)
  return renderSpool(follow ? followSpool({ file, from, signal, ended, clock }) : readSpool(file, from))
}

/** The end may have been told before anyone listened: the database is asked too. */
const watchEnd = async (
  deps: OutputDeps,
  historyId: string,
  over: AbortController,
  signal: AbortSignal,
): Promise<void> => {
  const either = AbortSignal.any([over.signal, signal])
  while (!either.aborted) {
    const run = await findRun(deps.db.look, historyId).catch(() => undefined)
    if (run && !isActive(run.state)) over.abort()
    else await deps.clock.sleep(RECHECK_MS, either)
  }
}
