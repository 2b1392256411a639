import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { describeConsole } from './console.ts'

describeConsole('settings', (open) => {
  it('are written to app.yaml with its comments, and say what needs a restart', async () => {
    const { page, node, errors } = await open()
    await page.getByText('Nothing is scheduled here yet').waitFor()
    await page.keyboard.press('9')
    await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Retention' }).click()
    await page.getByLabel('Runs', { exact: true }).fill('45')
    await page.getByText('1 setting changed').waitFor()
    await page.keyboard.press('Control+s')
    await page.getByText('Holds after a restart of the node.').waitFor()
    expect(await readFile(join(node.dir, 'app.yaml'), 'utf8')).toContain('historyDays: 45')
    expect(errors).toEqual([])
  })

  it('name the field that is wrong and write nothing', async () => {
    const { page, node } = await open()
    await page.goto(`${node.url}/#/settings/retention`)
    await page.getByLabel('Changes', { exact: true }).fill('0')
    await page.keyboard.press('Control+s')
    await page
      .locator('.field-error')
      .getByText(/from 1 to 36500/)
      .waitFor()
    await page.getByText('Not saved.').waitFor()
    expect(await readFile(join(node.dir, 'app.yaml'), 'utf8')).not.toContain('changeDays')
    await page.getByRole('button', { name: 'Discard' }).click()
    expect(await page.getByLabel('Changes', { exact: true }).inputValue()).toBe('365')
  })

  it('that are for the machine itself can be read in a browser and not changed', async () => {
    const { page, node } = await open()
    await page.goto(`${node.url}/#/settings/execution`)
    const roots = page.getByLabel('Script roots')
    await roots.waitFor()
    expect(await roots.getAttribute('readonly')).not.toBeNull()
    await page
      .getByText(/Only in app.yaml or in the desktop window/)
      .first()
      .waitFor()
    await page.goto(`${node.url}/#/settings/database`)
    await page.getByText(/Checks and backups are done on the node's own machine/).waitFor()
  })

  it('of the node hold at once', async () => {
    const { page, node, client } = await open()
    await page.goto(`${node.url}/#/settings/node`)
    await page.getByLabel('Name', { exact: true }).fill('desk')
    await page.getByLabel('Group').fill('production')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The node was changed').waitFor()
    const [own] = (await client.nodes.list({})).items
    expect(own).toMatchObject({ nodeName: 'desk', nodeGroup: 'production' })
    await page.getByRole('complementary').getByText('desk').first().waitFor()
  })

  it('make a token that is shown once, and revoke it', async () => {
    const { page, node, client } = await open()
    await page.goto(`${node.url}/#/settings/api`)
    await page.getByLabel('New token for').fill('monitoring')
    await page.getByRole('button', { name: 'Create token' }).click()
    const text = (await page.locator('.settings-new-token code').textContent()) ?? ''
    const answer = await fetch(`${node.url}/api/v1/system`, { headers: { authorization: `Bearer ${text}` } })
    expect(answer.status).toBe(200)
    await page.getByRole('button', { name: 'Done' }).click()
    const line = page.locator('.settings-tokens li', { hasText: 'monitoring' })
    await line.getByRole('button', { name: 'Revoke…' }).click()
    await line.getByRole('button', { name: 'Revoke', exact: true }).click()
    await eventually(async () => (await line.count()) === 0)
    const tokens = (await client.tokens.list({})).items
    expect(tokens.find(({ tokenName }) => tokenName === 'monitoring')?.revokedAt).not.toBeNull()
  })

  it('of the window are kept: scheme and keys of one character', async () => {
    const { page, node } = await open()
    await page.goto(`${node.url}/#/settings/appearance`)
    await page.getByText('dark', { exact: true }).click()
    await page.getByText('Single-character keys').click()
    await page.reload()
    expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark')
    await page.goto(`${node.url}/#/tasks`)
    await page.getByText('Nothing is scheduled here yet').waitFor()
    for (const key of ['n', '/', '3', '?']) await page.keyboard.press(key)
    await page.waitForTimeout(200)
    expect(page.url()).toMatch(/#\/tasks$/)
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Go to or do anything' }).waitFor()
  })
})
