import { describe, expect, it, vi } from 'vitest'
import type { Database } from '../../src/main/data/db.ts'
import { isoOf } from '../../src/main/platform/clock.ts'
import { databases } from '../support/databases.ts'
import { admin } from '../support/node.ts'
import { openHeld, RECEIVER } from '../support/held-webhooks.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

describe.each(databases())('$name: calls of webhooks', ({ open }) => {
  it('do not wait for a receiver that hangs, which has two of them at most', async () => {
    const { create, fail, deliver, pending, state, statesOf } = await openHeld(open)
    const { webhookId: hung } = await create({ webhookName: 'hung', url: 'http://hung.example/' })
    const { webhookId: well } = await create()
    state.how = (url) => (url === RECEIVER ? 200 : null)
    await fail(9)
    const round = deliver()
    const told = (count: number) =>
      vi.waitFor(async () => expect(await statesOf(well)).toEqual(Array(count).fill('Delivered')), 10_000)
    await told(9)
    expect(pending).toHaveLength(2)
    // What is due while it still hangs goes out as well.
    await fail(1)
    await told(10)
    for (const one of [...pending]) one.answer('did not answer within 10 s')
    await round
    expect(await statesOf(hung)).toEqual(Array(10).fill('Waiting'))
  })

  it('wait, all of a webhook, after one that failed; then one tries, and after it all go', async () => {
    const { create, fail, deliver, posted, state, clock, statesOf } = await openHeld(open)
    const { webhookId } = await create()
    state.how = () => 500
    await fail(5)
    const attempts = async (): Promise<number> => {
      const before = posted.length
      await deliver()
      return posted.length - before
    }
    expect(await attempts()).toBe(2)
    expect(await attempts()).toBe(0)
    clock.advance(5_000)
    expect(await attempts()).toBe(1)
    clock.advance(14_000)
    expect(await attempts()).toBe(0)
    clock.advance(1_000)
    state.how = () => 200
    expect(await attempts()).toBe(5)
    expect(await statesOf(webhookId)).toEqual(Array(5).fill('Delivered'))
  })

  it('are given up when they were tried ten times within more than a day', async () => {
    const { create, fail, deliver, state, clock, calls } = await openHeld(open)
    const { webhookId } = await create()
    state.how = () => 302
    await fail(1)
    // Asleep over the weekend: it counts from the first attempt, and one is not enough.
    clock.advance(3 * DAY)
    await deliver()
    clock.advance(3 * DAY)
    await deliver()
    expect(await calls(webhookId)).toMatchObject([{ state: 'Waiting', attempts: 2 }])
    for (let attempt = 3; attempt < 10; attempt += 1) {
      clock.advance(300_000)
      await deliver()
    }
    expect(await calls(webhookId)).toMatchObject([{ state: 'Waiting', attempts: 9 }])
    clock.advance(300_000)
    await deliver()
    expect(await calls(webhookId)).toMatchObject([{ state: 'GivenUp', attempts: 10, statusCode: 302 }])
  })

  it('are given up after a week untried, many at a time', async () => {
    const { create, deliver, posted, state, clock, noted, insert, calls, db } = await openHeld(open)
    const { webhookId } = await create()
    state.how = () => 'nobody there'
    for (let batch = 0; batch < 6; batch += 1)
      await insert(Array.from({ length: 100 }, () => noted(webhookId)))
    clock.advance(7 * DAY + 1)
    await insert([noted(webhookId)])
    const waiting = async () =>
      (await db.read.selectFrom('Webhook_Call').select('callId').where('state', '=', 'Waiting').execute())
        .length
    await deliver()
    expect(await waiting()).toBeLessThanOrEqual(101)
    clock.advance(HOUR)
    await deliver()
    expect(await waiting()).toBe(1)
    expect(posted.length).toBeLessThanOrEqual(4)
    const untried = (await calls(webhookId)).filter(({ attempts }) => attempts === 0)
    expect(untried.length).toBeGreaterThanOrEqual(597)
    expect(untried[0]).toMatchObject({ state: 'GivenUp', lastError: 'nobody took it for a week' })
  })

  it('are given up where the webhook is switched off, without being made', async () => {
    const { create, fail, deliver, posted, webhooks, statesOf } = await openHeld(open)
    const { webhookId } = await create()
    await fail(3)
    await webhooks.update(admin, webhookId, { enabled: false })
    await deliver()
    expect([await statesOf(webhookId), posted]).toEqual([Array(3).fill('GivenUp'), []])
  })

  it('are taken over from a node that died, whose late answer counts no more', async () => {
    const { create, fail, deliver, posted, pending, clock, calls, webhooks } = await openHeld(open)
    const { webhookId } = await create()
    await fail(1)
    const dead = deliver()
    await vi.waitFor(() => expect(pending).toHaveLength(1), 10_000)
    clock.advance(30_000)
    await deliver()
    expect(posted).toHaveLength(1)
    clock.advance(1)
    const other = deliver()
    await vi.waitFor(() => expect(pending).toHaveLength(2), 10_000)
    pending[1]?.answer(200)
    await other
    pending[0]?.answer('woke up')
    await dead
    expect(new Set(posted.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(await calls(webhookId)).toMatchObject([
      { state: 'Delivered', attempts: 1, statusCode: 200, lastError: null },
    ])
    expect(await webhooks.list(admin)).toMatchObject([{ waiting: 0 }])
  })

  it.each([
    ['another address', { url: 'http://ops.example/right' }],
    ['a change of nothing', { enabled: true }],
  ])('are made anew, and no failure, where the answer comes after %s', async (_what, edit) => {
    const { create, fail, deliver, posted, pending, state, calls, webhooks } = await openHeld(open)
    const { webhookId } = await create()
    await fail(1)
    const round = deliver()
    await vi.waitFor(() => expect(pending).toHaveLength(1), 10_000)
    await webhooks.update(admin, webhookId, edit)
    state.how = () => 200
    pending[0]?.answer(410)
    await round
    expect(posted).toHaveLength(2)
    expect(await calls(webhookId)).toMatchObject([{ state: 'Delivered', attempts: 1, statusCode: 200 }])
    expect(await webhooks.list(admin)).toMatchObject([{ enabled: true, disabledReason: null }])
  })

  it('are taken also where that is heard after an edit, which tells nothing of the new receiver', async () => {
    const { create, fail, deliver, pending, state, clock, calls, webhooks } = await openHeld(open)
    const { webhookId } = await create()
    await fail(2)
    const round = deliver()
    await vi.waitFor(() => expect(pending).toHaveLength(2), 10_000)
    await webhooks.update(admin, webhookId, { url: 'http://ops.example/wrong' })
    state.how = () => 503
    // One is made anew, and fails at the new address.
    pending[1]?.answer('nobody there')
    const waiting = async () => (await calls(webhookId)).find((call) => call.state === 'Waiting')
    await vi.waitFor(async () => expect((await calls(webhookId)).map((c) => c.attempts)).toContain(1), 10_000)
    pending[0]?.answer(200)
    await round
    expect((await calls(webhookId)).map((call) => call.state).toSorted()).toEqual(['Delivered', 'Waiting'])
    expect((await waiting())?.notBefore).toBe(isoOf(clock.now() + 5_000))
  })

  it('are made once by two nodes that look at the same time', async () => {
    const { create, fail, deliver, posted, state, statesOf } = await openHeld(open)
    const { webhookId } = await create()
    state.how = () => 200
    await fail(6)
    await Promise.all([deliver(), deliver()])
    expect(await statesOf(webhookId)).toEqual(Array(6).fill('Delivered'))
    expect(posted).toHaveLength(6)
  })

  it('are noted each by itself: one result that cannot be written leaves no other behind', async () => {
    const { create, fail, deliver, pending, db, statesOf } = await openHeld(open)
    const { webhookId } = await create()
    await fail(2)
    let isBroken = false
    const write: Database['write'] = async (context, work) => {
      if (!isBroken) return db.write(context, work)
      isBroken = false
      throw new Error('the database is away')
    }
    const round = deliver(undefined, { db: { ...db, write } })
    const failed = expect(round).rejects.toThrow('the database is away')
    await vi.waitFor(() => expect(pending).toHaveLength(2), 10_000)
    isBroken = true
    pending[0]?.answer(200)
    await vi.waitFor(() => expect(isBroken).toBe(false), 10_000)
    pending[0]?.answer(200)
    await failed
    expect((await statesOf(webhookId)).toSorted()).toEqual(['Delivered', 'Waiting'])
  })

  it('are left to others at the end of a node, and that was no attempt', async () => {
    const { create, fail, deliver, pending, posted, state, calls } = await openHeld(open)
    const { webhookId } = await create()
    await fail(1)
    const closing = new AbortController()
    const round = deliver(closing.signal)
    await vi.waitFor(() => expect(pending).toHaveLength(1), 10_000)
    closing.abort()
    await round
    expect(await calls(webhookId)).toMatchObject([{ state: 'Waiting', attempts: 0, lastError: null }])
    state.how = () => 200
    await deliver()
    expect(posted).toHaveLength(2)
    expect(await calls(webhookId)).toMatchObject([{ state: 'Delivered', attempts: 1 }])
  })
})
