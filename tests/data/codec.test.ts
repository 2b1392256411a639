import { deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeImageBytes, encodeImage, MAX_IMAGE_BYTES } from '../../src/main/data/codec.ts'

const mysqlCompress = (text: string): Buffer => {
  const plain = Buffer.from(text)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(plain.length)
  return Buffer.concat([length, deflateSync(plain)])
}

const imageText = fc
  .dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue())
  .map((image) => JSON.stringify(image))

describe('the image codec', () => {
  it('reads back what it wrote at every compression level', () => {
    fc.assert(
      fc.property(imageText, fc.integer({ min: 0, max: 9 }), (text, level) => {
        expect(decodeImageBytes(encodeImage(text, level))).toEqual({ ok: true, format: 'gzip', text })
      }),
    )
  })

  it('reads what is stored in several blocks, and no part of them for the whole', () => {
    const text = JSON.stringify({ d: 'a'.repeat(200_000) })
    const bytes = encodeImage(text, 0)
    expect(bytes.length).toBeGreaterThan(text.length)
    expect(decodeImageBytes(bytes)).toEqual({ ok: true, format: 'gzip', text })
    for (const length of [15, 18, 65_000, bytes.length - 1])
      expect(decodeImageBytes(bytes.subarray(0, length)).ok).toBe(false)
  })

  it('tells gzip, MySQL compression and plain JSON apart', () => {
    fc.assert(
      fc.property(imageText, (text) => {
        expect(decodeImageBytes(gzipSync(text))).toEqual({ ok: true, format: 'gzip', text })
        expect(decodeImageBytes(mysqlCompress(text))).toEqual({ ok: true, format: 'mysql', text })
        expect(decodeImageBytes(Buffer.from(text))).toEqual({ ok: true, format: 'raw', text })
      }),
    )
  })

  it.each([0x1f, 35_615, 0x08_8b_1f, 0x7b7b])(
    'is not misled by a length of %i that looks like a magic number',
    (length) => {
      const text = JSON.stringify({ d: 'a'.repeat(length - 8) })
      expect(Buffer.byteLength(text)).toBe(length)
      expect(decodeImageBytes(mysqlCompress(text))).toEqual({ ok: true, format: 'mysql', text })
    },
  )

  it('reads UTF-16LE, as SQL Server compresses nvarchar', () => {
    const text = '{"TaskName":"näme 中 😀"}'
    expect(decodeImageBytes(gzipSync(Buffer.from(text, 'utf16le')))).toEqual({
      ok: true,
      format: 'gzip',
      text,
    })
  })

  it('never throws on foreign bytes, and calls nothing an image that is no JSON object', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const decoded = decodeImageBytes(bytes)
        if (decoded.ok) expect(JSON.parse(decoded.text)).toBeTypeOf('object')
      }),
    )
    for (const text of ['[1]', '1', 'null', '"x"', '']) {
      expect(decodeImageBytes(Buffer.from(text))).toEqual({ ok: false, reason: 'not an image' })
    }
  })

  // Of a block that is stored, five bits of its first byte say nothing.
  it.each([
    { level: 6, from: 10 },
    { level: 0, from: 11 },
  ])('notices any flipped bit (level $level)', ({ level, from }) => {
    const bytes = encodeImage(JSON.stringify({ TaskID: 'x', Description: 'some text, some text' }), level)
    fc.assert(
      fc.property(
        fc.integer({ min: from, max: bytes.length - 1 }),
        fc.integer({ min: 0, max: 7 }),
        (at, bit) => {
          const damaged = Buffer.from(bytes)
          damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << bit), at)
          expect(decodeImageBytes(damaged).ok).toBe(false)
        },
      ),
    )
  })

  it('stops at the size cap however well the bytes were compressed', () => {
    const bomb = gzipSync(Buffer.alloc(MAX_IMAGE_BYTES + 1, 0x20))
    expect(bomb.length).toBeLessThan(100_000)
    expect(decodeImageBytes(bomb)).toEqual({ ok: false, reason: 'too large' })
    expect(decodeImageBytes(mysqlCompress(' '.repeat(MAX_IMAGE_BYTES + 1)))).toEqual({
      ok: false,
      reason: 'too large',
    })
    expect(decodeImageBytes(Buffer.alloc(MAX_IMAGE_BYTES + 1, 0x20))).toEqual({
      ok: false,
      reason: 'too large',
    })
  })
})
