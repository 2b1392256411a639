import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createPinnedFetch } from '../../src/main/platform/pinned-fetch.ts'
import { shownFingerprint } from '../../src/main/platform/certificate/certificate.ts'
import { createClient } from '../../src/shared/client/create-client.ts'
import { createHttpLink } from '../../src/shared/client/http-link.ts'
import { testCertificate } from '../support/certificates.ts'
import { startHttpNode, type HttpNode } from '../support/http-node.ts'

const secureNode = async (certificate = testCertificate()): Promise<HttpNode> => {
  const config = { host: '127.0.0.1', port: 0, insecure: false, certificate }
  const node = await startHttpNode({ config })
  onTestFinished(() => node.server.close())
  return node
}

const pinned = (fingerprint: string) => {
  const { fetch, close } = createPinnedFetch(fingerprint)
  onTestFinished(close)
  return fetch
}

/** What a failed call says at its root. */
const reasonOf = async (call: Promise<unknown>): Promise<string> => {
  const error = await call.then(
    () => new Error('it was answered'),
    (failure: unknown) => failure as Error,
  )
  return error.cause instanceof Error ? error.cause.message : error.message
}

describe('a node that answers over HTTPS', () => {
  it('is called by whoever knows its fingerprint, over every link', async () => {
    const certificate = testCertificate()
    const { server, tokens } = await secureNode(certificate)
    expect(server.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    for (const pin of [certificate.fingerprint, shownFingerprint(certificate.fingerprint)]) {
      const fetch = pinned(pin)
      expect((await fetch(new Request(`${server.url}/healthz`))).status).toBe(200)
      const link = createHttpLink({ origin: server.url, token: () => tokens.viewer, fetch })
      expect((await createClient(link).system.info({})).role).toBe('viewer')
    }
  })

  it('gets nothing from someone who expects another certificate', async () => {
    const { server } = await secureNode()
    const other = testCertificate().fingerprint
    const call = pinned(other)(
      new Request(`${server.url}/healthz`, { headers: { authorization: 'Bearer secret' } }),
    )
    expect(await reasonOf(call)).toContain(`not ${shownFingerprint(other)}`)
  })

  it('tells a caller in clear what to do, and does not answer him', async () => {
    const { server } = await secureNode()
    const answer = await fetch(`${server.url.replace('https', 'http')}/healthz`)
    expect(answer.status).toBe(400)
    expect(await answer.text()).toBe(
      'This port answers over HTTPS only. Use the same address with https:// in front.\n',
    )
  })

  it('tells that even to someone who sends much', async () => {
    const { server } = await secureNode()
    const address = `${server.url.replace('https', 'http')}/api/v1/tasks`
    const answer = await fetch(address, { method: 'POST', body: 'x'.repeat(200_000) })
    expect(answer.status).toBe(400)
  })

  it('does not speak the old versions of the protocol', async () => {
    const { server } = await secureNode()
    const failure = await new Promise<Error>((resolve, reject) => {
      const { port } = new URL(server.url)
      const options = { port: Number(port), rejectUnauthorized: false, minVersion: 'TLSv1' as const }
      const socket = connectTls({ ...options, host: '127.0.0.1', maxVersion: 'TLSv1.1' }, () =>
        reject(new Error('it spoke TLS 1.1')),
      )
      socket.once('error', resolve)
    })
    expect(failure.message).toMatch(/protocol|version|alert/i)
  })

  it('takes another certificate without a restart', async () => {
    const [first, second] = [testCertificate(), testCertificate()]
    const { server } = await secureNode(first)
    const ask = (pin: string) => pinned(pin)(new Request(`${server.url}/healthz`))
    expect((await ask(first.fingerprint)).status).toBe(200)
    server.useCertificate(second)
    expect((await ask(second.fingerprint)).status).toBe(200)
    expect(await reasonOf(ask(first.fingerprint))).toContain('certificate is another one')
  })

  it('closes at once though somebody connected and says nothing', async () => {
    const node = await startHttpNode({
      config: { host: '127.0.0.1', port: 0, insecure: false, certificate: testCertificate() },
    })
    const silent = connect(Number(new URL(node.server.url).port), '127.0.0.1')
    const gone = new Promise((resolve) => silent.once('close', resolve))
    await new Promise((resolve) => silent.once('connect', resolve))
    silent.on('error', () => undefined)
    // Begins a handshake and stops in the middle of it.
    silent.write(Buffer.from([0x16, 3, 1]))
    await sleep(100)
    const from = performance.now()
    await node.server.close()
    expect(performance.now() - from).toBeLessThan(2000)
    await gone
  })
})

describe('a pinned call', () => {
  it('is not made in clear', async () => {
    const node = await startHttpNode()
    onTestFinished(() => node.server.close())
    const call = pinned(testCertificate().fingerprint)(new Request(`${node.server.url}/healthz`))
    expect(await reasonOf(call)).toBe('the connection is not encrypted')
  })
})

describe('a node that listens on a name', () => {
  it('answers by that name', async () => {
    const certificate = testCertificate()
    const config = { host: 'localhost', port: 0, insecure: false, certificate }
    const node = await startHttpNode({ config })
    expect(node.server.url).toMatch(/^https:\/\/localhost:\d+$/)
    const ask = () => pinned(certificate.fingerprint)(new Request(`${node.server.url}/healthz`))
    expect((await ask()).status).toBe(200)
    await node.server.close()
    await expect(ask()).rejects.toThrow()
  })
})
