import type { Database } from '../../data/db.ts'
import { chunksFrom, chunkStart, putFollower, type LiveChunk } from '../../data/repos/live-output.ts'
import type { OutputPiece, SpoolChunk } from '../../exec/spool-reader.ts'
import { renderSpool } from '../../exec/spool-reader.ts'
import { isoOf, type Clock } from '../../platform/clock.ts'
import { systemCaller } from '../caller.ts'
import { CHUNK_BYTES, FOLLOW_MS, RENEW_MS } from './live-chunks.ts'

/** What a run of another node writes, while it goes on: through the database, about a second behind. */

export interface RemoteDeps {
  db: Pick<Database, 'look' | 'write' | 'now'>
  clock: Clock
  /** Lets the node that has the run look at once. */
  tellOthers: () => void
}

export interface RemoteOptions {
  historyId: string
  from: number
  follow: boolean
  /** Aborts when the reader goes. */
  signal: AbortSignal
  /** Aborts when the run has ended: what is left is with the run. */
  ended: AbortSignal
}

const POLL_MS = 400
const CHUNKS = 4
/** Without following: how long the other node may take for the first word. */
const PATIENCE_MS = 3_500

/** In pieces without a break between them, as `renderSpool` yields them. */
export const remoteOutput = (deps: RemoteDeps, options: RemoteOptions): AsyncGenerator<OutputPiece, void> =>
  renderSpool(remoteChunks(deps, options))

async function* remoteChunks(
  deps: RemoteDeps,
  { historyId, from, follow, signal, ended }: RemoteOptions,
): AsyncGenerator<SpoolChunk, void> {
  const { db, clock } = deps
  const either = AbortSignal.any([signal, ended])
  const beFollowed = createFollower(deps, historyId)
  const began = clock.monotonic()
  const reader = createChunkReader(db, historyId, from)
  while (!either.aborted) {
    await beFollowed()
    const { chunks, isAll } = await reader()
    for (const chunk of chunks) {
      if (signal.aborted) return
      yield chunk
    }
    if (!follow && (isAll || clock.monotonic() - began > PATIENCE_MS)) return
    if (chunks.length === 0) await clock.sleep(POLL_MS, either)
  }
}

/** Says now and then that somebody follows. */
const createFollower = ({ db, clock, tellOthers }: RemoteDeps, historyId: string) => {
  let next = -Infinity
  return async (): Promise<void> => {
    if (clock.monotonic() < next) return
    const isFirst = next === -Infinity
    try {
      const until = isoOf(Date.parse(await db.now()) + FOLLOW_MS)
      await db.write({ actor: systemCaller.actor }, (tx) => putFollower(tx, historyId, until))
      next = clock.monotonic() + RENEW_MS
      if (isFirst) tellOthers()
    } catch {
      // Two said it first at the same time, or the database is away: it is said again soon.
      next = clock.monotonic() + POLL_MS
    }
  }
}

interface Read {
  chunks: SpoolChunk[]
  /** The node has written all there is so far. */
  isAll: boolean
}

/** Chunks from a position on; a position may lie within one. */
const createChunkReader = (db: RemoteDeps['db'], historyId: string, from: number) => {
  let position = from
  // A chunk that begins before the position is read only where one may: it is large.
  let isWithin = true
  const read = async (): Promise<LiveChunk[]> => {
    const start = isWithin ? await chunkStart(db.look, historyId, position) : null
    return chunksFrom(db.look, historyId, start ?? position, CHUNKS)
  }
  return async (): Promise<Read> => {
    let rows = await read()
    if (!isWithin && (rows[0]?.position ?? position) > position) {
      // Its node began anew, at other places.
      isWithin = true
      rows = await read()
    }
    const chunks: SpoolChunk[] = []
    for (const row of rows) {
      const end = row.position + row.chunk.length
      if (end >= position) isWithin = false
      if (end <= position) continue
      const offset = Math.max(position, row.position)
      const chunk = Buffer.from(row.chunk).subarray(offset - row.position)
      chunks.push({ offset, chunk, omittedBefore: offset - position })
      position = end
    }
    const last = rows.at(-1)
    return { chunks, isAll: last !== undefined && rows.length < CHUNKS && last.chunk.length < CHUNK_BYTES }
  }
}
