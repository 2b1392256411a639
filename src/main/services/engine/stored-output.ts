import { createReadStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'

/** The spooled output of ended runs, on its way into the database. */
export interface StoredOutput {
  /** gzip of the whole spool file, or null when the run wrote nothing. Compresses off the main thread. */
  read(historyId: string): Promise<Uint8Array | null>
  discard(historyId: string): Promise<void>
}

export const spoolFile = (spoolDir: string, historyId: string): string => join(spoolDir, `${historyId}.out`)

export const createStoredOutput = (spoolDir: string, level: number): StoredOutput => ({
  read: async (historyId) => {
    const file = spoolFile(spoolDir, historyId)
    const size = await stat(file).then(
      (found) => found.size,
      () => 0,
    )
    if (size === 0) return null
    const chunks: Buffer[] = []
    const gzip = createGzip({ level })
    gzip.on('data', (chunk: Buffer) => chunks.push(chunk))
    await pipeline(createReadStream(file), gzip)
    return Buffer.concat(chunks)
  },
  discard: (historyId) => rm(spoolFile(spoolDir, historyId), { force: true }),
})
