import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { AppError } from '../../../shared/domain/errors.ts'
import { isActive } from '../../../shared/domain/run.ts'
import type { Query } from '../../data/db.ts'
import { findRun, runOutput, type RunRecord } from '../../data/repos/runs.ts'
import { followSpool, readSpool, renderSpool } from '../../exec/spool-reader.ts'
import { spoolFile } from '../../exec/spool.ts'
import type { Clock } from '../../platform/clock.ts'
import type { EventBus } from '../events.ts'

/** What a run wrote: from the spool while it goes on, from the database once it has ended. */

export interface OutputChunk {
  /** Position of the first byte in the text that is served. */
  offset: number
  bytes: Uint8Array
  /** Last chunk only: the state the run ended in. */
  end?: string
}

export type OutputReader = (
  historyId: string,
  options: { from: number; follow: boolean; signal?: AbortSignal },
) => AsyncIterable<OutputChunk>

export interface OutputDeps {
  read: Query
  spoolDir: string
  clock: Clock
  events: EventBus
}

/** No output run is larger than the cap allows (a gigabyte at most, by the limits' schema). */
const MAX_OUTPUT = 1_073_741_824 + 65_536
const unzip = promisify(gunzip)
/** Events wake a waiting reader; this is how long it trusts them. */
const RECHECK_MS = 1000

export const createOutputReader = (deps: OutputDeps): OutputReader =>
  async function* (historyId, { from, follow, signal = new AbortController().signal }) {
    let position = from
    let run = await runOr404(deps.read, historyId)
    while (follow && run.state === 'Queued' && !signal.aborted) {
      await nextSign(deps, historyId, signal)
      run = await runOr404(deps.read, historyId)
    }
    if (run.state === 'Running') {
      for await (const chunk of spooled(deps, historyId, { from, follow, signal })) {
        yield chunk
        position = chunk.offset + chunk.bytes.length
      }
      if (!follow || signal.aborted) return
      run = await ended(deps, historyId, signal)
    } else if (!isActive(run.state)) {
      const rest = (await storedOutput(deps.read, historyId)).subarray(from)
      if (rest.length > 0) yield { offset: from, bytes: rest }
      position = from + rest.length
    }
    if (!signal.aborted && !isActive(run.state))
      yield { offset: position, bytes: new Uint8Array(), end: run.state }
  }

const runOr404 = async (read: Query, historyId: string): Promise<RunRecord> => {
  const run = await findRun(read, historyId)
  if (!run) throw new AppError('NOT_FOUND', `There is no run ${historyId}.`)
  return run
}

const storedOutput = async (read: Query, historyId: string): Promise<Uint8Array> => {
  const packed = await runOutput(read, historyId)
  return packed ? unzip(packed, { maxOutputLength: MAX_OUTPUT }) : new Uint8Array()
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
  let run = await runOr404(deps.read, historyId)
  while (isActive(run.state) && !signal.aborted) {
    await nextSign(deps, historyId, signal)
    run = await runOr404(deps.read, historyId)
  }
  return run
}

async function* spooled(
  deps: OutputDeps,
  historyId: string,
  options: { from: number; follow: boolean; signal: AbortSignal },
): AsyncGenerator<OutputChunk, void> {
  const file = spoolFile(deps.spoolDir, historyId)
  const over = new AbortController()
  const off = deps.events.listen((event) => {
    if (event.id === historyId && event.type === 'run.finished') over.abort()
  })
  const watch = options.follow ? watchEnd(deps, historyId, over, options.signal) : Promise.resolve()
  try {
    const chunks = options.follow
      ? followSpool({
          file,
          from: options.from,
          signal: options.signal,
          ended: over.signal,
          clock: deps.clock,
        })
      : readSpool(file, options.from)
    let offset = options.from
    for await (const bytes of renderSpool(chunks)) {
      yield { offset, bytes }
      offset += bytes.length
    }
  } finally {
    over.abort()
    off()
    await watch
  }
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
    const run = await findRun(deps.read, historyId).catch(() => undefined)
    if (run && !isActive(run.state)) over.abort()
    else await deps.clock.sleep(RECHECK_MS, either)
  }
}
