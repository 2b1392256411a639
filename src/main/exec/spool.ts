import { open, rm, type FileHandle } from 'node:fs/promises'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'

/*
 * The spool of one run: `<historyId>.out` holds the first half of the cap. What comes after goes into segments
 * named by the position of their first byte (`<historyId>.out.5242880`), of which the oldest are dropped, so that
 * the last half stays, in steps of a sixteenth. Files are only ever appended to: a reader needs no lock and no
 * state but its position, sees the newest output while the run goes on, and costs the writer nothing. The
 * alternative, one file whose second half is overwritten in a circle, cannot be followed without a shared state.
 */

export const spoolFile = (spoolDir: string, historyId: string): string => join(spoolDir, `${historyId}.out`)

export const segmentFile = (file: string, from: number): string => `${file}.${from}`

/** The line that stands where output was left out. */
export const omissionMarker = (bytes: number): Buffer =>
  Buffer.from(`\n[pswebhost: ${bytes} bytes of output left out here]\n`)

export interface SpoolWriter {
  /** Resolves when the bytes are in the file: awaiting it is the back-pressure. Never rejects; see `failure`. */
  write(bytes: Buffer): Promise<void>
  close(): Promise<void>
  /** All bytes written so far, kept or not. */
  total: () => number
  truncated(): boolean
  /** Why output could not be stored (disk full), or null. The run goes on without it. */
  failure(): Error | null
}

/** Where the next bytes go, and how many fit there. */
interface Files {
  append(bytes: Buffer): Promise<void>
  close(): Promise<void>
  total: () => number
  dropped(): boolean
}

const SEGMENTS = 8

const createFiles = (file: string, cap: number): Files => {
  const headCap = Math.ceil(cap / 2)
  const segmentCap = Math.max(1, Math.floor((cap - headCap) / SEGMENTS))
  closeSync(openSync(file, 'w', 0o600))
  const starts: number[] = []
  let total = 0
  let dropped = false
  let handle: FileHandle | null = null

  const openSegment = async (): Promise<FileHandle> => {
    await handle?.close()
    handle = null
    const oldest = starts.length >= SEGMENTS ? starts.shift() : undefined
    if (oldest !== undefined) {
      dropped = true
      await rm(segmentFile(file, oldest), { force: true })
    }
    handle = await open(segmentFile(file, total), 'w', 0o600)
    starts.push(total)
    return handle
  }

  const place = async (): Promise<{ into: FileHandle; room: number }> => {
    if (total < headCap) return { into: (handle ??= await open(file, 'a', 0o600)), room: headCap - total }
    const room = segmentCap - (total - (starts.at(-1) ?? -Infinity))
    return handle && room > 0 ? { into: handle, room } : { into: await openSegment(), room: segmentCap }
  }

  return {
    append: async (bytes) => {
      for (let done = 0; done < bytes.length;) {
        const { into, room } = await place()
        const { bytesWritten } = await into.write(bytes, done, Math.min(room, bytes.length - done))
        done += bytesWritten
        total += bytesWritten
      }
    },
    close: async () => {
      await handle?.close()
      handle = null
    },
    total: () => total,
    dropped: () => dropped,
  }
}

/**
 * Opens (and empties) a spool file, mode 0600, holding at most `cap` bytes on disk. Throws what opening throws.
 * Concurrent writes are put in the order of their calls.
 */
export const createSpoolWriter = (file: string, cap: number): SpoolWriter => {
  const files = createFiles(file, cap)
  let failure: Error | null = null
  let queue: Promise<void> = Promise.resolve()

  const write = async (bytes: Buffer): Promise<void> => {
    if (failure) return
    await files.append(bytes).catch((error: unknown) => {
      failure = error instanceof Error ? error : new Error(String(error))
    })
  }

  return {
    write: (bytes) => (queue = queue.then(() => write(bytes))),
    close: async () => {
      await queue
      await files.close().catch(() => undefined)
    },
    total: files.total,
    truncated: () => files.dropped() || failure !== null,
    failure: () => failure,
  }
}
