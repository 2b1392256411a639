import { TLSSocket } from 'node:tls'
import { Agent, buildConnector, fetch as undiciFetch } from 'undici'
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
 * names nor authorities count, so a certificate a node made for itself is as good as a bought one. Nothing is sent before it was
 * compared. A call to anyone else, or in clear, fails with the reason in its `cause`.
 */
export const createPinnedFetch = (fingerprint: string): PinnedFetch => {
  const wanted = fingerprint.replaceAll(':', '').toLowerCase()
  // A session that is taken up again shows no certificate.
  const connect = buildConnector({ rejectUnauthorized: false, maxCachedSessions: 0 })
  const dispatcher = new Agent({
    connect: (options, answer) =>
      connect(options, (error, socket) => {
        if (error) return answer(error, null)
        const problem = problemOf(socket, wanted)
        if (problem === null) return answer(null, socket)
        socket?.destroy()
        answer(problem, null)
      }),
  })
  return {
    fetch: async (request) => {
      const { url, method, signal } = request
      const headers = Object.fromEntries(request.headers)
      const body = ['GET', 'HEAD'].includes(method) ? {} : { body: await request.text() }
      return undiciFetch(url, { method, headers, signal, dispatcher, redirect: 'error', ...body })
    },
    close: () => dispatcher.destroy(),
  }
}

const problemOf = (socket: unknown, wanted: string): Error | null => {
  if (!(socket instanceof TLSSocket)) return new Error('the connection is not encrypted')
  const certificate = socket.getPeerX509Certificate()
  const found = certificate ? fingerprintOf(certificate.raw) : ''
  return found === wanted ? null : new OtherCertificate(found, wanted)
}
