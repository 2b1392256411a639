import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startHttpNode, type HttpNode } from '../support/http-node.ts'

const NO_TASK = '0190ffff-0000-7000-8000-000000000000'

interface Problem {
  type: string
  title: string
  status: number
  detail: string
  code: string
  errors?: { path: (string | number)[]; message: string }[]
  current?: { version: number }
}

describe('REST', () => {
  let node: HttpNode
  beforeAll(async () => {
    node = await startHttpNode()
  })
  afterAll(() => node.server.close())

  const problem = async (answer: Response, status: number): Promise<Problem> => {
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    const body = (await answer.json()) as Problem
    expect(body).toMatchObject({ type: 'about:blank', status })
    expect(typeof body.title).toBe('string')
    expect(typeof body.detail).toBe('string')
    return body
  }
  const create = async (taskName: string): Promise<{ taskId: string; version: number }> => {
    const answer = await node.ask('/api/v1/tasks', { method: 'POST', json: { taskName, scriptPath: 'a.sh' } })
    expect(answer.status).toBe(201)
    return (await answer.json()) as { taskId: string; version: number }
  }

  it('creates a task with its defaults, 201 and an ETag', async () => {
    const answer = await node.ask('/api/v1/tasks', {
      method: 'POST',
      json: { taskName: 'Nightly', scriptPath: 'a.sh' },
    })
    expect(answer.status).toBe(201)
    expect(answer.headers.get('etag')).toBe('"1"')
    expect(await answer.json()).toMatchObject({
      taskName: 'Nightly',
      enabled: true,
      retryDelay: 60,
      runOn: null,
    })
  })

  it('answers GET and PUT with the version as ETag and refuses a stale If-Match with the current record', async () => {
    const { taskId } = await create('Versions')
    const read = await node.ask(`/api/v1/tasks/${taskId}`)
    expect(read.headers.get('etag')).toBe('"1"')
    const put = await node.ask(`/api/v1/tasks/${taskId}`, {
      method: 'PUT',
      json: { priority: 3 },
      headers: { 'if-match': '"1"' },
    })
    expect(put.status).toBe(200)
    expect(put.headers.get('etag')).toBe('"2"')
    const stale = await node.ask(`/api/v1/tasks/${taskId}`, {
      method: 'PUT',
      json: { priority: 4 },
      headers: { 'if-match': '"1"' },
    })
    const body = await problem(stale, 409)
    expect(body.code).toBe('CONFLICT')
    expect(body.current).toMatchObject({ taskId, version: 2, priority: 3 })
  })

  it('takes * as any version and refuses an If-Match that it does not understand', async () => {
    const { taskId } = await create('Any version')
    const put = (match: string): Promise<Response> =>
      node.ask(`/api/v1/tasks/${taskId}`, {
        method: 'PUT',
        json: { priority: 1 },
        headers: { 'if-match': match },
      })
    expect((await put('*')).status).toBe(200)
    for (const wrong of ['6', '"six"', '"1", "2"', '""']) {
      const body = await problem(await put(wrong), 400)
      expect(body.errors?.[0]?.path).toEqual(['If-Match'])
    }
  })

  it('hands the decoded change reason to the service and refuses one that cannot be decoded or is too long', async () => {
    const { taskId } = await create('Reasons')
    const put = (reason: string): Promise<Response> =>
      node.ask(`/api/v1/tasks/${taskId}`, {
        method: 'PUT',
        json: { priority: 1 },
        headers: { 'x-change-reason': reason },
      })
    expect((await put(encodeURIComponent('Größe geändert ✓'))).status).toBe(200)
    expect(node.callers.at(-1)).toMatchObject({
      reason: 'Größe geändert ✓',
      actor: 'token:admin',
      trigger: 'API',
    })
    expect((await problem(await put('%E0%A4%A'), 400)).errors?.[0]?.path).toEqual(['X-Change-Reason'])
    expect((await problem(await put('x'.repeat(1001)), 400)).errors?.[0]?.path).toEqual(['X-Change-Reason'])
  })

  it('names every wrong field and what it may be', async () => {
    const json = {
      taskNme: 'x',
      scriptPath: '',
      priority: 'high',
      limits: { memoryMb: 1 },
      overlapPolicy: 'Never',
    }
    const body = await problem(await node.ask('/api/v1/tasks', { method: 'POST', json }), 400)
    expect(body.code).toBe('BAD_REQUEST')
    const at = (...path: (string | number)[]): string | undefined =>
      body.errors?.find((issue) => issue.path.join('.') === path.join('.'))?.message
    expect(at('taskNme')).toContain('taskName')
    expect(at('taskName')).toContain('required')
    expect(at('scriptPath')).toBe('must name a script')
    expect(at('priority')).toContain('-1000 to 1000')
    expect(at('limits', 'memoryMb')).toContain('16')
    expect(at('overlapPolicy')).toContain('Queue')
  })

  it.each([
    ['an array', '[]'],
    ['a string', '"text"'],
    ['a number', '7'],
    ['null', 'null'],
    ['broken JSON', '{"taskName":'],
    ['a prototype trick', '{"__proto__": {"role": "admin"}, "taskName": "x"}'],
  ])('refuses %s as a body', async (_, body) => {
    const headers = { 'content-type': 'application/json' }
    expect(
      (await problem(await node.ask('/api/v1/tasks', { method: 'POST', body, headers }), 400)).code,
    ).toBe('BAD_REQUEST')
  })

  it('reads a missing body as an empty one', async () => {
    const { taskId } = await create('No body')
    expect((await node.ask(`/api/v1/tasks/${taskId}/run`, { method: 'POST' })).status).toBe(202)
    const headers = { 'content-type': 'application/json' }
    expect(
      (await node.ask(`/api/v1/tasks/${taskId}/run`, { method: 'POST', headers, body: '' })).status,
    ).toBe(202)
    expect(
      (await problem(await node.ask('/api/v1/tasks', { method: 'POST' }), 400)).errors?.map(
        ({ path }) => path,
      ),
    ).toContainEqual(['taskName'])
  })

  it('refuses a query beside a body, and a body that contradicts the address', async () => {
    const { taskId } = await create('Contradiction')
    const query = await node.ask(`/api/v1/tasks/${taskId}?enabled=false`, { method: 'PUT', json: {} })
    expect((await problem(query, 400)).errors?.[0]?.path).toEqual(['enabled'])
    const other = await node.ask(`/api/v1/tasks/${taskId}`, { method: 'PUT', json: { taskId: NO_TASK } })
    expect((await problem(other, 400)).errors?.[0]?.path).toEqual(['taskId'])
    expect((await node.ask(`/api/v1/tasks/${taskId}`, { method: 'PUT', json: { taskId } })).status).toBe(200)
  })

  it('answers 404 for an unknown record and an unknown route', async () => {
    expect((await problem(await node.ask(`/api/v1/tasks/${NO_TASK}`), 404)).detail).toContain(NO_TASK)
    expect((await problem(await node.ask('/api/v1/taskz'), 404)).code).toBe('NOT_FOUND')
    expect((await problem(await node.ask('/api/v2/tasks'), 404)).code).toBe('NOT_FOUND')
  })

  it('answers 405 with the methods there are', async () => {
    const answer = await node.ask('/api/v1/tasks', { method: 'PATCH', json: {} })
    expect(answer.headers.get('allow')).toBe('GET, POST')
    expect((await problem(answer, 405)).code).toBe('BAD_REQUEST')
    const preflight = await node.ask('/api/v1/tasks', {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example' },
    })
    expect(preflight.status).toBe(405)
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('answers 415 for what is not JSON', async () => {
    const headers = { 'content-type': 'text/plain' }
    const answer = await node.ask('/api/v1/tasks', { method: 'POST', body: 'taskName=x', headers })
    expect((await problem(answer, 415)).detail).toContain('application/json')
  })

  it('takes 1 MB, for an import 6 MB, and answers 413 for more', async () => {
    const text = (bytes: number): string => 'x'.repeat(bytes)
    const task = { taskName: 'x', scriptPath: 'a', description: text(1_100_000) }
    expect((await problem(await node.ask('/api/v1/tasks', { method: 'POST', json: task }), 413)).code).toBe(
      'TOO_LARGE',
    )
    const files = (bytes: number) => ({ files: [{ path: 'tasks.yaml', content: text(bytes) }] })
    expect((await node.ask('/api/v1/tasks/import', { method: 'POST', json: files(4_000_000) })).status).toBe(
      200,
    )
    await problem(await node.ask('/api/v1/tasks/import', { method: 'POST', json: files(6_400_000) }), 413)
  })

  it('deletes with 204 and no body', async () => {
    const { taskId } = await create('Gone')
    const answer = await node.ask(`/api/v1/tasks/${taskId}`, { method: 'DELETE' })
    expect(answer.status).toBe(204)
    expect(await answer.text()).toBe('')
    await problem(await node.ask(`/api/v1/tasks/${taskId}`, { method: 'DELETE' }), 404)
  })

  it('reads a filter given once or several times, and refuses unknown ones and bad limits', async () => {
    expect((await node.ask('/api/v1/history?state=Failed')).status).toBe(200)
    expect((await node.ask('/api/v1/history?state=Failed&state=Lost')).status).toBe(200)
    expect((await node.ask('/api/v1/tasks?enabled=true&limit=1000')).status).toBe(200)
    for (const query of [
      'limit=0',
      'limit=1001',
      'limit=ten',
      'sorting=name',
      'enabled=maybe',
      'sort=colour',
    ])
      expect((await problem(await node.ask(`/api/v1/tasks?${query}`), 400)).errors, query).toHaveLength(1)
    const unknown = await problem(await node.ask('/api/v1/history?stat=Failed'), 400)
    expect(unknown.errors?.[0]?.message).toContain('state')
  })

  it('hides a bug behind a reference that the log explains', async () => {
    const broken = await startHttpNode()
    broken.services.tasks.get = async () => {
      throw new Error('secret detail of the inside')
    }
    const answer = await broken.ask(`/api/v1/tasks/${NO_TASK}`)
    const body = await problem(answer, 500)
    expect(JSON.stringify(body)).not.toContain('secret detail')
    const reference = /under (\w+)/.exec(body.detail)?.[1]
    const line = broken.log.entries.find((entry) => entry['reference'] === reference)
    expect(JSON.stringify(line)).toContain('secret detail')
    expect(JSON.stringify(line)).toContain('stack')
    await broken.server.close()
  })

  it('lets no answer out that breaks its own schema', async () => {
    const broken = await startHttpNode()
    broken.services.runtime.jobs = () => ({ lastUpdate: 'yesterday', data: [] })
    const body = await problem(await broken.ask('/api/v1/jobs'), 500)
    expect(body.code).toBe('INTERNAL')
    expect(JSON.stringify(body)).not.toContain('yesterday')
    await broken.server.close()
  })
})
