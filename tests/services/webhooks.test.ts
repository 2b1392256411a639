import { describe, expect, it } from 'vitest'
import { webhookPatchSchema } from '../../src/shared/domain/webhook.ts'
import { databases, type TestDatabases } from '../support/databases.ts'
import { admin } from '../support/node.ts'
import { isSigned, openWebhooks, startReceiver, toldIn } from '../support/webhooks.ts'

/** Webhooks with a receiver that is there. */
const openReceived = async (open: TestDatabases['open']) => {
  const receiver = await startReceiver()
  const opened = await openWebhooks(open)
  const create = (fields: object = {}) => opened.create({ url: receiver.url, ...fields })
  const told = () => toldIn(receiver.received.map(({ text }) => text))
  return { ...opened, receiver, create, told }
}

describe.each(databases())('$name: a webhook', ({ open }) => {
  it('is called once for each failure and recovery, signed, in order', async () => {
    const { task, create, end, deliver, told, receiver, clock } = await openReceived(open)
    const { secret } = await create()
    const failing = await task({ taskName: 'Export', appName: 'SAP' })
    await end(failing, 'Failed', 'no share')
    await end(failing, 'Timeout')
    await end(failing, 'Success')
    await end(failing, 'Success')
    await deliver()
    await deliver()
    expect(told().map(({ type, data }) => [type, data.state, data.failureCount])).toEqual([
      ['failure', 'Failed', 1],
      ['failure', 'Timeout', 2],
      ['recovery', 'Success', 2],
    ])
    expect(told()[0]?.data).toMatchObject({ taskName: 'Export', appName: 'SAP', error: 'no share' })
    for (const one of receiver.received) {
      expect(isSigned(secret, one)).toBe(true)
      expect(isSigned(secret, { ...one, text: `${one.text} ` })).toBe(false)
      // The cluster's clock stands in March.
      expect(Number(one.headers['webhook-timestamp']) * 1000).toBe(clock.now())
    }
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(3)
  })

  it('loses and doubles nothing while its receiver is out of order', async () => {
    const { task, create, end, deliver, told, receiver, clock, webhooks } = await openReceived(open)
    await create()
    receiver.state.status = 503
    const [one, other] = [await task({ taskName: 'one' }), await task({ taskName: 'other' })]
    await end(one, 'Failed')
    await end(other, 'Lost')
    await deliver()
    await end(one, 'Success')
    for (let minute = 0; minute < 30; minute += 1) {
      clock.advance(60_000)
      await deliver()
    }
    expect(told()).toEqual([])
    expect(await webhooks.list(admin)).toMatchObject([
      { waiting: 3, lastCall: { state: 'Waiting', statusCode: 503, error: 'answered 503: out of order' } },
    ])
    receiver.state.status = 200
    clock.advance(300_000)
    await deliver()
    expect(
      told()
        .map(({ type, data }) => `${data.taskName} ${type}`)
        .toSorted(),
    ).toEqual(['one failure', 'one recovery', 'other failure'])
    const ofOne = told().filter(({ data }) => data.taskName === 'one')
    expect(ofOne.map(({ type }) => type)).toEqual(['failure', 'recovery'])
    expect(await webhooks.list(admin)).toMatchObject([{ waiting: 0, lastCall: { state: 'Delivered' } }])
  })

  it('loses and doubles nothing while nobody listens at its address, and signs what it tells after that', async () => {
    const { task, create, end, deliver, told, receiver, clock, webhooks } = await openReceived(open)
    const { secret } = await create()
    await receiver.leave()
    const one = await task({ taskName: 'one' })
    await end(one, 'Failed')
    await end(await task({ taskName: 'other' }), 'Timeout')
    await end(one, 'Success')
    for (let minute = 0; minute < 20; minute += 1) {
      await deliver()
      clock.advance(60_000)
    }
    const [listed] = await webhooks.list(admin)
    expect(listed).toMatchObject({ waiting: 3, lastCall: { state: 'Waiting', statusCode: null } })
    expect(listed?.lastCall?.error).toContain('ECONNREFUSED')
    await receiver.comeBack()
    clock.advance(300_000)
    await deliver()
    expect(
      told()
        .map(({ type, data }) => `${data.taskName} ${type}`)
        .toSorted(),
    ).toEqual(['one failure', 'one recovery', 'other failure'])
    for (const call of receiver.received) {
      expect(isSigned(secret, call)).toBe(true)
      // When it was sent, not when it was noted: receivers refuse what is old.
      expect(Number(call.headers['webhook-timestamp']) * 1000).toBe(clock.now())
    }
    expect(await webhooks.list(admin)).toMatchObject([{ waiting: 0, lastCall: { state: 'Delivered' } }])
  })

  it('is told what it asked for only', async () => {
    const { task, create, end, deliver, told } = await openReceived(open)
    await create({ webhookName: 'firsts', repeats: false, onRecovery: false })
    await create({ webhookName: 'sap', apps: ['SAP'], tags: ['sla'], onFailure: false })
    await create({ webhookName: 'off', enabled: false })
    const [plain, sap, tagged] = [
      await task({ taskName: 'plain' }),
      await task({ taskName: 'sap', appName: 'SAP' }),
      await task({ taskName: 'tagged', tags: ['x', 'sla'] }),
    ]
    for (const one of [plain, sap, tagged]) {
      await end(one, 'Failed')
      await end(one, 'Failed')
      await end(one, 'Success')
    }
    await deliver()
    expect(
      told()
        .map(({ type, data }) => `${data.taskName} ${type}`)
        .toSorted(),
    ).toEqual(['plain failure', 'sap failure', 'sap recovery', 'tagged failure', 'tagged recovery'])
  })

  it('has a secret that is shown once, and can be renewed; its address is for administrators', async () => {
    const { webhooks, create, receiver, clock } = await openReceived(open)
    const made = await create()
    expect(made.secret).toMatch(/^whsec_.{40,}/)
    const [listed] = await webhooks.list(admin)
    expect(JSON.stringify(listed)).not.toContain('secret')
    const renewed = await webhooks.renewSecret(admin, made.webhookId)
    expect(renewed.secret).not.toBe(made.secret)
    expect(await webhooks.test(admin, made.webhookId)).toMatchObject({ delivered: true, statusCode: 200 })
    const [test] = receiver.received
    expect(test && isSigned(renewed.secret, test)).toBe(true)
    expect(test && isSigned(made.secret, test)).toBe(false)
    expect(Number(test?.headers['webhook-timestamp']) * 1000).toBe(clock.now())
    receiver.state.status = 404
    expect(await webhooks.test(admin, made.webhookId)).toMatchObject({
      ...{ delivered: false, statusCode: 404, error: 'answered 404: out of order' },
    })
    await expect(webhooks.update({ ...admin, role: 'viewer' }, made.webhookId, {})).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
  })

  it('is refused with the field that is wrong, and not changed over somebody else', async () => {
    const { webhooks, create } = await openReceived(open)
    const { webhookId, version } = await create()
    await expect(create()).rejects.toMatchObject({
      ...{ code: 'CONFLICT', issues: [{ path: ['webhookName'] }] },
    })
    await webhooks.update(admin, webhookId, { enabled: false, version })
    const stale = { code: 'CONFLICT', current: { webhookId, version: 2, enabled: false } }
    const based = { ...admin, ifMatch: version }
    await expect(webhooks.update(admin, webhookId, { enabled: true, version })).rejects.toMatchObject(stale)
    await expect(webhooks.update(based, webhookId, { enabled: true })).rejects.toMatchObject(stale)
    await expect(webhooks.renewSecret(based, webhookId)).rejects.toMatchObject(stale)
    await expect(webhooks.remove(based, webhookId)).rejects.toMatchObject(stale)
    await webhooks.remove({ ...admin, ifMatch: 2 }, webhookId)
    expect(await webhooks.list(admin)).toEqual([])
    await expect(webhooks.remove(admin, webhookId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('takes one of two edits that begin with the same version', async () => {
    const { webhooks, create } = await openReceived(open)
    const { webhookId, version } = await create()
    const edits = ['one', 'other'].map((webhookName) =>
      webhooks.update(admin, webhookId, { webhookName, version }),
    )
    const states = (await Promise.allSettled(edits)).map(({ status }) => status)
    expect(states.toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  it('keeps its address sealed, in tables, answers of receivers and logs', async () => {
    const { webhooks, create, task, end, deliver, receiver, db, log, calls } = await openReceived(open)
    const key = 'B00000000-planted-key'
    const { webhookId } = await create({ url: `${receiver.url}/${key}?token=${key}` })
    expect(await webhooks.list(admin)).toMatchObject([
      { origin: new URL(receiver.url).origin, url: `${receiver.url}/${key}?token=${key}` },
    ])
    receiver.state.status = 404
    receiver.state.says = `Cannot POST /hook/${key}?token=${key} (${key})`
    await end(await task({}), 'Failed')
    await deliver()
    const tables = [
      await db.read.selectFrom('Webhook').selectAll().execute(),
      await db.read.selectFrom('Webhook_Call').selectAll().execute(),
    ]
    expect(log.entries).toHaveLength(1)
    expect(JSON.stringify([tables, log.entries, await webhooks.test(admin, webhookId)])).not.toContain(key)
    expect(await calls(webhookId)).toMatchObject([{ lastError: 'answered 404: Cannot POST *** (***)' }])
  })
})

describe('the address of a webhook', () => {
  const issueOf = (url: string) => webhookPatchSchema.safeParse({ url }).error?.issues[0]

  it.each([
    ['ftp://x', /http:\/\/ or https:\/\//],
    ['nonsense', /http:\/\/ or https:\/\//],
    ['http://a:b@host/', /user name/],
    ['https:\\\\a@host', /user name/],
    ['http://169.254.169.254/latest', /link-local/],
    ['http://0xa9fea9fe/', /link-local/],
    ['http://[fe80::1]/', /link-local/],
    ['http://[febf::1]:8080/', /link-local/],
    ['http://[::ffff:169.254.1.1]/', /link-local/],
    [`http://host/${'x'.repeat(2000)}`, /2000/],
  ])('is refused: %s', (url, why) => {
    expect(issueOf(url)).toMatchObject({ path: ['url'], message: expect.stringMatching(why) as string })
  })

  it.each(['http://host', 'https://10.0.0.1/a@b', 'http://[fd00::1]/', 'https://169.254.example/'])(
    'is taken: %s',
    (url) => expect(issueOf(url)).toBeUndefined(),
  )
})
