import { expect, it } from 'vitest'
import { violationsOf } from './axe.ts'
import { addressOf, describeConsole, type Console } from './console.ts'

/** Opens it as a person does, and waits for its field. */
const openPalette = async ({ page }: Console) => {
  // The one before is on its way out when the address has changed already.
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.keyboard.press('Control+k')
  const field = page.getByRole('combobox', { name: 'Go to or do anything' })
  await field.waitFor()
  return field
}

const marked = ({ page }: Console) => page.locator('[role="option"][aria-selected="true"]')

const ready = ({ page }: Console) => page.getByText(/slots$/).waitFor()

describeConsole('the palette', (open) => {
  it('goes to a task by a part of its name, and marks that part', async () => {
    const console = await open()
    const taskId = await console.task({ taskName: 'Export orders to SAP', appName: 'Exports' })
    await console.task({ taskName: 'Import price list', tags: ['daily'] })
    await ready(console)
    const field = await openPalette(console)
    await field.fill('orders sap')
    const option = console.page.getByRole('option', { name: /Export orders to SAP/ })
    await option.waitFor()
    expect(await option.locator('mark').allTextContents()).toEqual(['orders', 'SAP'])
    expect(await console.page.getByRole('option', { name: /Import price list/ }).count()).toBe(0)
    await console.page.keyboard.press('Enter')
    await console.page.getByRole('heading', { name: 'Export orders to SAP' }).waitFor()
    expect(addressOf(console.page)).toBe(`#/tasks/${taskId}`)
    expect(console.errors).toEqual([])
  })

  it('takes what the node finds when Enter comes before its answer', async () => {
    const console = await open()
    const taskId = await console.task({ taskName: 'Settle accounts' })
    await ready(console)
    await openPalette(console)
    // Views and settings match at once; the task is what is meant.
    await console.page.keyboard.type('Settle')
    await console.page.keyboard.press('Enter')
    await expect.poll(() => addressOf(console.page)).toBe(`#/tasks/${taskId}`)
  })

  it('does the actions of a record: Tab leads to them, and they are the view’s own', async () => {
    const console = await open()
    const taskId = await console.task({ taskName: 'Nightly backup' })
    await ready(console)
    const field = await openPalette(console)
    await field.fill('nightly')
    await console.page.getByRole('option', { name: /Nightly backup/ }).waitFor()
    await console.page.keyboard.press('Tab')
    const within = console.page.getByRole('combobox', { name: 'Do, with Nightly backup' })
    await within.fill('disable')
    await expect.poll(() => marked(console).textContent()).toContain('Disable')
    await console.page.keyboard.press('Enter')
    await console.page.getByText('Disabled Nightly backup').waitFor()
    expect((await console.client.tasks.get({ taskId })).enabled).toBe(false)
    // As in the list, it can be taken back.
    await console.page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(async () => (await console.client.tasks.get({ taskId })).enabled).toBe(true)
  })

  it('leads back from a record’s actions with Escape, and closes with the next', async () => {
    const console = await open()
    await console.task({ taskName: 'Nightly backup' })
    await ready(console)
    const field = await openPalette(console)
    await field.fill('nightly')
    await console.page.getByRole('option', { name: /Nightly backup/ }).waitFor()
    await console.page.keyboard.press('Tab')
    await console.page.getByRole('combobox', { name: /^Do, with/ }).waitFor()
    await console.page.keyboard.press('Escape')
    await field.waitFor()
    await console.page.keyboard.press('Escape')
    await field.waitFor({ state: 'detached' })
  })

  it('runs a task, opens its last log, and previews the revert of its last change', async () => {
    const console = await open()
    const { page, client } = console
    const taskId = await console.task({ taskName: 'Nightly backup' })
    await client.tasks.update({ taskId, description: 'kept for a week' })
    await ready(console)
    const doIt = async (action: string): Promise<void> => {
      const field = await openPalette(console)
      await field.fill('nightly')
      await page
        .getByRole('option', { name: /Nightly backup/ })
        .first()
        .waitFor()
      await page.getByRole('option', { name: action }).click()
    }
    await doIt('Run now')
    await page.getByRole('heading', { name: /Nightly backup success/ }).waitFor()
    const run = addressOf(page)
    await page.keyboard.press('2')
    await page.getByRole('link', { name: 'Nightly backup' }).waitFor()
    await doIt('Open last log')
    await page.getByText('all is well').waitFor()
    expect(addressOf(page)).toBe(run)
    await doIt('Preview revert of the last change…')
    await page.getByText('nothing is written yet').waitFor()
    // The address is the change's own again: a shared link opens no form.
    expect(addressOf(page)).toMatch(/^#\/changes\/[0-9a-f-]{36}$/)
    expect((await client.tasks.get({ taskId })).description).toBe('kept for a week')
  })

  it('shows what may not be done, with the reason, and does nothing then', async () => {
    const console = await open({ signedIn: false })
    const { page, client, node } = console
    const taskId = await console.task({ taskName: 'Nightly backup' })
    const { token } = await client.tokens.create({ role: 'viewer', name: 'reader' })
    await page.goto(`${node.url}/#token=${token}`)
    await page.reload()
    await ready(console)
    const field = await openPalette(console)
    await field.fill('nightly')
    const run = page.getByRole('option', { name: 'Run now' })
    await run.waitFor()
    expect(await run.getAttribute('aria-disabled')).toBe('true')
    expect(await run.textContent()).toContain('it needs the role operator')
    await run.click({ force: true })
    await field.waitFor()
    await field.fill('>emergency')
    const stop = page.getByRole('option', { name: /Emergency stop/ })
    expect(await stop.getAttribute('aria-disabled')).toBe('true')
    await page.keyboard.press('Enter')
    expect(await page.getByRole('dialog', { name: 'Stop everything?' }).count()).toBe(0)
    expect((await client.tasks.history({ taskId })).items).toEqual([])
  })

  it('finds nodes with @, runs with # by name and by id, actions with >', async () => {
    const console = await open()
    const { page, client } = console
    const taskId = await console.task({ taskName: 'Nightly backup' })
    const { historyId } = await client.tasks.run({ taskId })
    await ready(console)
    const [self] = (await client.nodes.list({})).items
    const field = await openPalette(console)
    await field.fill(`@${self?.nodeName}`)
    await expect.poll(() => marked(console).textContent()).toContain('this node')
    for (const typed of [self?.nodeId, self?.nodeId.toUpperCase(), `@${self?.nodeId.toUpperCase()}`]) {
      await field.fill(typed ?? '')
      await expect.poll(() => marked(console).textContent()).toContain('this node')
    }
    await field.fill('#nightly')
    await expect.poll(() => marked(console).textContent()).toContain('Nightly backup')
    await field.fill(`#${historyId}`)
    await expect.poll(() => marked(console).textContent()).toContain('Nightly backup')
    await page.keyboard.press('Enter')
    await expect.poll(() => addressOf(page)).toBe(`#/history/${historyId}`)
    // One slip is forgiven.
    await (await openPalette(console)).fill('>emregency')
    await expect.poll(() => marked(console).textContent()).toContain('Emergency stop…')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Stop everything?' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  it('goes to views and single settings', async () => {
    const console = await open()
    await ready(console)
    const field = await openPalette(console)
    await field.fill('kept runs')
    await field.fill('heartbeat')
    await console.page.getByRole('option', { name: /Heartbeat every/ }).waitFor()
    await console.page.keyboard.press('Enter')
    await console.page.getByRole('heading', { name: 'Execution' }).waitFor()
    await (await openPalette(console)).fill('runtime')
    await console.page.keyboard.press('Enter')
    await expect.poll(() => addressOf(console.page)).toBe('#/runtime')
  })

  it('offers first what was looked at lately, and what the page behind can do', async () => {
    const console = await open()
    const { page } = console
    const taskId = await console.task({ taskName: 'Nightly backup' })
    await ready(console)
    await page.goto(`${console.node.url}/#/tasks/${taskId}`)
    await page.getByRole('heading', { name: 'Nightly backup' }).waitFor()
    // It is noted once somebody has looked at it for a moment.
    const noted = () => page.evaluate<string | null>(`sessionStorage.getItem('pswebhost-recent')`)
    await expect.poll(noted).toContain('Nightly backup')
    await openPalette(console)
    const lately = page.getByRole('group', { name: 'Looked at lately' })
    expect(await lately.getByRole('option').first().textContent()).toContain('Nightly backup')
    const acts = page.getByRole('group', { name: 'Do, with Nightly backup' })
    await acts.getByRole('option', { name: /Run now/ }).waitFor()
    expect(await page.getByRole('option', { name: /Run now/ }).count()).toBe(1)
  })

  it('opens what is marked in a new tab with Ctrl Enter, signed in as this one', async () => {
    const console = await open()
    const { page } = console
    const taskId = await console.task({ taskName: 'Nightly backup' })
    await ready(console)
    await (await openPalette(console)).fill('nightly')
    await page.getByRole('option', { name: /Nightly backup/ }).waitFor()
    const opened = page.waitForEvent('popup')
    await page.keyboard.press('Control+Enter')
    const other = await opened
    await other.getByRole('heading', { name: 'Nightly backup' }).waitFor()
    expect(addressOf(other)).toBe(`#/tasks/${taskId}`)
    expect(addressOf(page)).not.toContain(taskId)
  })

  it('opens a link that is pasted, and refuses what is none', async () => {
    const console = await open()
    const taskId = await console.task({ taskName: 'Nightly backup' })
    await ready(console)
    const field = await openPalette(console)
    await field.fill('pswebhost://exec/calc')
    await console.page.getByRole('option', { name: /is no link of this program/ }).waitFor()
    await console.page.keyboard.press('Enter')
    await field.fill(`pswebhost://task/${taskId}`)
    await console.page.getByRole('option', { name: 'Open the link' }).waitFor()
    await console.page.keyboard.press('Enter')
    await console.page.getByRole('heading', { name: 'Nightly backup' }).waitFor()
  })

  it.each(['light', 'dark'] as const)('has nothing that axe objects to in the %s scheme', async (scheme) => {
    const console = await open({ scheme })
    await console.task({ taskName: 'Export orders to SAP', appName: 'Exports' })
    await ready(console)
    await openPalette(console)
    expect(await violationsOf(console.page)).toEqual([])
    await console.page.keyboard.type('orders')
    await console.page.getByRole('option', { name: /Export orders/ }).waitFor()
    expect(await violationsOf(console.page)).toEqual([])
    await console.page.keyboard.press('Escape')
    await console.page.getByRole('dialog').waitFor({ state: 'detached' })
    await console.page.keyboard.press('?')
    await console.page.getByRole('dialog', { name: 'All keys' }).waitFor()
    expect(await violationsOf(console.page)).toEqual([])
  })
})
