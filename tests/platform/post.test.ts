import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createPost, type Posting } from '../../src/main/platform/post.ts'

/** A server that answers as the test says. */
const startServer = async (answer: (response: ServerResponse) => void) => {
  const server = createServer((request, response) => {
    request.resume().on('end', () => answer(response))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return (fields: Partial<Posting> = {}, patienceMs = 10_000) =>
    createPost(patienceMs)({ url, headers: { 'content-type': 'text/plain' }, body: 'x', ...fields })
}

describe('a POST to an address outside', () => {
  it('answers with status and beginning of a refusal, redirects included', async () => {
    const post = await startServer((response) => {
      response.writeHead(307, { location: '/elsewhere', 'retry-after': '7' }).end('not here')
    })
    expect(await post()).toEqual({ status: 307, text: 'not here', retryAfter: '7' })
  })

  it('fails in time where nobody answers, and where nobody is', async () => {
    const post = await startServer(() => undefined)
    await expect(post({}, 100)).rejects.toThrow('did not answer within 0.1 s')
    await expect(post({ url: 'http://127.0.0.1:1/' })).rejects.toThrow(/ECONNREFUSED|bad port/)
  })

  it('ends at its signal', async () => {
    const closing = new AbortController()
    const post = await startServer(() => closing.abort())
    await expect(post({ signal: closing.signal })).rejects.toThrow()
  })

  it('reads a few KB of a refusal that has no end', async () => {
    let response: ServerResponse | undefined
    const post = await startServer((to) => {
      response = to.writeHead(500)
      const more = (): void => void (to.writable && to.write('x'.repeat(10_000), () => setImmediate(more)))
      more()
    })
    const { status, text } = await post()
    expect([status, text.length]).toEqual([500, 4_096])
    if (response && !response.destroyed) await once(response, 'close')
  })

  it('has its answer though the rest of it never comes', async () => {
    const halves = (status: number) =>
      startServer((response) => {
        response.writeHead(status, { 'content-length': '1000' })
        response.write('half of it')
      })
    const taken = await halves(200)
    expect(await taken({}, 500)).toEqual({ status: 200, text: '', retryAfter: null })
    const refused = await halves(503)
    expect(await refused({}, 500)).toEqual({ status: 503, text: 'half of it', retryAfter: null })
  })

  it('was taken though the connection breaks after a 200', async () => {
    const post = await startServer((response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('half of it', () => response.socket?.resetAndDestroy())
    })
    expect(await post()).toMatchObject({ status: 200 })
  })
})
