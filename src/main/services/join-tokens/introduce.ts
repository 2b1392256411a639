import { z } from 'zod'
import { AppError, messageOf } from '../../../shared/domain/errors.ts'
import type { Heartbeat, RegistrationInput } from '../../../shared/domain/node.ts'
import { shownFingerprint } from '../../platform/certificate/certificate.ts'
import { createPinnedFetch, OtherCertificate, type PinnedFetch } from '../../platform/pinned-fetch.ts'
import type { JoinTokenText } from './text.ts'

/*
 * A newcomer makes itself known at the API of the node that made its join token, known by the certificate that the
 * token names. That is no condition: the way into the cluster is its database, and a node needs no way to another.
 */

export interface IntroduceDeps {
  /** What this node says of itself; with an incarnation while it runs. */
  registration: () => Promise<RegistrationInput>
  /** SHA-256 of the certificate of this node's own API; null without one. */
  ownFingerprint: string | null
}

export interface Introduction {
  /** This node's credential, where the other node gave it one. */
  nodeToken: string | null
  /** What came of it, in one line; null where the token names no certificate. */
  note: string | null
}

const PROBE_MS = 5_000
const CALL_MS = 20_000
const THROUGH_DATABASE = 'this node joined through the database'

/**
 * @throws AppError CONFLICT when somebody with another certificate answers at the addresses, and nobody with the right
 * one.
 */
export const introduce = async (
  deps: IntroduceDeps,
  text: string,
  { urls, fingerprint }: JoinTokenText,
): Promise<Introduction> => {
  if (fingerprint === null || urls.length === 0) return { nodeToken: null, note: null }
  const pinned = createPinnedFetch(fingerprint)
  try {
    const url = await findNode(pinned, urls, fingerprint, deps.ownFingerprint)
    if (url === null)
      return { nodeToken: null, note: `Nobody answers at ${urls.join(', ')}; ${THROUGH_DATABASE}.` }
    return await registerAt(pinned, url, text, await deps.registration()).catch((error: unknown) => ({
      nodeToken: null,
      note: `The node at ${url} did not let it in (${messageOf(error)}); ${THROUGH_DATABASE}.`,
    }))
  } finally {
    await pinned.close()
  }
}

/** An address may be one that means another machine here (a bridge, loopback): one that is right is enough. */
const findNode = async (
  pinned: PinnedFetch,
  urls: readonly string[],
  wanted: string,
  own: string | null,
): Promise<string | null> => {
  const found = await Promise.all(urls.map(async (url) => ({ url, failure: await probe(pinned, url) })))
  const right = found.find(({ failure }) => failure === null)
  if (right) return right.url
  for (const { url, failure } of found)
    if (failure instanceof OtherCertificate && failure.found !== own)
      throw new AppError(
        'CONFLICT',
        `The certificate at ${url} is not that of the node which made this join token: its fingerprint is ` +
          `${shownFingerprint(failure.found)}, the token names ${shownFingerprint(wanted)}. Nothing was sent there and ` +
          'nothing was joined. If the certificate of that node was exchanged since, create another join token ' +
          '(pswebhost-node join-token create); if not, somebody else answers at that address.',
      )
  return null
}

/** Null when the right one answers; it need not be well. */
const probe = async (pinned: PinnedFetch, url: string): Promise<unknown> => {
  try {
    const signal = AbortSignal.timeout(PROBE_MS)
    await pinned.fetch(new Request(new URL('/healthz', url), { signal }))
    return null
  } catch (error) {
    return error instanceof Error && error.cause !== undefined ? error.cause : error
  }
}

/** With the join token; then a heartbeat with the node token, so that no credential is kept that does not hold. */
const registerAt = async (
  pinned: PinnedFetch,
  url: string,
  joinToken: string,
  registration: RegistrationInput,
): Promise<Introduction> => {
  const call = { pinned, url: new URL('/api/v1/nodes/', url) }
  const answer = await ask(call, 'POST', 'register', joinToken, registration)
  const { nodeToken } = z.object({ nodeToken: z.string() }).parse(answer)
  const { nodeId, incarnation, version } = registration
  if (incarnation) {
    const beat: Heartbeat = { incarnation, version }
    await ask(call, 'PUT', `${encodeURIComponent(nodeId)}/heartbeat`, nodeToken, beat)
  }
  return {
    nodeToken,
    note: `The node at ${url} has the certificate that the token names, and knows this one.`,
  }
}

const ask = async (
  { pinned, url }: { pinned: PinnedFetch; url: URL },
  method: string,
  path: string,
  token: string,
  body: RegistrationInput | Heartbeat,
): Promise<unknown> => {
  const answer = await pinned.fetch(
    new Request(new URL(path, url), {
      ...{ method, body: JSON.stringify(body), signal: AbortSignal.timeout(CALL_MS) },
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    }),
  )
  const json: unknown = await answer.json()
  if (answer.ok) return json
  const { detail } = z.object({ detail: z.string().default('') }).parse(json)
  throw new Error(`${answer.status}${detail ? `: ${detail}` : ''}`)
}
