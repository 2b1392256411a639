import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contractRoutes } from '../../src/main/api/routes.ts'
import { startHttpNode, type HttpNode } from '../support/http-node.ts'

/** The routes of the interface that one node has, as they are promised to other programs. */
const PROMISED = `
GET /tasks, POST /tasks, GET /tasks/{taskId}, PUT /tasks/{taskId}, DELETE /tasks/{taskId}, POST /tasks/{taskId}/run,
GET /tasks/{taskId}/schedule, GET /tasks/{taskId}/history, POST /tasks/validate, POST /schedules/preview,
POST /tasks/import, GET /tasks/export, GET /history, GET /history/{historyId}, GET /history/{historyId}/output,
POST /history/{historyId}/stop, GET /nodes, GET /nodes/{nodeId}, PUT /nodes/{nodeId}, DELETE /nodes/{nodeId},
POST /nodes/{nodeId}/drain, POST /nodes/register, PUT /nodes/{nodeId}/heartbeat, GET /join-tokens, POST /join-tokens,
GET /changes, GET /changes/{changeId}, POST /changes/{changeId}/revert, GET /jobs, GET /runspaces, GET /events`
  .split(',')
  .map((route) => route.trim())

interface Operation {
  operationId: string
  summary: string
  responses: Record<string, { $ref?: string }>
  parameters?: { name: string; in: string }[]
}
interface Document {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: Record<string, Record<string, unknown>>
  security: unknown
}

const refsIn = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : refsIn(inner),
  )
}

describe('openapi.json', () => {
  let node: HttpNode
  let document: Document
  beforeAll(async () => {
    node = await startHttpNode()
    const answer = await node.ask('/api/v1/openapi.json', { as: null })
    expect(answer.status).toBe(200)
    document = (await answer.json()) as Document
  })
  afterAll(() => node.server.close())

  const operations = (): [string, Operation][] =>
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]): [string, Operation] => [
        `${method.toUpperCase()} ${path}`,
        operation,
      ]),
    )

  it('is OpenAPI 3.1 with a bearer scheme', () => {
    expect(document.openapi).toMatch(/^3\.1/)
    expect(document.security).toEqual([{ token: [] }])
    expect(document.components['securitySchemes']).toMatchObject({
      token: { type: 'http', scheme: 'bearer' },
    })
  })

  it('has every route of the interface and of the contract', () => {
    const there = operations().map(([name]) => name)
    for (const route of PROMISED) expect(there).toContain(route)
    for (const { method, url } of contractRoutes()) expect(there).toContain(`${method} ${url}`)
  })

  it('gives every operation a summary, an id of its own, one good answer and the problem form', () => {
    const ids = operations().map(([, { operationId }]) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [name, { summary, responses }] of operations()) {
      expect(summary, name).toBeTruthy()
      expect(
        Object.keys(responses).filter((status) => status.startsWith('2')),
        name,
      ).toHaveLength(1)
      expect(responses['default'], name).toEqual({ $ref: '#/components/responses/Problem' })
    }
  })

  it('says 201, 202 and 204 where the interface does', () => {
    const status = (path: string, method: string): string | undefined =>
      Object.keys(document.paths[path]?.[method]?.responses ?? {})[0]
    expect(status('/tasks', 'post')).toBe('201')
    expect(status('/tasks/{taskId}/run', 'post')).toBe('202')
    expect(status('/tasks/{taskId}', 'delete')).toBe('204')
  })

  it('resolves every reference and declares every path parameter', () => {
    for (const ref of refsIn(document)) {
      const found = ref
        .replace('#/', '')
        .split('/')
        .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], document)
      expect(found, ref).toBeDefined()
    }
    for (const [name, { parameters = [] }] of operations()) {
      const wanted = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter)
      expect(
        parameters.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name),
        name,
      ).toEqual(wanted)
    }
  })

  it('can be browsed without a network: page, script and style come from this node', async () => {
    const page = await node.ask('/api/docs', { as: null })
    expect(page.headers.get('content-type')).toContain('text/html')
    const html = await page.text()
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address ?? '')
    expect(files.length).toBe(4)
    for (const file of files) {
      expect(file).toMatch(/^\/api\//)
      expect((await node.ask(file, { as: null })).status, file).toBe(200)
    }
    expect(html).not.toMatch(/<script>|onload|https?:/)
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
  })

  it('gives away no other file of the package that draws the page', async () => {
    for (const file of ['package.json', 'index.js', '../package.json', '%2e%2e/fastify/package.json'])
      expect((await node.ask(`/api/docs/assets/${file}`, { as: null })).status, file).toBe(404)
  })
})
