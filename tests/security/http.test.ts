import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { request, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { isLoopback, type RateLimits } from '../../src/main/api/guards.ts'
import { startHttpNode, type HttpNode } from '../support/http-node.ts'
import { createMemoryNode } from '../support/memory-services.ts'

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

/** A request whose path and Host go out as they are: fetch would tidy them first. */
const raw = (origin: string, path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin)
    request({ hostname, port, path, headers, agent: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => (text += part))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
    })
      .on('error', reject)
      .end()
  })

const HTML = { accept: 'text/html' }
const SECRET = 'outside the console'

const folders: string[] = []
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true })
})

const consoleFolder = async (): Promise<string> => {
  const root = await mkdtemp(join(tmpdir(), 'console-'))
  folders.push(root)
  const folder = join(root, 'console')
  await mkdir(join(folder, 'assets'), { recursive: true })
  await writeFile(join(folder, 'index.html'), '<title>Console</title>')
  await writeFile(join(folder, 'assets', 'app-1a2b3c.js'), 'export {}')
  await writeFile(join(root, 'admin.token'), SECRET)
  await writeFile(join(folder, '.env'), SECRET)
  return folder
}

describe('the console’s files', () => {
  let node: HttpNode
  let url: string
  beforeAll(async () => {
    node = await startHttpNode({ consoleDir: await consoleFolder() })
    url = node.server.url
  })
  afterAll(() => node.server.close())

  it.each([
    '/../admin.token',
    '/..%2fadmin.token',
    '/%2e%2e/admin.token',
    '/%2e%2e%2fadmin.token',
    '/assets/../../admin.token',
    '/assets/..%2f..%2fadmin.token',
    '/assets/%2e%2e/%2e%2e/admin.token',
    '/..%5cadmin.token',
    '/assets/..%5c..%5cadmin.token',
    '/%252e%252e%252fadmin.token',
    '//admin.token',
    '/..;/admin.token',
    '/index.html%00/../../admin.token',
    '/%c0%ae%c0%ae/admin.token',
    '/.env',
  ])('never leave their folder: %s', async (path) => {
    for (const headers of [{}, HTML]) {
      const answer = await raw(url, path, headers)
      expect(answer.text).not.toContain(SECRET)
      // A page of the console may stand for an unknown path; a file may not.
      if (answer.status === 200) expect(answer.text).toContain('<title>Console</title>')
    }
    expect((await raw(url, path)).status).toBeGreaterThanOrEqual(400)
  })

  it('keeps files with a hash for ever and asks again for the page', async () => {
    const script = await raw(url, '/assets/app-1a2b3c.js')
    expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(script.headers['content-type']).toContain('javascript')
    expect((await raw(url, '/')).headers['cache-control']).toBe('no-cache')
  })

  it('answers its own views with the page and everything else with 404', async () => {
    for (const path of ['/tasks', '/history/0190/output', '/tasks?search=x'])
      expect(await raw(url, path, HTML)).toMatchObject({ status: 200, text: '<title>Console</title>' })
    for (const path of ['/api/v1/nothing', '/api/nothing', '/api'])
      expect(
        (await raw(url, path, { ...HTML, authorization: `Bearer ${node.tokens.admin}` })).status,
        path,
      ).toBe(404)
    expect((await raw(url, '/assets/gone.js')).status).toBe(404)
    expect(await raw(url, '/favicon.ico')).toMatchObject({ status: 204, text: '' })
    expect((await raw(url, '/tasks')).status).toBe(404)
  })

  it('sends a strict policy, and no CORS header to anybody', async () => {
    for (const path of ['/', '/api/v1/tasks', '/healthz', '/assets/app-1a2b3c.js', '/nothing']) {
      const { headers } = await raw(url, path, { origin: 'https://evil.example' })
      expect(headers['content-security-policy'], path).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
      expect(headers['content-security-policy']).not.toMatch(/script-src[^;]*unsafe/)
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['referrer-policy']).toBe('no-referrer')
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    }
    expect((await raw(url, '/api/v1/tasks')).headers['cache-control']).toBe('no-store')
  })

  it('says in plain words when the console was not built', async () => {
    const bare = await startHttpNode()
    const answer = await raw(bare.server.url, '/', HTML)
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('npm run build')
    await bare.server.close()
  })

  it('does not follow a link out of its folder for a name that climbs', async () => {
    const folder = await consoleFolder()
    await symlink(join(folder, 'assets'), join(folder, 'linked'))
    const linked = await startHttpNode({ consoleDir: folder })
    expect((await raw(linked.server.url, '/linked/../../admin.token')).text).not.toContain(SECRET)
    await linked.server.close()
  })
})

describe('who may reach the node', () => {
  it('answers on loopback only to addresses and localhost: a re-pointed name is refused', async () => {
    const node = await startHttpNode()
    const { port } = new URL(node.server.url)
    for (const host of [
      `127.0.0.1:${port}`,
      `localhost:${port}`,
      'LOCALHOST',
      `[::1]:${port}`,
      '192.168.1.7',
    ])
      expect((await raw(node.server.url, '/healthz', { host })).status, host).toBe(200)
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      'localhost.evil.example',
      '127.0.0.1.evil.example',
    ]) {
      const answer = await raw(node.server.url, '/healthz', { host })
      expect(answer.status, host).toBe(403)
    }
    await node.server.close()
  })

  it('refuses to listen beyond this machine unless told in so many words', async () => {
    const config = { host: '0.0.0.0', port: 0, insecure: false, certificate: null }
    await expect(startHttpNode({ config })).rejects.toThrow(/--insecure/)
    const open = await startHttpNode({ config: { ...config, insecure: true } })
    expect(open.server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect((await raw(open.server.url, '/healthz', { host: 'desk.example' })).status).toBe(200)
    await open.server.close()
  })

  it('names the port that is taken', async () => {
    const node = await startHttpNode()
    const port = Number(new URL(node.server.url).port)
    const second = startHttpNode({
      config: { host: '127.0.0.1', port, insecure: false, certificate: null },
    })
    await expect(second).rejects.toThrow(new RegExp(`${port}.*--port`))
    await node.server.close()
  })

  it.each([
    ['127.0.0.1', true],
    ['127.8.9.10', true],
    ['::1', true],
    ['[::1]', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['10.0.0.1', false],
    ['localhost.example', false],
  ])('takes %s as loopback: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected)
  })
})

describe('rates', () => {
  it('answers 429 with Retry-After past the limit, per token', async () => {
    const node = await startHttpNode({ limits: { windowMs: 60_000, loopback: 5, remote: 1, failures: 100 } })
    const statuses: number[] = []
    for (let i = 0; i < 6; i++) statuses.push((await node.ask('/api/v1/tasks')).status)
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429])
    const refused = await node.ask('/api/v1/tasks')
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refused.json()).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS' })
    expect((await node.ask('/api/v1/tasks', { as: 'viewer' })).status).toBe(200)
    await node.server.close()
  })

  it('counts failed logins by address, whatever tokens are tried, and lets good ones through', async () => {
    const node = await startHttpNode({ limits: { windowMs: 60_000, loopback: 1000, remote: 1, failures: 3 } })
    const tryToken = async (token: string): Promise<number> =>
      (await node.ask('/api/v1/tasks', { as: null, headers: { authorization: `Bearer ${token}` } })).status
    const statuses: number[] = []
    expect((await node.ask('/api/v1/tasks')).status).toBe(200)
    for (let i = 0; i < 5; i++) statuses.push(await tryToken(`guess-${i}`))
    expect(statuses).toEqual([401, 401, 401, 429, 429])
    expect((await node.ask('/api/v1/tasks')).status).toBe(200)
    await node.server.close()
  })
  /** A node that counts how often its token service is asked. */
  const countingNode = async (limits: RateLimits, verifyMs = 0) => {
    const memory = createMemoryNode()
    const { tokens } = memory.services
    const asked: string[] = []
    const verify: typeof tokens.verify = async (text) => {
      asked.push(text)
      await new Promise((resolve) => setTimeout(resolve, verifyMs))
      return tokens.verify(text)
    }
    const node = await startHttpNode({
      services: { ...memory.services, tokens: { ...tokens, verify } },
      limits,
    })
    onTestFinished(() => node.server.close())
    const ask = async (token: string): Promise<number> =>
      (await node.ask('/api/v1/tasks', { as: null, headers: { authorization: `Bearer ${token}` } })).status
    return { ...memory, asked, ask }
  }

  it('looks up no unknown token of an address whose logins failed too often, not even many at once', async () => {
    const limits = { windowMs: 60_000, loopback: 1000, remote: 1, failures: 3 }
    const { asked, ask, tokens } = await countingNode(limits, 20)
    expect(await ask(tokens.admin)).toBe(200)
    const statuses = await Promise.all(Array.from({ length: 40 }, (_, i) => ask(`guess-${i}`)))
    expect(statuses.sort((a, b) => a - b)).toEqual([401, 401, 401, ...Array.from({ length: 37 }, () => 429)])
    expect(asked.filter((text) => text.startsWith('guess-'))).toHaveLength(3)
    // Known to be good a moment ago: lets whoever works here go on. Another good one has to wait.
    expect(await ask(tokens.admin)).toBe(200)
    expect(await ask(tokens.viewer)).toBe(429)
  })

  it('takes a page that opens with many requests at once as one login', async () => {
    const limits = { windowMs: 60_000, loopback: 1000, remote: 1, failures: 3 }
    const { ask, tokens } = await countingNode(limits, 20)
    const statuses = await Promise.all(Array.from({ length: 30 }, () => ask(tokens.admin)))
    expect(new Set(statuses)).toEqual(new Set([200]))
  })

  it('stops an address that changes its tokens all the time', async () => {
    const { ask } = await countingNode({ windowMs: 60_000, loopback: 5, remote: 1, failures: 1000 })
    const statuses: number[] = []
    for (let i = 0; i < 22; i++) statuses.push(await ask(`guess-${i}`))
    expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 401))
    expect(statuses.slice(20)).toEqual([429, 429])
  })

  it('lets an address try again after the window', async () => {
    const { ask, tokens } = await countingNode({ windowMs: 300, loopback: 1000, remote: 1, failures: 1 })
    expect([await ask('guess'), await ask('guess'), await ask(tokens.admin)]).toEqual([401, 429, 429])
    await new Promise((resolve) => setTimeout(resolve, 350))
    expect(await ask(tokens.admin)).toBe(200)
  })
})
