import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { violationsOf } from './axe.ts'
import { describeConsole } from './console.ts'

/** Whoever is called: takes everything unless it says otherwise, and keeps what it was told. */
const startReceiver = async (status = 204) => {
  const told: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (part: Buffer) => (body += part.toString()))
    request.on('end', () => {
      const { type } = JSON.parse(body) as { type: string }
      told.push(`${type} ${request.headers['webhook-signature'] === undefined ? 'unsigned' : 'signed'}`)
      response.writeHead(status).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { told, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` }
}

describeConsole('webhooks in the settings', (open) => {
  it('are added, with a secret that is shown once, tested, and tell how their calls went', async () => {
    const { page, node, client, script, task, errors } = await open()
    const receiver = await startReceiver()
    await page.goto(`${node.url}/#/settings/webhooks`)
    await page.getByLabel('New webhook').fill('on-call')
    await page.getByLabel('Address').fill('gopher://hook')
    await page.getByRole('button', { name: 'Add webhook' }).click()
    await page.getByText('must be an http:// or https:// address').waitFor()
    await page.getByLabel('Address').fill(receiver.url)
    await page.getByRole('button', { name: 'Add webhook' }).click()
    expect(await page.locator('.settings-new-token code').textContent()).toMatch(/^whsec_/)
    await page.getByRole('button', { name: 'Done' }).click()
    const line = page.locator('.webhooks > li', { hasText: 'on-call' })
    await line.getByRole('button', { name: 'Test' }).click()
    await line.getByText(/^Test call taken with 204/).waitFor()
    await line.getByRole('status').filter({ hasText: 'Told of failures and recoveries.' }).waitFor()
    expect(receiver.told).toEqual(['test signed'])
    await script('bad.sh', 'exit 3\n')
    const { historyId } = await client.tasks.run({
      taskId: await task({ taskName: 'Bad', scriptPath: 'bad.sh' }),
    })
    await eventually(async () => receiver.told.length === 2)
    await line.getByRole('button', { name: 'Calls' }).click()
    const calls = page.getByRole('list', { name: 'Calls of on-call' })
    await calls.getByText('failure').waitFor()
    await calls.getByText('taken').waitFor()
    expect(await calls.getByRole('link', { name: 'Bad' }).getAttribute('href')).toBe(`#/history/${historyId}`)
    expect(await violationsOf(page)).toEqual([])
    expect(errors).toEqual([])
  })

  it('tell of a call that waits when it was noted, which is not when it was tried', async () => {
    const { page, node, client, script, task } = await open()
    const { url, told } = await startReceiver(503)
    await client.webhooks.create({ webhookName: 'on-call', url })
    await page.goto(`${node.url}/#/settings/webhooks`)
    await page.getByText('Not called yet.').waitFor()
    await script('bad.sh', 'exit 3\n')
    await client.tasks.run({ taskId: await task({ taskName: 'Bad', scriptPath: 'bad.sh' }) })
    await eventually(async () => told.length > 0)
    await page.getByText(/^Last call \(failure\), noted at .*: answered 503/).waitFor()
  })

  it('keep what was typed, and show what somebody else saved beside it', async () => {
    const { page, node, client } = await open()
    const { webhookId } = await client.webhooks.create({
      webhookName: 'on-call',
      url: 'http://127.0.0.1:9/a',
    })
    const saved = async () => {
      const { items } = await client.webhooks.list({})
      const { webhookName, repeats, apps } = items.find((one) => one.webhookId === webhookId) ?? {}
      return { webhookName, repeats, apps }
    }
    await page.goto(`${node.url}/#/settings/webhooks`)
    await page.getByRole('button', { name: 'Edit' }).click()
    const form = page.getByRole('form', { name: 'Edit on-call' })
    await form.getByLabel('Name').fill('night shift')
    // Neither the calls nor another section take it away.
    await page.getByRole('button', { name: 'Calls' }).click()
    await page.getByText('No task has failed since it was added.').waitFor()
    await page.getByRole('link', { name: 'Retention' }).click()
    await page.getByText('1 unsaved change would be lost.').waitFor()
    await page.getByRole('button', { name: 'Stay' }).click()
    await client.webhooks.update({ webhookId, webhookName: 'day shift', apps: ['Exports'] })
    await page.locator('.webhook-head', { hasText: 'day shift' }).waitFor()
    await page.getByRole('button', { name: 'Save' }).click()
    const conflict = page.getByRole('alert').filter({ hasText: 'changed this webhook' })
    await conflict.getByText('Name: now saved day shift, yours night shift').waitFor()
    expect(await violationsOf(page)).toEqual([])
    expect(await saved()).toMatchObject({ webhookName: 'day shift' })
    await conflict.getByRole('button', { name: 'Put mine over theirs' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.locator('.webhook-head', { hasText: 'night shift' }).waitFor()
    // What only the other one touched stays as it is.
    expect(await saved()).toEqual({ webhookName: 'night shift', repeats: true, apps: ['Exports'] })
  })

  it('are not shown to who may not know their addresses, with the reason', async () => {
    const { page, node, client } = await open({ signedIn: false })
    const { token } = await client.tokens.create({ role: 'operator', name: 'desk' })
    await page.goto(`${node.url}/#token=${token}`)
    await page.reload()
    await page.getByText(/slots$/).waitFor()
    await page.goto(`${node.url}/#/settings/webhooks`)
    await page.getByText(/it needs the role admin/).waitFor()
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0)
  })

  it('are left where the person wanted to go, once what was typed may be lost', async () => {
    const { page, node, client } = await open()
    await client.webhooks.create({ webhookName: 'on-call', url: 'http://127.0.0.1:9/a' })
    await page.goto(`${node.url}/#/settings/webhooks`)
    await page.getByRole('button', { name: 'Edit' }).click()
    const form = page.getByRole('form', { name: 'Edit on-call' })
    await form.getByLabel('Address').fill('http://127.0.0.1:9/b')
    await page.getByRole('link', { name: 'Runtime' }).click()
    await page.getByRole('alertdialog', { name: 'Unsaved changes' }).getByRole('button').first().waitFor()
    await page.getByRole('button', { name: /^Leave/ }).click()
    await page.waitForURL(/#\/runtime$/)
  })
})
