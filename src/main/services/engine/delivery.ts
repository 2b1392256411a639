import { messageOf } from '../../../shared/domain/errors.ts'
import type { Database } from '../../data/db.ts'
import { listResults, removeResult, writeResult } from '../../exec/journal.ts'
import type { RunResult } from '../../exec/run-spec.ts'
import type { Log } from '../../platform/log.ts'
import { systemCaller } from '../caller.ts'
import type { EventBus } from '../events.ts'
import type { Metrics } from '../metrics.ts'
import { finishRun, type Delivered, type Ending } from './finish.ts'
import type { StoredOutput } from './stored-output.ts'

/** Results on their way into the database; one it does not take waits, on disk and here, until it does. */

export interface DeliveryDeps {
  db: Database
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

export const createDelivery = (deps: DeliveryDeps): Delivery => {
  const waiting = new Map<string, { result: RunResult; known: Known }>()
  const delivering = new Set<string>()

  const deliver = async (result: RunResult, known: Known): Promise<boolean> => {
    const { historyId } = result
    if (delivering.has(historyId)) return false
    delivering.add(historyId)
    waiting.set(historyId, { result, known })
    try {
      announce(deps, result, known, await store(deps, result, known))
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
      const journalled = await listResults(deps.journalDir)
      for (const result of journalled)
        if (!isLive(result.historyId) && !waiting.has(result.historyId)) await deliver(result, {})
      for (const { result, known } of [...waiting.values()]) await deliver(result, known)
      return waiting.size
    },
    waits: (historyId) => waiting.has(historyId),
  }
}

const store = async (deps: DeliveryDeps, result: RunResult, known: Known): Promise<Delivered> => {
  const { db, log, output, journalDir } = deps
  const { historyId } = result
  const kept = await output.read(historyId)
  const hash = known.scriptHash === undefined ? {} : { scriptHash: known.scriptHash }
  const ending: Ending = { ...result, output: kept?.gzip ?? null, ...hash }
  // The journal is removed right after: the database must not lose what the disk no longer has elsewhere.
  const delivered = await db.write({ actor: systemCaller.actor, durable: true }, async (tx) =>
    finishRun(tx, ending, await db.now()),
  )
  if (delivered === 'late')
    log.warn(`run ${historyId} had another state already; its result is kept as evidence`)
  await removeResult(journalDir, historyId)
  output.discard(historyId)
  return delivered
}

const announce = (deps: DeliveryDeps, result: RunResult, known: Known, delivered: Delivered): void => {
  if (delivered !== 'stored') return
  const { historyId: id, state, startTime, endTime } = result
  deps.metrics.runFinished(state, Date.parse(endTime) - Date.parse(startTime))
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
