import { gunzipSync } from 'node:zlib'
import { decodeImageBytes, MAX_IMAGE_BYTES } from '../codec.ts'

/** Bytes that an image is taken to have at most when room for it is made; more is found out by itself. */
const USUAL_BYTES = 16 * 1024

/**
 * The text of an image; null when it cannot be read. The log may hold millions: what is gzip is not asked, as readers
 * of an image do, whether it is JSON, and gets no more room than it says it needs.
 */
export const imageText = (bytes: Buffer): string | null => {
  const plain = unzipped(bytes)
  // Text of two bytes a letter, as SQL Server may have it, begins so.
  if (plain && plain[1] !== 0) return plain.toString('utf8')
  const decoded = decodeImageBytes(bytes)
  return decoded.ok ? decoded.text : null
}

const unzipped = (bytes: Buffer): Buffer | null => {
  if (bytes.length < 18 || bytes.length > MAX_IMAGE_BYTES || bytes.readUInt16BE(0) !== 0x1f8b) return null
  // The last four bytes are the length of what was compressed (RFC 1952).
  const chunkSize = Math.min(USUAL_BYTES, Math.max(64, bytes.readUInt32LE(bytes.length - 4) + 1))
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_IMAGE_BYTES, chunkSize })
  } catch {
    // Not gzip after all, or too large: the other way says which.
    return null
  }
}
