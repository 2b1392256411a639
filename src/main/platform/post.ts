import { messageOf } from '../../shared/domain/errors.ts'

/** One POST to an address outside. */
export interface Posting {
  url: string
  headers: Record<string, string>
  body: string
  /** Gives it up. */
  signal?: AbortSignal | undefined
}

export interface PostAnswer {
  status: number
  /** How a refusal begins; empty for a 2xx, of which nothing is read. */
  text: string
  retryAfter: string | null
}

/** @throws Error that says why there was no answer, in words for people. */
export type Post = (posting: Posting) => Promise<PostAnswer>

const PATIENCE_MS = 10_000
/** Of an answer that is no. A receiver may send without end. */
const READ_BYTES = 4_096

/** Redirects are answers as any other: what is sent is for this address. */
export const createPost =
  (patienceMs = PATIENCE_MS): Post =>
  async ({ signal, ...posting }) => {
    const patience = AbortSignal.timeout(patienceMs)
    const either = signal ? AbortSignal.any([patience, signal]) : patience
    try {
      const response = await fetch(posting.url, {
        ...{ method: 'POST', redirect: 'manual', signal: either },
        ...{ headers: posting.headers, body: posting.body },
      })
      const { status, ok, headers, body } = response
      const text = ok ? await leave(body) : await beginning(body)
      return { status, text, retryAfter: headers.get('retry-after') }
    } catch (error) {
      if (patience.aborted) throw new Error(`did not answer within ${patienceMs / 1000} s`, { cause: error })
      throw new Error(reasonOf(error), { cause: error })
    }
  }

type Body = ReadableStream<Uint8Array> | null

/** It was taken: what becomes of the connection after that changes nothing. */
const leave = async (body: Body): Promise<string> => {
  await body?.cancel().catch(() => undefined)
  return ''
}

/** As far as it comes: what there is of it will do. */
const beginning = async (body: Body): Promise<string> => {
  if (!body) return ''
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = body.getReader()
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      chunks.push(part.value)
      size += part.value.length
      if (size >= READ_BYTES) break
    }
  } catch {
    // The answer itself has come, and says enough.
  }
  await reader.cancel().catch(() => undefined)
  return Buffer.concat(chunks).subarray(0, READ_BYTES).toString()
}

/** `fetch failed` says nothing; its cause does. */
const reasonOf = (error: unknown): string =>
  messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error)
