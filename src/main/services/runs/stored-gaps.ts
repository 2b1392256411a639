import { createGunzip } from 'node:zlib'
import type { SpoolChunk } from '../../exec/spool-reader.ts'

/*
 * The stored form of an output: a gzip of the bytes that were kept, with the places where the cap left some out in
 * the gzip's own "extra" header field (RFC 1952, 2.3.1.1). Any tool still unzips it, and a position in all the
 * script wrote can be found in it exactly, whatever the script wrote.
 */

/** Output that was left out. */
export interface Gap {
  /** Position of the first missing byte in all the script wrote. */
  at: number
  bytes: number
}

const HEADER_BYTES = 10
const FLAGS = 3
const HAS_EXTRA = 4
const SUBFIELD = 'PW'
const NUMBER_BYTES = 6

/** @param gzip one member without an extra field, as zlib writes it */
export const withGaps = (gzip: Buffer, gaps: readonly Gap[]): Buffer => {
  if (gaps.length === 0) return gzip
  const numbers = gaps.flatMap(({ at, bytes }) => [at, bytes])
  const length = numbers.length * NUMBER_BYTES
  const extra = Buffer.alloc(6 + length)
  extra.writeUInt16LE(4 + length, 0)
  extra.write(SUBFIELD, 2, 'latin1')
  extra.writeUInt16LE(length, 4)
  numbers.forEach((number, index) => extra.writeUIntLE(number, 6 + index * NUMBER_BYTES, NUMBER_BYTES))
  const header = Buffer.from(gzip.subarray(0, HEADER_BYTES))
  header[FLAGS] = (header[FLAGS] ?? 0) | HAS_EXTRA
  return Buffer.concat([header, extra, gzip.subarray(HEADER_BYTES)])
}

/** What `withGaps` wrote; empty for a gzip without it. */
export const gapsOf = (packed: Uint8Array): Gap[] => {
  const gzip = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  if (gzip.length < HEADER_BYTES + 6 || ((gzip[FLAGS] ?? 0) & HAS_EXTRA) === 0) return []
  const extra = gzip.subarray(HEADER_BYTES + 2, HEADER_BYTES + 2 + gzip.readUInt16LE(HEADER_BYTES))
  if (extra.toString('latin1', 0, 2) !== SUBFIELD) return []
  const numbers = extra.subarray(4, 4 + extra.readUInt16LE(2))
  return Array.from({ length: Math.floor(numbers.length / (2 * NUMBER_BYTES)) }, (_, index) => ({
    at: numbers.readUIntLE(2 * index * NUMBER_BYTES, NUMBER_BYTES),
    bytes: numbers.readUIntLE((2 * index + 1) * NUMBER_BYTES, NUMBER_BYTES),
  }))
}

/** The kept bytes with their positions in all the script wrote, unzipped piece by piece off the main thread. */
async function* placedChunks(packed: Uint8Array): AsyncGenerator<{ offset: number; chunk: Buffer }> {
  const gaps = gapsOf(packed)
  const plain = createGunzip()
  plain.end(packed)
  let position = 0
  for await (const part of plain) {
    // A gunzip stream without an encoding yields buffers.
    for (let rest = part as Buffer; rest.length > 0;) {
      if (gaps[0]?.at === position) position += gaps.shift()?.bytes ?? 0
      const chunk = rest.subarray(0, Math.min(rest.length, (gaps[0]?.at ?? Infinity) - position))
      yield { offset: position, chunk }
      position += chunk.length
      rest = rest.subarray(chunk.length)
    }
  }
}

/** What a stored output holds from a position on, as `readSpool` yields it while the run goes on. */
export async function* readStored(packed: Uint8Array, from: number): AsyncGenerator<SpoolChunk> {
  let next = from
  for await (const { offset, chunk } of placedChunks(packed)) {
    if (offset + chunk.length <= next) continue
    const start = Math.max(offset, next)
    yield { offset: start, chunk: chunk.subarray(start - offset), omittedBefore: start - next }
    next = offset + chunk.length
  }
}
