import { describe, expect, it } from 'vitest'
import { isoOf } from '../../src/main/platform/clock.ts'
import { databases } from '../support/databases.ts'
import { admin } from '../support/node.ts'
import { openHeld, RECEIVER } from '../support/held-webhooks.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

describe.each(databases())('$name: calls of webhooks', ({ open }) => {
  it('that were refused are not tried sooner because another is taken; those without an answer are', async () => {
    const { create, deliver, posted, state, clock, noted, insert, calls } = await openHeld(open)
    const { webhookId } = await create()
    const notBefore = isoOf(clock.now() + 120_000)
    const [refused, broken, silent] = [404, 503, null].map((statusCode) =>
      noted(webhookId, { attempts: 4, statusCode, notBefore }),
    )
    await insert([refused, broken, silent, noted(webhookId)].filter((row) => row !== undefined))
    state.how = () => 200
    await deliver()
    const waiting = (await calls(webhookId)).filter((call) => call.state === 'Waiting')
    expect(waiting).toMatchObject([{ callId: refused?.callId, notBefore }])
    clock.advance(120_000)
    await deliver()
    expect(posted.at(-1)?.headers['webhook-id']).toBe(refused?.callId)
  })

  it.each([400, 500])(
    'of which one is always answered %i leave no later one behind, and that one is tried on',
    async (status) => {
      const { create, fail, deliver, posted, state, clock, calls } = await openHeld(open)
      const { webhookId } = await create()
      await fail(1)
      const [bad] = await calls(webhookId)
      state.how = (_url, { headers }) => (headers['webhook-id'] === bad?.callId ? status : 200)
      for (let attempt = 1; attempt <= 6; attempt += 1) {
        await deliver()
        clock.advance(300_000)
      }
      await deliver()
      await fail(1)
      // The webhook waits as long as the call that was not taken, and then both are due.
      clock.advance(300_000)
      await deliver()
      await deliver()
      expect(await calls(webhookId)).toMatchObject([
        { state: 'Waiting', attempts: 8 },
        { state: 'Delivered', attempts: 1 },
      ])
      expect(posted).toHaveLength(9)
    },
  )

  it('hold up the others for seconds only where one was refused: its receiver is there', async () => {
    const { create, fail, deliver, posted, state, clock, statesOf } = await openHeld(open)
    const { webhookId } = await create()
    await fail(1)
    state.how = () => 422
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      clock.advance(300_000)
      await deliver()
    }
    state.how = () => 200
    await fail(1)
    clock.advance(3_999)
    await deliver()
    expect(posted).toHaveLength(6)
    clock.advance(1)
    await deliver()
    expect(await statesOf(webhookId)).toEqual(['Waiting', 'Delivered'])
  })

  it('wait as long as their receiver asks for, an hour at most', async () => {
    const { create, fail, deliver, posted, state, clock } = await openHeld(open)
    await create()
    const madeAfter = async (ms: number): Promise<number> => {
      const before = posted.length
      clock.advance(ms)
      await deliver()
      return posted.length - before
    }
    state.how = () => ({ status: 429, retryAfter: '90' })
    await fail(1)
    await deliver()
    expect(await madeAfter(89_999)).toBe(0)
    state.how = () => ({ status: 503, retryAfter: new Date(clock.now() + 30 * DAY).toUTCString() })
    expect(await madeAfter(1)).toBe(1)
    expect(await madeAfter(HOUR - 1)).toBe(0)
    expect(await madeAfter(1)).toBe(1)
  })

  it('end where the receiver is gone for good: the webhook switches itself off and says why', async () => {
    const { create, fail, deliver, posted, state, webhooks, statesOf, log } = await openHeld(open)
    const { webhookId, version } = await create()
    state.how = () => 410
    await fail(1)
    await deliver()
    expect(await statesOf(webhookId)).toEqual(['GivenUp'])
    const disabledReason = 'its receiver answered 410: it is gone for good'
    expect(await webhooks.list(admin)).toMatchObject([
      { enabled: false, disabledReason, version: version + 1 },
    ])
    expect(log.entries.at(-1)).toMatchObject({ level: 'warn' })
    await fail(1)
    await deliver()
    expect(posted).toHaveLength(1)
    expect(await webhooks.update(admin, webhookId, { enabled: true })).toMatchObject({ disabledReason: null })
  })

  it('are tried at once after somebody changed their webhook', async () => {
    const { create, fail, deliver, posted, state, webhooks } = await openHeld(open)
    const { webhookId } = await create()
    state.how = () => 404
    await fail(1)
    await deliver()
    state.how = () => 200
    await webhooks.update(admin, webhookId, { url: 'http://ops.example/right' })
    await deliver()
    expect(posted.map(({ url }) => url)).toEqual([RECEIVER, 'http://ops.example/right'])
  })
})
