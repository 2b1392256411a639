/** A piece of output as a service hands it over. Positions count what the script wrote. */
export interface OutputBytes {
  offset: number
  bytes: Uint8Array
  /** `bytes` is a line that stands for so many bytes that were left out. */
  omitted?: number
  end?: string
}

export interface OutputText {
  offset: number
  text: string
  /** The position to resume from. */
  next: number
  end?: string
}

/** How many bytes at the end belong to a UTF-8 character whose rest has not arrived yet (0 to 3). */
const unfinishedTail = (bytes: Uint8Array): number => {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte < 0xc0) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    return length > back ? back : 0
  }
  return 0
}

/**
 * Output as text, for typed clients and event streams. A character split between two pieces comes whole
 * with the second; what is no UTF-8 becomes U+FFFD. Offsets stay positions in bytes, so a reader can resume.
 */
export async function* toText(chunks: AsyncIterable<OutputBytes>): AsyncGenerator<OutputText> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let held: Uint8Array = new Uint8Array()
  let next = 0
  const rest = function* (): Generator<OutputText> {
    if (held.length === 0) return
    const offset = next
    next += held.length
    yield { offset, text: decoder.decode(held), next }
    held = new Uint8Array()
  }
  for await (const { offset, bytes, omitted, end } of chunks) {
    if (omitted !== undefined) {
      // What follows a gap cannot complete what stands before it.
      yield* rest()
      next = offset + omitted
      yield { offset, text: decoder.decode(bytes), next }
      continue
    }
    const all = held.length > 0 ? Buffer.concat([held, bytes]) : bytes
    const start = offset - held.length
    const whole = all.length - (end === undefined ? unfinishedTail(all) : 0)
    // A copy: the service may reuse its buffer.
    held = all.slice(whole)
    next = start + whole
    if (whole === 0 && end === undefined) continue
    const text = decoder.decode(all.subarray(0, whole))
    yield { offset: start, text, next, ...(end !== undefined && { end }) }
  }
  yield* rest()
}
