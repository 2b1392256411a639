import { createGzip } from 'node:zlib'
import { pipeline } from 'node:stream/promises'
import { messageOf } from '../../../shared/domain/errors.ts'
import { listSpools, readSpool, removeSpool } from '../../exec/spool-reader.ts'
import { spoolFile } from '../../exec/spool.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import { withGaps, type Gap } from '../runs/stored-gaps.ts'

/** All a run wrote, as it is stored. */
export interface Packed {
  gzip: Uint8Array
  /** Before compression. */
  bytes: number
}

/** The spooled output of ended runs, on its way into the database. */
export interface StoredOutput {
  /**
   * All that was kept, or null when the run wrote nothing; `bytes` counts what was left out too. Compresses off the
   * main thread.
   */
  read: (historyId: string) => Promise<Packed | null>
  /** Soon: whoever follows the run reads to its end first. */
  discard: (historyId: string) => void
  /** At start: spools of runs that no journal waits for. */
  discardAllBut: (historyIds: ReadonlySet<string>) => Promise<void>
}

const FOLLOWERS_GRACE_MS = 10_000

export const createStoredOutput = (deps: {
  spoolDir: string
  level: number
  clock: Clock
  log: Log
  signal: AbortSignal
}): StoredOutput => ({
  read: async (historyId) => {
    let bytes = 0
    const gaps: Gap[] = []
    const source = async function* () {
      for await (const { offset, chunk, omittedBefore } of readSpool(spoolFile(deps.spoolDir, historyId))) {
        if (omittedBefore > 0) gaps.push({ at: bytes, bytes: omittedBefore })
        bytes = offset + chunk.length
        yield chunk
      }
    }
    const chunks: Buffer[] = []
    await pipeline(source, createGzip({ level: deps.level }), async (packed: AsyncIterable<Buffer>) => {
      for await (const chunk of packed) chunks.push(chunk)
    })
    return bytes === 0 ? null : { gzip: withGaps(Buffer.concat(chunks), gaps), bytes }
  },
  discard: (historyId) => {
    void deps.clock
      .sleep(FOLLOWERS_GRACE_MS, deps.signal)
      .then(() => removeSpool(deps.spoolDir, historyId))
      // The next start removes it.
      .catch((error: unknown) => deps.log.warn(`the spool of run ${historyId} stays: ${messageOf(error)}`))
  },
  discardAllBut: async (historyIds) => {
    for (const id of await listSpools(deps.spoolDir))
      if (!historyIds.has(id)) await removeSpool(deps.spoolDir, id)
  },
})
