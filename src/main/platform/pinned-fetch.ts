import { request as httpsRequest } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { connect, type TLSSocket } from 'node:tls'
import { fingerprintOf, shownFingerprint } from './certificate/certificate.ts'

/** A `fetch` of one server, known by its certificate. */
export interface PinnedFetch {
  fetch: (request: Request) => Promise<Response>
  close: () => Promise<void>
}

/** Somebody else answers there than whoever was expected: what a pinned call fails with, as its `cause`. */
export class OtherCertificate extends Error {
  /** Of the certificate that was shown, 64 hexadecimal digits. */
  readonly found: string
  constructor(found: string, wanted: string) {
    super(
      `the certificate is another one: its fingerprint is ${shownFingerprint(found)}, not ${shownFingerprint(wanted)}`,
    )
    this.found = found
  }
}

/**
 * Talks only to whoever holds the key of the certificate with this fingerprint (64 hexadecimal digits): neither
 * names nor authorities count, so a certificate a node made for itself is as good as a bought one. Nothing is sent
 * before it was compared. A call to anyone else, or in clear, fails with the reason in its `cause`.
 */
export const createPinnedFetch = (fingerprint: string): PinnedFetch => {
  const wanted = fingerprint.replaceAll(':', '').toLowerCase()
  const closing = new AbortController()
  return {
    fetch: async (request) => {
      const signal = AbortSignal.any([request.signal, closing.signal])
      const body = await request.text()
      try {
        const socket = await connectTo(new URL(request.url), wanted, signal)
        return responseOf(await ask(request, body, socket, signal))
      } catch (error) {
        throw new TypeError('fetch failed', { cause: error })
      }
    },
    close: async () => closing.abort(),
  }
}

const HTTPS_PORT = 443

/** A connection of its own for each call: a session that is taken up again shows no certificate. */
const connectTo = (url: URL, wanted: string, signal: AbortSignal): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    if (url.protocol !== 'https:') return reject(new Error('the connection is not encrypted'))
    signal.throwIfAborted()
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const socket = connect({ host, port: Number(url.port || HTTPS_PORT), rejectUnauthorized: false })
    const give = (error: Error): void => {
      socket.destroy()
      reject(error)
    }
    const abort = (): void => give(signal.reason as Error)
    signal.addEventListener('abort', abort, { once: true })
    socket.once('error', give)
    socket.once('secureConnect', () => {
      signal.removeEventListener('abort', abort)
      const certificate = socket.getPeerX509Certificate()
      const found = certificate ? fingerprintOf(certificate.raw) : ''
      if (found !== wanted) return give(new OtherCertificate(found, wanted))
      socket.off('error', give)
      resolve(socket)
    })
  })

const ask = (
  { url, method, headers }: Request,
  body: string,
  socket: TLSSocket,
  signal: AbortSignal,
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const sent = httpsRequest(url, {
      ...{ method, signal, headers: Object.fromEntries(headers), createConnection: () => socket },
    })
    sent.once('error', reject)
    sent.once('response', (answer) => {
      // A redirection would lead to somebody who was not compared.
      if (!isRedirect(answer.statusCode)) return resolve(answer)
      sent.destroy()
      reject(new Error('the answer leads somewhere else'))
    })
    sent.end(body)
  })

const isRedirect = (status = 0): boolean => status >= 300 && status < 400 && status !== 304

/** Statuses whose answers have no body, by the standard. */
const WITHOUT_BODY = [204, 205, 304]

const responseOf = (answer: IncomingMessage): Response => {
  const { statusCode: status = 0, statusMessage: statusText = '', headers } = answer
  const pairs = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  )
  const isEmpty = WITHOUT_BODY.includes(status)
  if (isEmpty) answer.resume()
  const body = isEmpty ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array>)
  return new Response(body, { status, statusText, headers: pairs })
}
