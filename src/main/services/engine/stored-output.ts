import { createGzip } from 'node:zlib'
import { pipeline } from 'node:stream/promises'
import { listSpools, readSpool, removeSpool, renderSpool } from '../../exec/spool-reader.ts'
import { spoolFile } from '../../exec/spool.ts'
import type { Clock } from '../../platform/clock.ts'

/** The spooled output of ended runs, on its way into the database. */
export interface StoredOutput {
  /** gzip of all that was kept, or null when the run wrote nothing. Compresses off the main thread. */
  read(historyId: string): Promise<Uint8Array | null>
  /** Soon: whoever follows the run reads to its end first. */
  discard(historyId: string): void
  /** At start: spools of runs that no journal waits for. */
  discardAllBut(historyIds: ReadonlySet<string>): Promise<void>
}

const FOLLOWERS_GRACE_MS = 10_000

export const createStoredOutput = (deps: {
  spoolDir: string
  level: number
  clock: Clock
  signal: AbortSignal
}): StoredOutput => ({
  read: async (historyId) => {
    let bytes = 0
    const source = async function* () {
      for await (const chunk of renderSpool(readSpool(spoolFile(deps.spoolDir, historyId)))) {
        bytes += chunk.length
        yield chunk
      }
    }
    const chunks: Buffer[] = []
    await pipeline(source, createGzip({ level: deps.level }), async (packed: AsyncIterable<Buffer>) => {
      for await (const chunk of packed) chunks.push(chunk)
    })
    return bytes === 0 ? null : Buffer.concat(chunks)
  },
  discard: (historyId) => {
    void deps.clock.sleep(FOLLOWERS_GRACE_MS, deps.signal).then(() => removeSpool(deps.spoolDir, historyId))
  },
  discardAllBut: async (historyIds) => {
    for (const id of await listSpools(deps.spoolDir))
      if (!historyIds.has(id)) await removeSpool(deps.spoolDir, id)
  },
})
