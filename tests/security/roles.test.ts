import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isContractProcedure } from '@orpc/contract'
import { contractRoutes } from '../../src/main/api/routes.ts'
import { roleOf } from '../../src/main/api/roles.ts'
import { localContract } from '../../src/shared/contract/index.ts'
import { ROLES, allows, type Role } from '../../src/shared/domain/role.ts'
import { startHttpNode, type HttpNode } from '../support/http-node.ts'
import { MEMORY_NODE_TOKEN } from '../support/memory-services.ts'

/** The table of the interface, written down once more: viewer GETs, operators also act, admins do the rest. */
const OPERATOR = [
  ...['tasks.run', 'tasks.stop', 'history.stop', 'nodes.drain', 'cluster.stop', 'cluster.resume'],
  // Whoever is on call says that it was seen.
  ...['failures.acknowledge', 'failures.acknowledgeMany', 'failures.reopen'],
]
// A preview computes and touches nothing (roles.ts).
const VIEWER_POSTS = ['schedules.preview']
// Addresses of webhooks may hold what lets somebody in (ADR 32).
const ADMIN_GETS = ['webhooks.list', 'webhooks.calls']

const needed = (route: { name: string; method: string }): Role => {
  if (ADMIN_GETS.includes(route.name)) return 'admin'
  if (route.method === 'GET' || VIEWER_POSTS.includes(route.name)) return 'viewer'
  return OPERATOR.includes(route.name) ? 'operator' : 'admin'
}

const routes = contractRoutes()
const paths = (entry: unknown, path: string[] = []): string[][] => {
  if (isContractProcedure(entry)) return [path]
  if (typeof entry !== 'object' || entry === null) return []
  return Object.entries(entry).flatMap(([name, value]) => paths(value, [...path, name]))
}

describe('roles', () => {
  let node: HttpNode
  beforeAll(async () => {
    node = await startHttpNode({
      limits: { windowMs: 1000, loopback: 100_000, remote: 1, failures: 100_000 },
    })
  })
  afterAll(() => node.server.close())

  const ask = async (route: (typeof routes)[number], as: Role | null): Promise<Response> => {
    const leave = new AbortController()
    const url = `/api/v1${route.url.replace(/\{\w+\}/g, 'nothing')}`
    const answer = await node.ask(url, {
      as,
      method: route.method,
      signal: leave.signal,
      ...(route.method !== 'GET' && { json: {} }),
    })
    if (answer.headers.get('content-type')?.includes('event-stream')) leave.abort()
    return answer
  }

  it('knows the routes of the interface', () => {
    expect(routes.length).toBeGreaterThan(25)
  })

  it.each(routes.map((route) => [`${route.method} ${route.url}`, route] as const))(
    '%s needs a token',
    async (_, route) => {
      const answer = await ask(route, null)
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/)
      expect(await answer.json()).toMatchObject({ status: 401, code: 'UNAUTHORIZED' })
    },
  )

  const table = routes.flatMap((route) =>
    ROLES.map((role) => [`${route.method} ${route.url}`, role, route] as const),
  )
  it.each(table)('%s as %s', async (_, role, route) => {
    const answer = await ask(route, role)
    if (allows(role, needed(route))) {
      expect([401, 403]).not.toContain(answer.status)
      return
    }
    expect(answer.status).toBe(403)
    const problem = (await answer.json()) as { code: string; detail: string }
    expect(problem.code).toBe('FORBIDDEN')
    expect(problem.detail).toContain(needed(route))
  })

  it.each(paths(localContract).map((path) => [path.join('.'), path] as const))(
    'rpc %s obeys the same table',
    async (name, path) => {
      const call = (as: Role | null): Promise<Response> => {
        const leave = new AbortController()
        return node
          .ask(`/rpc/${path.join('/')}`, { as, method: 'POST', json: { json: {} }, signal: leave.signal })
          .then((answer) => {
            if (answer.headers.get('content-type')?.includes('event-stream')) leave.abort()
            return answer
          })
      }
      const anonymous = await call(null)
      expect(anonymous.status).toBe(401)
      expect(await anonymous.json()).toMatchObject({ json: { code: 'UNAUTHORIZED' } })
      for (const role of ROLES) {
        const { status } = await call(role)
        if (name.startsWith('local.')) expect(status).toBe(404)
        else if (allows(role, roleOf(path))) expect([401, 403]).not.toContain(status)
        else expect(status).toBe(403)
      }
    },
  )

  it.each(routes.map((route) => [`${route.method} ${route.url}`, route.name] as const))(
    '%s by the credential of a node',
    async (route, name) => {
      const [method = '', url = ''] = route.split(' ')
      const answer = await node.ask(`/api/v1${url.replace(/\{\w+\}/g, 'nothing')}`, {
        ...{ as: null, method, headers: { authorization: `Bearer ${MEMORY_NODE_TOKEN}` } },
        ...(method !== 'GET' && { json: {} }),
      })
      if (['nodes.register', 'nodes.heartbeat'].includes(name))
        expect([401, 403]).not.toContain(answer.status)
      else expect(answer.status).toBe(403)
    },
  )

  it('asks admin for what no table knows', () => {
    expect(roleOf(['new', 'thing'])).toBe('admin')
    expect(roleOf(['tasks', 'constructor'])).toBe('admin')
    expect(roleOf([])).toBe('admin')
  })

  it('refuses tokens that are wrong, malformed or in the wrong place', async () => {
    const { admin } = node.tokens
    for (const authorization of [
      'Bearer wrong',
      `Basic ${admin}`,
      admin,
      'Bearer',
      `Bearer ${admin} ${admin}`,
      `Bearer ${'x'.repeat(5000)}`,
    ])
      expect(
        (await node.ask('/api/v1/tasks', { as: null, headers: { authorization } })).status,
        authorization,
      ).toBe(401)
    expect((await node.ask(`/api/v1/tasks?token=${admin}`, { as: null })).status).toBe(401)
    expect(
      (await node.ask('/api/v1/tasks', { as: null, headers: { cookie: `token=${admin}` } })).status,
    ).toBe(401)
  })

  it('leaves health open and keeps metrics behind a viewer token', async () => {
    expect((await node.ask('/healthz', { as: null })).status).toBe(200)
    expect((await node.ask('/metrics', { as: null })).status).toBe(401)
    const metrics = await node.ask('/metrics', { as: 'viewer' })
    expect(metrics.headers.get('content-type')).toContain('version=0.0.4')
    expect(await metrics.text()).toContain('pswebhost_up 1')
  })
})
