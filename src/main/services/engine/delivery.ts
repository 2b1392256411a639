import { messageOf } from '../../../shared/domain/errors.ts'
import type { Database } from '../../data/db.ts'
import { listResults, removeResult, writeResult } from '../../exec/journal.ts'
import type { RunResult } from '../../exec/run-spec.ts'
import type { Log } from '../../platform/log.ts'
import { systemCaller } from '../caller.ts'
import type { EventBus } from '../events.ts'
import type { Metrics } from '../metrics.ts'
import { finishRun, type Delivered, type Ending } from './finish.ts'
import { storingOutput, withLeftOut } from './oversize.ts'
import { centreOnly, type RunHome } from './run-home.ts'
import type { Packed, StoredOutput } from './stored-output.ts'

/** Results on their way into the database; one it does not take waits, on disk and here, until it does. */

export interface DeliveryDeps {
  db: Database
  home?: RunHome
  log: Log
  events: EventBus
  metrics: Metrics
  /** The output an ended run left on disk; `discard` after it is stored. */
  output: StoredOutput
  /** Results that wait on disk until the database took them. */
  journalDir: string
}

export interface Known {
  taskId?: string
  scriptHash?: string | null
}

export interface Delivery {
  /** Never rejects; false when the result waits. */
  deliver: (result: RunResult, known: Known) => Promise<boolean>
  /** Tries again what waits, and what an earlier start left; answers how many still wait. */
  deliverWaiting: (isLive: (historyId: string) => boolean) => Promise<number>
  /** Whether a result of this run waits. */
  waits: (historyId: string) => boolean
}

interface Waiting {
  result: RunResult
  known: Known
  /** Packed once: not anew at each attempt. */
  output: Packed | null | undefined
}

/** Results tried in one round; the others have their turn in the next. */
const PER_ROUND = 50
/** So many failures in a row are the database's, not the results'. */
const GIVE_UP_AFTER = 3
/** Packed outputs kept in memory for further attempts, bytes altogether; others are packed anew. */
const MAX_KEPT_BYTES = 32 * 1024 * 1024

export const createDelivery = (deps: DeliveryDeps): Delivery => {
  const waiting = new Map<string, Waiting>()
  const delivering = new Set<string>()

  const hasRoom = (bytes: number): boolean => {
    const kept = [...waiting.values()].reduce((sum, { output }) => sum + (output?.gzip.byteLength ?? 0), 0)
    return kept + bytes <= MAX_KEPT_BYTES
  }
  const packed = async (one: Waiting): Promise<Packed | null> => {
    if (one.output !== undefined) return one.output
    const output = await deps.output.read(one.result.historyId)
    if (hasRoom(output?.gzip.byteLength ?? 0)) one.output = output
    return output
  }
  const deliver = async (result: RunResult, known: Known): Promise<boolean> => {
    const { historyId } = result
    if (delivering.has(historyId)) return false
    delivering.add(historyId)
    const one = waiting.get(historyId) ?? { result, known, output: undefined }
    // One that fails goes to the end: it must not keep the others from their turn.
    waiting.delete(historyId)
    waiting.set(historyId, one)
    try {
      announce(deps, result, known, await store(deps, one, await packed(one)))
      waiting.delete(historyId)
      return true
    } catch (error) {
      deps.log.warn(`the result of run ${historyId} waits in the journal: ${messageOf(error)}`)
      await keep(deps, result)
      return false
    } finally {
      delivering.delete(historyId)
    }
  }

  return {
    deliver,
    deliverWaiting: async (isLive) => {
      for (const result of await listResults(deps.journalDir))
        if (!isLive(result.historyId) && !waiting.has(result.historyId))
          waiting.set(result.historyId, { result, known: {}, output: undefined })
      let failures = 0
      for (const { result, known } of [...waiting.values()].slice(0, PER_ROUND)) {
        failures = (await deliver(result, known)) ? 0 : failures + 1
        if (failures === GIVE_UP_AFTER) break
      }
      return waiting.size
    },
    waits: (historyId) => waiting.has(historyId),
  }
}

const store = async (
  deps: DeliveryDeps,
  { result, known }: Waiting,
  kept: Packed | null,
): Promise<Delivered> => {
  const { db, home = centreOnly(db), log, output, journalDir } = deps
  const { historyId } = result
  const hash = known.scriptHash === undefined ? {} : { scriptHash: known.scriptHash }
  const delivered = await storingOutput(kept, (stored, leftOut) => {
    if (leftOut !== null) log.warn(`run ${historyId}: ${leftOut}`)
    const ending: Ending = { ...result, error: withLeftOut(result.error, leftOut), output: stored, ...hash }
    // Durable, for the journal's copy is removed right after.
    return home.write(historyId, { actor: systemCaller.actor, durable: true }, (tx, now) =>
      finishRun(tx, ending, now),
    )
  })
  if (delivered === 'late')
    log.warn(`run ${historyId} had another state already; its result is kept as evidence`)
  await removeResult(journalDir, historyId)
  output.discard(historyId)
  return delivered
}

const announce = (deps: DeliveryDeps, result: RunResult, known: Known, delivered: Delivered): void => {
  if (delivered !== 'stored') return
  const { historyId: id, state, startTime, endTime } = result
  deps.metrics.runLasted(Date.parse(endTime) - Date.parse(startTime))
  const task = known.taskId ? { taskId: known.taskId } : {}
  deps.events.emit({ type: 'run.finished', id, state, ...task })
}

/** What the supervisor ran is in the journal; what was refused before is put there now. */
const keep = async ({ journalDir, log }: DeliveryDeps, result: RunResult): Promise<void> => {
  try {
    await writeResult(journalDir, result)
  } catch (error) {
    log.error({ error, historyId: result.historyId }, 'a result cannot be written to the journal either')
  }
}
