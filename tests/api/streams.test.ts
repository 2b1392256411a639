import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Clock } from '../../src/main/platform/clock.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { toText } from '../../src/main/api/output-text.ts'
import { startHttpNode, type HttpNode } from '../support/http-node.ts'

/** Sleeps of minutes last milliseconds: heartbeats come at once. */
const hurried: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 500, signal) }

const until = async (holds: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 300 && !holds(); tries++)
    await new Promise((resolve) => setTimeout(resolve, 10))
  expect(holds()).toBe(true)
}

describe('streams over REST', () => {
  let node: HttpNode
  beforeAll(async () => {
    node = await startHttpNode({ clock: hurried })
  })
  afterAll(() => node.server.close())

  const newRun = async (): Promise<string> => {
    const task = await node.ask('/api/v1/tasks', { method: 'POST', json: { taskName: 'x', scriptPath: 'a' } })
    const { taskId } = (await task.json()) as { taskId: string }
    const run = await node.ask(`/api/v1/tasks/${taskId}/run`, { method: 'POST' })
    expect(run.status).toBe(202)
    return ((await run.json()) as { historyId: string }).historyId
  }
  const output = (id: string, query = '', init: RequestInit = {}): Promise<Response> =>
    node.ask(`/api/v1/history/${id}/output${query}`, init)

  it('sends output byte for byte, whatever it holds', async () => {
    const id = await newRun()
    const bytes = Uint8Array.from({ length: 1024 }, (_, index) => index % 256)
    node.write(id, bytes, 'Success')
    const answer = await output(id)
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes)
    expect(new Uint8Array(await (await output(id, '?from=1000')).arrayBuffer())).toEqual(bytes.slice(1000))
  })

  it('answers an empty output with an empty text', async () => {
    const answer = await output(await newRun())
    expect(answer.status).toBe(200)
    expect(await answer.text()).toBe('')
  })

  it('answers an unknown run with 404 and a bad query with 400, also when following', async () => {
    for (const query of ['', '?follow=true']) {
      const answer = await output('0190ffff-0000-7000-8000-000000000000', query)
      expect(answer.status).toBe(404)
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    }
    for (const query of ['?follow=yes', '?from=-1', '?folow=true'])
      expect((await output(await newRun(), query)).status, query).toBe(400)
    expect((await node.ask('/api/v1/history/x/output', { method: 'POST', json: {} })).status).toBe(405)
  })

  it('follows until the run ends, then says in what state', async () => {
    const id = await newRun()
    node.write(id, Buffer.from('first\n'))
    const answer = await output(id, '?follow=true')
    expect(answer.headers.get('content-type')).toContain('text/event-stream')
    setTimeout(() => node.write(id, Buffer.from('grün\r\n')), 20)
    setTimeout(() => node.write(id, Buffer.from('last'), 'Failed'), 60)
    const text = await answer.text()
    const events = text.split('\n\n').filter((block) => block.startsWith('event:'))
    const data = events.map(
      (block) => JSON.parse(/data: (.*)/.exec(block)?.[1] ?? '') as { text?: string; state?: string },
    )
    expect(data.map((event) => event.text ?? '').join('')).toBe('first\ngrün\r\nlast')
    expect(events.at(-1)).toMatch(/^event: end\n/)
    expect(data.at(-1)).toEqual({ state: 'Failed' })
    expect(/id: (\d+)/.exec(events[0] ?? '')?.[1]).toBe('6')
    expect(node.readers()).toBe(0)
  })

  it('resumes after the last event a client has seen', async () => {
    const id = await newRun()
    node.write(id, Buffer.from('0123456789'), 'Success')
    const text = await (await output(id, '?follow=true', { headers: { 'last-event-id': '7' } })).text()
    expect(text).toContain('"text":"789"')
    expect((await output(id, '?follow=true', { headers: { 'last-event-id': 'x' } })).status).toBe(400)
  })

  it('keeps a quiet stream open with comments', async () => {
    const id = await newRun()
    const answer = await output(id, '?follow=true')
    setTimeout(() => node.write(id, new Uint8Array(), 'Success'), 150)
    const text = await answer.text()
    expect(text.match(/^: still running$/gm)?.length).toBeGreaterThan(1)
    expect(text).toMatch(/event: end\ndata: \{"state":"Success"\}\n\n$/)
  })

  it('ends the service’s stream when a client goes away, while output flows and while nothing happens', async () => {
    const id = await newRun()
    for (const write of [true, false]) {
      const leave = new AbortController()
      const answer = await output(id, '?follow=true', { signal: leave.signal })
      if (write) node.write(id, Buffer.from('more'))
      const reading = answer.text().catch(() => 'gone')
      await until(() => node.readers() === 1)
      leave.abort()
      expect(await reading).toBe('gone')
      await until(() => node.readers() === 0)
    }
  })

  it('streams events and ends them when the client goes away', async () => {
    const leave = new AbortController()
    const answer = await node.ask('/api/v1/events', { signal: leave.signal })
    expect(answer.headers.get('content-type')).toContain('text/event-stream')
    const body: ReadableStream<Uint8Array> | null = answer.body
    const reader = body?.getReader()
    let text = ''
    while (!text.includes('hello')) text += new TextDecoder().decode((await reader?.read())?.value)
    node.emit({ type: 'task.changed', at: '2026-11-24T14:00:00.000Z', id: 't1' })
    while (!text.includes('task.changed')) text += new TextDecoder().decode((await reader?.read())?.value)
    leave.abort()
    await until(() => node.readers() === 0)
  })

  it('ends open streams when the node closes', async () => {
    const other = await startHttpNode()
    const answer = await other.ask('/api/v1/events')
    await until(() => other.readers() === 1)
    await other.server.close()
    await answer.text().catch(() => 'cut')
    await until(() => other.readers() === 0)
  })
})

describe('output as text', () => {
  async function* chunks(parts: readonly Uint8Array[]) {
    let offset = 0
    for (const bytes of parts) {
      yield { offset, bytes }
      offset += bytes.length
    }
  }

  it('joins characters however they are cut and keeps offsets in bytes', async () => {
    const bytes = Buffer.from('aä€😀z')
    for (let size = 1; size <= bytes.length; size++) {
      const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      )
      let text = ''
      let at = 0
      for await (const piece of toText(chunks(parts))) {
        expect(piece.offset).toBe(at)
        at = piece.next
        text += piece.text
      }
      expect(text).toBe('aä€😀z')
      expect(at).toBe(bytes.length)
    }
  })

  it('resumes exactly behind a line that stands for output left out, and joins no character across it', async () => {
    async function* withGap() {
      yield { offset: 0, bytes: Buffer.from('a\u20ac').subarray(0, 3) }
      yield { offset: 3, bytes: Buffer.from('[cut]'), omitted: 1000 }
      yield { offset: 1003, bytes: Buffer.from('z') }
      yield { offset: 1004, bytes: new Uint8Array(), end: 'Success' }
    }
    const pieces = []
    for await (const piece of toText(withGap())) pieces.push(piece)
    expect(pieces).toEqual([
      { offset: 0, text: 'a', next: 1 },
      { offset: 1, text: '\ufffd', next: 3 },
      { offset: 3, text: '[cut]', next: 1003 },
      { offset: 1003, text: 'z', next: 1004 },
      { offset: 1004, text: '', next: 1004, end: 'Success' },
    ])
  })

  it('shows what is no UTF-8 as replacement characters and loses nothing after it', async () => {
    let text = ''
    for await (const piece of toText(chunks([Uint8Array.of(0xff, 0x41), Uint8Array.of(0xe2, 0x82)])))
      text += piece.text
    expect(text).toBe('\ufffdA\ufffd')
  })
})
