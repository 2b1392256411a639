import { expect, it } from 'vitest'
import { createClient } from '../../src/shared/client/create-client.ts'
import { createHttpLink } from '../../src/shared/client/http-link.ts'
import { describeConsole } from './console.ts'

describeConsole('changes', (open) => {
  it('tell who edited which field, word by word, and are taken back from a preview', async () => {
    const { page, task, client, errors } = await open()
    const taskId = await task({ taskName: 'Backup', description: 'copies the old folder', priority: 1 })
    await page.getByRole('link', { name: 'Backup' }).click()
    await page.getByLabel('Description', { exact: true }).fill('copies the new folder')
    await page.getByLabel('Priority', { exact: true }).fill('5')
    await page.getByLabel('Reason').fill('the folder moved')
    await page.getByRole('button', { name: /^Save/ }).click()
    await expect.poll(async () => (await client.tasks.get({ taskId })).version).toBe(2)

    await page.getByRole('link', { name: 'Changes', exact: true }).click()
    await page.getByRole('link', { name: /Backup 2 fields changed: the folder moved/ }).click()
    await page.getByRole('heading', { name: /changed 2 fields of Backup/ }).waitFor()
    const row = page.locator('.fields tr', { hasText: 'description' })
    expect(await row.locator('del').allTextContents()).toEqual(['old'])
    expect(await row.locator('ins').allTextContents()).toEqual(['new'])

    await page.getByRole('button', { name: /Revert…/ }).click()
    await page.getByText('nothing is written yet').waitFor()
    await page
      .getByRole('group', { name: 'Revert' })
      .getByRole('button', { name: /^Revert/ })
      .click()
    await page.getByText('Took back the change of Backup').waitFor()
    expect(await client.tasks.get({ taskId })).toMatchObject({
      version: 3,
      description: 'copies the old folder',
      priority: 1,
    })
    expect(errors).toEqual([])
  })

  it('are filtered by who made them and when, over a reload too', async () => {
    const { page, node, task, client } = await open()
    const taskId = await task({ taskName: 'Backup' })
    const { token } = await client.tokens.create({ name: 'm.keller', role: 'admin' })
    const other = createClient(createHttpLink({ origin: node.url, token: () => token }))
    await other.tasks.update({ taskId, priority: 2 }, { context: { reason: 'keller was here' } })
    await client.tasks.update({ taskId, priority: 3 }, { context: { reason: 'admin was here' } })
    await page.getByRole('link', { name: 'Changes', exact: true }).click()
    await page.getByRole('link', { name: /admin was here/ }).waitFor()
    await page.getByRole('button', { name: 'Actor' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'token:m.keller' }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: /admin was here/ }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'When' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'the last hour' }).click()
    await page.reload()
    await page.getByText('When is the last hour').waitFor()
    await page.getByRole('link', { name: /keller was here/ }).waitFor()
    expect(await page.getByRole('link', { name: /admin was here/ }).count()).toBe(0)
  })

  it('overwrite a later change only when that is asked for', async () => {
    const { page, task, client } = await open()
    const taskId = await task({ taskName: 'Backup', priority: 1 })
    await client.tasks.update({ taskId, priority: 2 }, { context: { reason: 'first edit' } })
    await client.tasks.update({ taskId, priority: 3 }, { context: { reason: 'second edit' } })
    await page.getByRole('link', { name: 'Changes', exact: true }).click()
    await page.getByRole('link', { name: /first edit/ }).click()
    await page.getByRole('button', { name: /Revert…/ }).click()
    const panel = page.getByRole('group', { name: 'Revert' })
    await panel.getByText(/changed again by .* since/).waitFor()
    const revert = panel.getByRole('button', { name: /^Revert/ })
    expect(await revert.isDisabled()).toBe(true)

    await panel.getByLabel(/Also overwrite what was changed later/).check()
    await revert.click()
    await expect.poll(async () => (await client.tasks.get({ taskId })).priority).toBe(1)
  })
})

describeConsole('a change', (open) => {
  it('stands among all changes of its record, and says what the value is now', async () => {
    const { page, node, task, client } = await open()
    const taskId = await task({ taskName: 'Backup', priority: 1 })
    await client.tasks.update({ taskId, priority: 2 }, { context: { reason: 'second' } })
    await client.tasks.update({ taskId, priority: 3 }, { context: { reason: 'third' } })
    const changes = (await client.changes.list({ table: ['Tasks'], record: [taskId] })).items
    const second = changes.find(({ changeReason }) => changeReason === 'second')?.changeId ?? ''
    await page.goto(`${node.url}/#/changes/${second}`)
    const row = page.locator('.fields tr', { hasText: 'priority' })
    await row.getByText('now: 3').waitFor()
    await page
      .getByRole('region', { name: 'Change' })
      .getByRole('link', { name: /priority changed: third/ })
      .click()
    await page.getByText('“third”').waitFor()
    expect(await page.locator('.fields').getByText(/now:/).count()).toBe(0)
  })

  it('shows the whole record before and after, side by side', async () => {
    const { page, node, task, client } = await open()
    const taskId = await task({
      taskName: 'Backup',
      priority: 1,
      parameters: { key: { secret: 'hidden-value' } },
    })
    await client.tasks.update({ taskId, priority: 2 })
    const [newest] = (await client.changes.list({ table: ['Tasks'], record: [taskId] })).items
    await page.goto(`${node.url}/#/changes/${newest?.changeId ?? ''}`)
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    const before = page.getByRole('table', { name: 'Before' }).getByRole('row', { name: /priority/ })
    expect(await before.textContent()).toBe('−priority1')
    const after = page.getByRole('table', { name: 'After' }).getByRole('row', { name: /priority/ })
    expect(await after.textContent()).toBe('+priority2')
    expect(await page.content()).not.toContain('hidden-value')
  })

  it('is found by the node it was made on', async () => {
    const { page, node, task, client } = await open()
    await task({ taskName: 'Backup' })
    const [own] = (await client.nodes.list({})).items
    await page.goto(`${node.url}/#/changes`)
    await page.getByRole('button', { name: 'Node', exact: true }).click()
    await page.getByRole('menuitemcheckbox', { name: own?.nodeName ?? '' }).click()
    await page.getByRole('link', { name: /Backup created/ }).waitFor()
    expect(page.url()).toContain(`node=${own?.nodeId}`)
  })
})
