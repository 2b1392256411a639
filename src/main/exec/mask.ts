import { formsOfSecret } from '../platform/secrets/secret-forms.ts'

/** Replaces known secrets in a stream of bytes before anything is written down. */

const MASK = Buffer.from('••••')

export interface Masker {
  /** The bytes that may be written now. Up to one secret's length is held back, only while it may be one. */
  push(chunk: Buffer): Buffer
  /** What was held back, at the end of the stream. */
  end(): Buffer
}

const needlesOf = (secrets: readonly string[]): Buffer[] =>
  [...new Set(secrets.flatMap(formsOfSecret))].map((text) => Buffer.from(text))

/** Where the first unfinished secret at the end of `bytes` begins; its length when there is none. */
const unfinishedFrom = (bytes: Buffer, needles: readonly Buffer[]): number => {
  let first = bytes.length
  for (const needle of needles) {
    let at = bytes.indexOf(needle[0] ?? 0, Math.max(0, bytes.length - needle.length + 1))
    for (; at >= 0 && at < first; at = bytes.indexOf(needle[0] ?? 0, at + 1))
      if (bytes.compare(needle, 0, bytes.length - at, at) === 0) first = at
  }
  return first
}

/** Every place a secret stands, overlapping ones included, by their start. */
const placesOf = (bytes: Buffer, needles: readonly Buffer[]): [number, number][] => {
  const places: [number, number][] = []
  for (const needle of needles)
    for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1))
      places.push([at, at + needle.length])
  return places.sort((a, b) => a[0] - b[0])
}

/**
 * A masker for one stream: every known secret, in any of its forms, becomes `••••`, also when it arrives in
 * pieces; overlapping secrets become one mask. All other bytes pass unchanged, text or not.
 */
export const createMasker = (secrets: readonly string[]): Masker => {
  const needles = needlesOf(secrets)
  if (needles.length === 0) return { push: (chunk) => chunk, end: () => Buffer.alloc(0) }
  let held: Buffer = Buffer.alloc(0)
  /** How many bytes at the start of `held` are already covered by a mask that was emitted. */
  let covered = 0

  const advance = (bytes: Buffer, end: number): Buffer => {
    const out: Buffer[] = []
    let done = covered
    for (const [from, to] of placesOf(bytes, needles)) {
      if (from >= end || to <= done) continue
      if (from >= done) out.push(bytes.subarray(done, from), MASK)
      done = to
    }
    if (done < end) out.push(bytes.subarray(done, end))
    held = Buffer.from(bytes.subarray(end))
    covered = Math.max(0, done - end)
    return Buffer.concat(out)
  }

  return {
    push: (chunk) => {
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      return advance(bytes, unfinishedFrom(bytes, needles))
    },
    end: () => advance(held, held.length),
  }
}

/** The same for a text in one piece. */
export const maskText = (text: string, secrets: readonly string[]): string => {
  const masker = createMasker(secrets)
  return Buffer.concat([masker.push(Buffer.from(text)), masker.end()]).toString()
}
