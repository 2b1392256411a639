/** The few forms of DER (X.690) that a certificate of ours is written in. */

const SEQUENCE = 0x30
const SET = 0x31

const lengthOf = (size: number): Buffer => {
  if (size < 0x80) return Buffer.from([size])
  const bytes = size < 0x100 ? [size] : [size >> 8, size & 0xff]
  return Buffer.from([0x80 | bytes.length, ...bytes])
}

const tagged = (tag: number, ...parts: Buffer[]): Buffer => {
  const content = Buffer.concat(parts)
  // Nothing of ours comes near it; a longer length would be written wrong.
  if (content.length > 0xffff) throw new RangeError('too long for this writer')
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content])
}

export const sequence = (...parts: Buffer[]): Buffer => tagged(SEQUENCE, ...parts)
export const set = (...parts: Buffer[]): Buffer => tagged(SET, ...parts)
export const truth = (): Buffer => tagged(0x01, Buffer.from([0xff]))
export const octets = (content: Buffer): Buffer => tagged(0x04, content)
export const utf8 = (text: string): Buffer => tagged(0x0c, Buffer.from(text))
/** A bit string of whole bytes. */
export const bits = (content: Buffer): Buffer => tagged(0x03, Buffer.from([0]), content)

/** `[number]` around other values. */
export const explicit = (number: number, ...parts: Buffer[]): Buffer => tagged(0xa0 | number, ...parts)
/** `[number]` in place of a plain value's own tag. */
export const implicit = (number: number, content: Buffer): Buffer => tagged(0x80 | number, content)

/** A number that is not negative, from its big-endian bytes; leading zeros are left out. */
export const integer = (bytes: Buffer): Buffer => {
  const first = bytes.findIndex((byte) => byte !== 0)
  const digits = first < 0 ? Buffer.from([0]) : bytes.subarray(first)
  // The highest bit is the sign.
  return tagged(0x02, ...((digits[0] ?? 0) & 0x80 ? [Buffer.from([0]), digits] : [digits]))
}

const base128 = (value: number): number[] => {
  const digits = [value & 0x7f]
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) digits.unshift((rest & 0x7f) | 0x80)
  return digits
}

/** `1.2.840.10045.4.3.2` */
export const identifier = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

/** Whole seconds; two digits for the year before 2050 and four from then on, as RFC 5280 asks. */
export const time = (at: Date): Buffer => {
  const digits = at.toISOString().replace(/[-:T]|\.\d+/g, '')
  return at.getUTCFullYear() < 2050
    ? tagged(0x17, Buffer.from(digits.slice(2)))
    : tagged(0x18, Buffer.from(digits))
}
