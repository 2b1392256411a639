import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { controlPath } from '../../src/main/config/data-dir.ts'
import { MAX_DEPTH } from '../../src/shared/domain/json-depth.ts'
import { startTestNode, type TestNode } from '../support/node.ts'

interface Answer {
  status: number
  text: string
}

const send = (
  to: { url: string } | { socketPath: string },
  path: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const target = 'url' in to ? { hostname: new URL(to.url).hostname, port: new URL(to.url).port } : to
    const options = {
      ...target,
      path,
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
    }
    request({ ...options, agent: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => (text += part))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
    })
      .on('error', reject)
      .end(body)
  })

/** A list in a list in a list, as text: JSON.stringify itself would not survive it. */
const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)
const task = (value: string, more = ''): string =>
  `{"taskName":"Deep","scriptPath":"a.sh","parameters":{"tree":${value}}${more}}`

const WAYS: Record<string, (node: TestNode, value: string) => Promise<Answer>> = {
  REST: (node, value) =>
    send(node, '/api/v1/tasks', task(value), { authorization: `Bearer ${node.adminToken}` }),
  RPC: (node, value) =>
    send(node, '/rpc/tasks/create', `{"json":${task(value)}}`, {
      authorization: `Bearer ${node.adminToken}`,
    }),
  'the control socket': (node, value) =>
    send({ socketPath: controlPath(node.dir) }, '/rpc/tasks/create', `{"json":${task(value)}}`),
}

describe.each(Object.entries(WAYS))('very deep JSON over %s', (_, ask) => {
  it('is refused with the name of the field, however deep', async () => {
    const node = await startTestNode()
    for (const levels of [MAX_DEPTH, 10_000, 400_000]) {
      const answer = await ask(node, nested(levels))
      expect(answer.status, String(levels)).toBe(400)
      expect(answer.text).toContain('"path":["parameters","tree"]')
      expect(answer.text).toContain(`at most ${MAX_DEPTH} levels`)
    }
    expect((await ask(node, nested(MAX_DEPTH - 2))).status).toBeLessThan(300)
  })
})

describe('very deep JSON elsewhere', () => {
  it('is refused by every route that takes JSON of any form', async () => {
    const node = await startTestNode()
    const headers = { authorization: `Bearer ${node.adminToken}` }
    const post = (path: string, body: string) => send(node, `/api/v1${path}`, body, headers)
    const deep = nested(20_000)
    for (const [path, body] of [
      ['/tasks/validate', task(deep)],
      ['/tasks/0190ffff-0000-7000-8000-000000000000/run', `{"parameters":{"tree":${deep}}}`],
      ['/tasks/import', `{"files":${deep}}`],
      ['/schedules/preview', `{"schedule":${deep}}`],
      ['/tasks', `{"surprise":${deep}}`],
    ] as const)
      expect((await post(path, body)).status, path).toBe(400)
  })

  it('inside an imported file is a reason to skip it, not a failure', async () => {
    const node = await startTestNode()
    const headers = { authorization: `Bearer ${node.adminToken}` }
    await node.script('a.sh', 'exit 0\n')
    expect((await send(node, '/api/v1/tasks', task('"here"'), headers)).status).toBe(201)
    const exported = await fetch(`${node.url}/api/v1/tasks/export`, { headers })
    const document = (await exported.text()).replace('"Deep"', '"Other"')
    const importing = async (content: string, path = 'tasks.json'): Promise<unknown> => {
      const files = [{ path, content }]
      const answer = await send(node, '/api/v1/tasks/import', JSON.stringify({ files }), headers)
      expect(answer.status, answer.text.slice(0, 300)).toBe(200)
      return JSON.parse(answer.text)
    }
    expect(await importing(document.replace('"here"', nested(20_000)))).toMatchObject({
      created: 0,
      skipped: 1,
    })
    expect(await importing(`name: Deep\nvalues: ${nested(20_000)}\n`, 'task.yaml')).toMatchObject({
      skipped: 1,
    })
    expect(await importing(document)).toMatchObject({ created: 1 })
  })
})
