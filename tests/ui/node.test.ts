import { expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { addressOf, describeConsole } from './console.ts'
import { goTo, insertNodes, OTHER, ownId, ownName, panelOf } from './nodes-page.ts'

describeConsole('a node', (open) => {
  it('tells what runs there now, and stops it', async () => {
    const console = await open()
    const { page, client } = console
    await console.script('long.sh', 'sleep 60\n')
    const taskId = await console.task({ taskName: 'Long one', scriptPath: 'long.sh' })
    const { historyId } = await client.tasks.run({ taskId })
    await goTo(console, `nodes/${await ownId(console)}`)
    const panel = panelOf(page, await ownName(console))
    await panel.getByRole('button', { name: 'Stop Long one' }).click()
    await expect
      .poll(async () => (await client.history.get({ historyId })).state, { timeout: 10_000 })
      .toBe('Stopped')
    await panel.getByText('Nothing.').waitFor()
    await page.keyboard.press('h')
    await expect.poll(() => addressOf(page)).toBe(`#/history?node=${await ownId(console)}`)
    await page.getByRole('link', { name: 'Long one' }).waitFor()
    expect(console.errors).toEqual([])
  })

  it('tells which tasks run there and when, and which do not and why', async () => {
    const console = await open()
    const { page } = console
    await console.task({ taskName: 'Nightly', schedule: '30 2 * * *' })
    await console.task({ taskName: 'For others', schedule: '0 3 * * *', assignedNodeGroup: 'nowhere' })
    await goTo(console, `nodes/${await ownId(console)}`)
    const panel = panelOf(page, await ownName(console))
    await panel.getByText('1 task may run here').waitFor()
    await panel.getByRole('link', { name: 'Nightly' }).waitFor()
    const not = panel.locator('section', { hasText: 'Do not run here' })
    expect(await not.getByRole('listitem').textContent()).toMatch(/for group nowhere.*For others/)
  })

  it('has facts, of which name, capacity and tags are edited there', async () => {
    const console = await open()
    const { page, client } = console
    const nodeId = await ownId(console)
    await goTo(console, `nodes/${nodeId}`)
    await page.getByRole('button', { name: 'Edit capacity' }).click()
    await page.getByLabel('Runs at once').fill('7')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('7 runs at once').waitFor()

    await page.getByRole('button', { name: 'Edit tags' }).click()
    await page.getByRole('combobox', { name: 'Tags' }).fill('blue')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect.poll(async () => (await client.nodes.get({ nodeId })).tags).toEqual(['blue'])

    await page.getByRole('button', { name: /Name of this node/ }).click()
    await page.keyboard.type('renamed')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'renamed' }).waitFor()
    // The page shows it at once, the node a moment later.
    await eventually(async () => (await client.nodes.get({ nodeId })).nodeName === 'renamed')
    expect((await client.nodes.get({ nodeId })).nodeName).toBe('renamed')

    await page.getByRole('link', { name: 'Its changes' }).click()
    await page
      .getByRole('link', { name: /node renamed/ })
      .first()
      .waitFor()
  })

  it('keeps the form of a fact open until it is saved, and brings the focus back', async () => {
    const console = await open()
    const { page, client } = console
    const nodeId = await ownId(console)
    await goTo(console, `nodes/${nodeId}`)
    const focused = (): Promise<string | null> => page.locator(':focus').getAttribute('aria-label')
    await page.getByRole('button', { name: 'Edit capacity' }).click()
    await page.getByLabel('Runs at once').fill('')
    await page.keyboard.press('Enter')
    await page.getByText('A whole number from 0 to 1000').waitFor()
    await page.getByLabel('Runs at once').fill('7')
    await page.keyboard.press('Enter')
    await page.getByText('7 runs at once').waitFor()
    expect(await focused()).toBe('Edit capacity')

    await page.getByRole('button', { name: 'Edit tags' }).click()
    const tags = page.getByRole('combobox', { name: 'Tags' })
    await tags.fill('x'.repeat(300))
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.locator('.mantine-TagsInput-error').waitFor()
    expect((await client.nodes.get({ nodeId })).tags).toEqual([])
    await page.getByText('x'.repeat(300)).waitFor()
    await tags.press('Escape')
    await tags.waitFor({ state: 'detached' })
    expect(await focused()).toBe('Edit tags')
    await page.getByText('Clock', { exact: true }).waitFor()
    expect(console.errors).toEqual([])
  })

  it('is retired after a question that says what it means', async () => {
    const console = await open()
    const { page, client } = console
    insertNodes(console, [OTHER])
    await goTo(console, 'nodes/node-other')
    await page.getByRole('button', { name: 'Retire…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Retire ops-02?' })
    await dialog.getByText('The cluster’s key is renewed').waitFor()
    await dialog.getByLabel('Reason').fill('its disk is broken')
    await dialog.getByRole('button', { name: 'Retire', exact: false }).last().click()
    await dialog.waitFor({ state: 'detached' })
    await panelOf(page, 'ops-02')
      .getByText(/its disk is broken/)
      .waitFor()
    expect((await client.nodes.get({ nodeId: 'node-other' })).state).toBe('Retired')
  })

  it('that is not known is said to be none', async () => {
    const console = await open()
    await goTo(console, 'nodes/unheard-of')
    await console.page.getByText('There is no such node').waitFor()
    expect(console.errors).toEqual([])
  })
})
