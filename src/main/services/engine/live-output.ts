import type { Database, Tx } from '../../data/db.ts'
import {
  dropChunksBefore,
  dropFollower,
  dropLiveOutput,
  followedRuns,
  putChunk,
  type LiveChunk,
} from '../../data/repos/live-output.ts'
import { readSpan, spoolEnd } from '../../exec/spool-reader.ts'
import { spoolFile } from '../../exec/spool.ts'
import type { Clock } from '../../platform/clock.ts'
import { systemCaller } from '../caller.ts'
import { BACKLOG_BYTES, CHUNK_BYTES, KEPT_BYTES } from '../runs/live-chunks.ts'

/**
 * The output of runs of this node that somebody follows from another one: a chunk a second at most, only while it is
 * followed, from the spool, where known secrets are masked. Who writes faster than that has some left out here, and
 * all of it stored at the end.
 */
export interface LiveOutput {
  /** @returns milliseconds until the next look is needed. */
  tick: () => Promise<number>
  /** Somebody follows some run: whether a look is needed before the next one. */
  isIdle: () => boolean
}

export interface LiveOutputDeps {
  db: Database
  clock: Clock
  spoolDir: string
  /** Ids of the runs held here. */
  live: () => string[]
}

const PACE_MS = 1_000
const IDLE_MS = 60_000

/** How far a run has been written out. */
interface Published {
  position: number
  /** Where the kept chunks begin. */
  keptFrom: number
  at: number
}

export const createLiveOutput = (deps: LiveOutputDeps): LiveOutput => {
  const { db, clock } = deps
  const published = new Map<string, Published>()
  let idle = true

  const forget = async (historyId: string, ended: boolean): Promise<void> => {
    await write(db, async (tx) => {
      await dropLiveOutput(tx, historyId)
      if (ended) await dropFollower(tx, historyId)
    })
    published.delete(historyId)
  }

  const tick = async (): Promise<number> => {
    const live = deps.live()
    const followed = new Set(await followedRuns(db.look, await db.now(), live))
    for (const historyId of [...published.keys()])
      if (!followed.has(historyId)) await forget(historyId, !live.includes(historyId))
    for (const historyId of followed) {
      const last = published.get(historyId)
      if (last && clock.monotonic() - last.at < PACE_MS * 0.9) continue
      published.set(historyId, await publish(deps, historyId, last))
    }
    idle = published.size === 0
    return idle ? IDLE_MS : PACE_MS
  }

  return { tick, isIdle: () => idle }
}

const publish = async (
  { db, clock, spoolDir }: LiveOutputDeps,
  historyId: string,
  last: Published | undefined,
): Promise<Published> => {
  const at = clock.monotonic()
  const file = spoolFile(spoolDir, historyId)
  // Too far behind to catch up at this pace: the newest counts.
  const from = Math.max(last?.position ?? 0, (await spoolEnd(file)) - BACKLOG_BYTES)
  const span = await readSpan(file, from, CHUNK_BYTES)
  if (!span && last) return { ...last, at }
  // Nothing yet is told too: who does not wait for more then knows that it has all.
  const chunk: LiveChunk = { position: span?.offset ?? from, chunk: span?.chunk ?? Buffer.alloc(0) }
  const position = chunk.position + chunk.chunk.length
  const keptFrom = Math.max(last?.keptFrom ?? chunk.position, position - KEPT_BYTES)
  const createdAt = await db.now()
  await write(db, async (tx) => {
    if (last && keptFrom > last.keptFrom) await dropChunksBefore(tx, historyId, keptFrom - CHUNK_BYTES)
    await putChunk(tx, historyId, chunk, createdAt)
  })
  return { position, keptFrom, at }
}

const write = (db: Database, work: (tx: Tx) => Promise<void>): Promise<void> =>
  db.write({ actor: systemCaller.actor }, work)
