import { open, readdir, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Clock } from '../platform/clock.ts'
import { omissionMarker, segmentFile, spoolFile } from './spool.ts'

export interface SpoolChunk {
  /** Position of the first byte of `chunk` in all the script wrote. */
  offset: number
  chunk: Buffer
  /** How many bytes before this chunk were left out by the cap; 0 when it follows the previous one. */
  omittedBefore: number
}

interface Part {
  path: string
  from: number
}

const CHUNK_BYTES = 65_536
const POLL_MS = 100

/** The files of one spool by position. Empty when there is no spool. */
const partsOf = async (file: string): Promise<Part[]> => {
  const name = basename(file)
  const names = await readdir(dirname(file)).catch(() => [])
  const parts = names.flatMap((entry): Part[] => {
    if (entry === name) return [{ path: file, from: 0 }]
    const from = entry.startsWith(`${name}.`) ? entry.slice(name.length + 1) : ''
    return /^\d+$/.test(from) ? [{ path: segmentFile(file, Number(from)), from: Number(from) }] : []
  })
  return parts.sort((a, b) => a.from - b.from)
}

/** Bytes of one part from a position inside it; null when the writer has dropped the file meanwhile. */
const readPart = async (part: Part, position: number): Promise<Buffer | null> => {
  try {
    const handle = await open(part.path, 'r')
    try {
      const { buffer, bytesRead } = await handle.read(
        Buffer.alloc(CHUNK_BYTES),
        0,
        CHUNK_BYTES,
        position - part.from,
      )
      return buffer.subarray(0, bytesRead)
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** The next bytes at or after `position`; null when there are none (yet). */
const nextChunk = async (file: string, position: number): Promise<SpoolChunk | null> => {
  const parts = await partsOf(file)
  const current = parts.findLastIndex((part) => part.from <= position)
  for (const [index, part] of parts.entries()) {
    if (index < current) continue
    const from = Math.max(position, part.from)
    const chunk = await readPart(part, from)
    if (chunk === null) return nextChunk(file, position)
    if (chunk.length > 0) return { offset: from, chunk, omittedBefore: from - position }
  }
  return null
}

/** What a spool holds from a position on, to its present end. Yields nothing when there is no spool. */
export const readSpool = async function* (file: string, from = 0): AsyncGenerator<SpoolChunk, void> {
  let position = from
  for (let next = await nextChunk(file, position); next; next = await nextChunk(file, position)) {
    position = next.offset + next.chunk.length
    yield next
  }
}

/** Where a spool ends now; 0 when there is none. */
export const spoolEnd = async (file: string): Promise<number> => {
  const last = (await partsOf(file)).at(-1)
  if (!last) return 0
  const found = await stat(last.path).catch(() => null)
  return last.from + (found?.size ?? 0)
}

/** As many of the next bytes at or after `from` as stand together, at most `most`; null: there are none yet. */
export const readSpan = async (file: string, from: number, most: number): Promise<SpoolChunk | null> => {
  const parts: SpoolChunk[] = []
  let bytes = 0
  for await (const next of readSpool(file, from)) {
    if (parts.length > 0 && next.omittedBefore > 0) break
    parts.push(next)
    bytes += next.chunk.length
    if (bytes >= most) break
  }
  const [first] = parts
  if (!first) return null
  return { ...first, chunk: Buffer.concat(parts.map((part) => part.chunk)).subarray(0, most) }
}

export interface FollowOptions {
  file: string
  from?: number
  /** Aborts when the reader goes: the generator returns at once. */
  signal: AbortSignal
  /** Aborts when the run has ended: what is left is yielded, then the generator returns. */
  ended: AbortSignal
  clock: Clock
}

/** As `readSpool`, and then whatever is appended until the run ends. Reads only when asked for the next chunk. */
export const followSpool = async function* (options: FollowOptions): AsyncGenerator<SpoolChunk, void> {
  const { file, signal, ended, clock } = options
  let position = options.from ?? 0
  const either = AbortSignal.any([signal, ended])
  for (;;) {
    // Asked before reading: what is written before the end is told is then surely read.
    const last = ended.aborted
    for await (const next of readSpool(file, position)) {
      if (signal.aborted) return
      position = next.offset + next.chunk.length
      yield next
    }
    if (last || signal.aborted) return
    await clock.sleep(POLL_MS, either)
  }
}

/**
 * A piece of output as it is shown. All positions count what the script wrote, kept or not, so that they are the
 * same while the run goes on and afterwards.
 */
export interface OutputPiece {
  /** Where the piece begins. */
  offset: number
  bytes: Uint8Array
  /** `bytes` is a line of ours that stands for so many bytes left out by the cap. */
  omitted?: number
}

/** Where the piece after this one begins: the position to resume from. */
export const nextOf = ({ offset, bytes, omitted }: OutputPiece): number => offset + (omitted ?? bytes.length)

/** Chunks as pieces without a break between them: a line of ours fills the place of output left out. */
export const renderSpool = async function* (
  chunks: AsyncIterable<SpoolChunk>,
): AsyncGenerator<OutputPiece, void> {
  for await (const { offset, chunk, omittedBefore } of chunks) {
    if (omittedBefore > 0)
      yield { offset: offset - omittedBefore, bytes: omissionMarker(omittedBefore), omitted: omittedBefore }
    yield { offset, bytes: chunk }
  }
}

/**
 * Removes a run's spool, once its output is stored elsewhere. Removing what is not there is fine. The newest part
 * goes first, so that a reader meanwhile finds an early end (and goes on with what is stored), never a gap.
 */
export const removeSpool = async (spoolDir: string, historyId: string): Promise<void> => {
  const parts = await partsOf(spoolFile(spoolDir, historyId))
  for (const part of parts.reverse()) await rm(part.path, { force: true })
}

/** The runs that have a spool. */
export const listSpools = async (spoolDir: string): Promise<string[]> => {
  const names = await readdir(spoolDir).catch(() => [])
  return names.filter((name) => name.endsWith('.out')).map((name) => basename(join(spoolDir, name), '.out'))
}
