import { crc32, gunzipSync, gzipSync, inflateSync } from 'node:zlib'

/**
 * Row images as they are stored: gzip on every dialect. The reader also knows what other writers leave
 * (MySQL's COMPRESS(), plain JSON) and trusts none without its own check value: a replicated image is
 * foreign input. Formats and traps: experiments e1 (decode, gzfix).
 */

export const MAX_IMAGE_BYTES = 16 * 1024 * 1024

export type DecodedImage =
  | { ok: true; format: 'gzip' | 'mysql' | 'raw'; text: string }
  | { ok: false; reason: 'too large' | 'not an image' }

/** @param level gzip level, 0 (stored) to 9. */
export const encodeImage = (text: string, level: number): Buffer => gzipSync(text, { level })

/** Reads an image of any writer. The text is a JSON object; whether it fits a table is the caller's question. */
export const decodeImageBytes = (bytes: Uint8Array): DecodedImage => {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (data.length > MAX_IMAGE_BYTES) return { ok: false, reason: 'too large' }
  const found = fromGzip(data) ?? fromMysql(data) ?? fromRaw(data)
  return found ?? { ok: false, reason: 'not an image' }
}

/** RFC 1952; zlib checks CRC and length. */
const fromGzip = (data: Buffer): DecodedImage | undefined =>
  data.length >= 18 && data[0] === 0x1f && data[1] === 0x8b && data[2] === 8
    ? inflated('gzip', () => storedBlocks(data) ?? gunzipSync(data, { maxOutputLength: MAX_IMAGE_BYTES }))
    : undefined

const GZIP_HEADER = 10
const BLOCK_HEADER = 5
const GZIP_TRAILER = 8

/**
 * What is in deflate blocks that are stored as they are (RFC 1951, 3.2.4), as PostgreSQL's triggers write them: a
 * replica reads thousands, and setting zlib up for one takes longer than all the rest. Undefined when it is anything
 * else, or does not agree: then zlib says what it is.
 */
const storedBlocks = (data: Buffer): Buffer | undefined => {
  if (data[3] !== 0) return undefined
  const parts: Buffer[] = []
  let at = GZIP_HEADER
  for (let isLast = false; !isLast;) {
    const from = at + BLOCK_HEADER
    const kind = data[at]
    if (kind === undefined || kind > 1 || from > data.length) return undefined
    const size = data.readUInt16LE(at + 1)
    if ((size ^ data.readUInt16LE(at + 3)) !== 0xffff) return undefined
    parts.push(data.subarray(from, from + size))
    at = from + size
    isLast = kind === 1
  }
  if (at + GZIP_TRAILER !== data.length) return undefined
  const plain = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)
  const agrees = crc32(plain) === data.readUInt32LE(at) && plain.length === data.readUInt32LE(at + 4)
  return agrees ? plain : undefined
}

/** MySQL's COMPRESS(): four bytes of length, little-endian, then a zlib stream, which zlib checks. */
const fromMysql = (data: Buffer): DecodedImage | undefined => {
  if (data.length <= 10 || !isZlibHeader(data.readUInt16BE(4))) return undefined
  const length = data.readUInt32LE(0) & 0x3fffffff
  return inflated('mysql', () => {
    const plain = inflateSync(data.subarray(4), { maxOutputLength: MAX_IMAGE_BYTES })
    if (plain.length !== length) throw new Error('the length in front does not agree')
    return plain
  })
}

/** Compression method 8 in the low half of the first byte; the pair is a multiple of 31 (RFC 1950). */
const isZlibHeader = (pair: number): boolean => ((pair >> 8) & 0x0f) === 8 && pair % 31 === 0

const fromRaw = (data: Buffer): DecodedImage | undefined => checked('raw', data)

const inflated = (format: 'gzip' | 'mysql', inflate: () => Buffer): DecodedImage | undefined => {
  try {
    return checked(format, inflate())
  } catch (error) {
    const tooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    return tooLarge ? { ok: false, reason: 'too large' } : undefined
  }
}

const checked = (format: 'gzip' | 'mysql' | 'raw', data: Buffer): DecodedImage | undefined => {
  const text = textOf(data)
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? { ok: true, format, text } : undefined
  } catch {
    return undefined
  }
}

/** SQL Server compresses nvarchar as UTF-16LE: JSON begins with ASCII, so its second byte is then 0. */
const textOf = (data: Buffer): string => data.toString(data.length >= 2 && data[1] === 0 ? 'utf16le' : 'utf8')
