import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { addressOf, describeConsole, type Console } from './console.ts'

const openPalette = async ({ page }: Console) => {
  await page.keyboard.press('Control+k')
  const field = page.getByRole('combobox', { name: 'Go to or do anything' })
  await field.waitFor()
  return field
}

const marked = ({ page }: Console) => page.locator('[role="option"][aria-selected="true"]')

const ready = ({ page }: Console) => page.getByText(/slots$/).waitFor()

/** A record is looked at lately once somebody has looked at it for a moment. */
const noted = (page: Page, name: string): Promise<void> =>
  expect
    .poll(() => page.evaluate<string | null>(`sessionStorage.getItem('pswebhost-recent')`))
    .toContain(name)

/** Answers of the node that wait until they may come. */
const heldBack = async ({ page }: Console, procedure: string): Promise<{ come: () => void }> => {
  let come = (): void => undefined
  const held = new Promise<void>((resolve) => {
    come = resolve
  })
  await page.route(`**/rpc/${procedure}*`, async (route) => {
    await held
    await route.fallback()
  })
  return { come }
}

describeConsole('the palette, before its answers come,', (open) => {
  it('drops an Enter when something else is asked before the answer comes', async () => {
    const console = await open()
    const { page } = console
    const taskId = await console.task({ taskName: 'Nightly backup' })
    await ready(console)
    const field = await openPalette(console)
    await field.fill('nightly')
    await page.getByRole('option', { name: /Nightly backup/ }).waitFor()
    const answers = await heldBack(console, 'tasks/list')
    await page.keyboard.type(' b')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await page.getByRole('combobox', { name: 'Do, with Nightly backup' }).waitFor()
    answers.come()
    await expect.poll(() => marked(console).textContent()).toContain('Run now')
    expect((await console.client.tasks.history({ taskId })).items).toEqual([])
  })

  it('takes nothing when the node cannot answer, and says so only of that search', async () => {
    const console = await open()
    const { page } = console
    await ready(console)
    const field = await openPalette(console)
    await page.route('**/rpc/tasks/list*', (route) => route.abort())
    await page.keyboard.type('runtime')
    await page.keyboard.press('Enter')
    await page.getByText(/^The node could not be asked/).waitFor()
    expect(addressOf(page)).not.toContain('runtime')
    await field.fill('>emergency')
    await page.getByRole('option', { name: /Emergency stop/ }).waitFor()
    expect(await page.getByText(/^The node could not be asked/).count()).toBe(0)
  })

  it('offers an action of the record at the cursor once, also before that record is read', async () => {
    const console = await open()
    const { page } = console
    await console.task({ taskName: 'Nightly backup' })
    await ready(console)
    await page.keyboard.press('2')
    await page.locator('.vrow.cursor', { hasText: 'Nightly backup' }).waitFor()
    const answers = await heldBack(console, 'tasks/get')
    await (await openPalette(console)).fill('nightly')
    await page.getByRole('group', { name: 'Do, with Nightly backup' }).waitFor()
    expect(await page.getByRole('option', { name: 'Run now' }).count()).toBe(1)
    expect(await page.getByRole('option', { name: /Nightly backup/ }).count()).toBe(1)
    answers.come()
  })

  it('offers nothing of the page behind under the name of another record, until that one is read', async () => {
    const console = await open()
    const { page, client } = console
    const other = await console.task({ taskName: 'Weekly report' })
    const taskId = await console.task({ taskName: 'Nightly backup' })
    for (const [id, name] of Object.entries({ [other]: 'Weekly report', [taskId]: 'Nightly backup' })) {
      await page.goto(`${console.node.url}/#/tasks/${id}`)
      await page.getByRole('heading', { name }).waitFor()
      await noted(page, name)
    }
    await openPalette(console)
    await page.getByRole('option', { name: /Weekly report/ }).hover()
    const answers = await heldBack(console, 'tasks/get')
    await page.keyboard.press('Tab')
    await page.getByRole('combobox', { name: 'Do, with Weekly report' }).waitFor()
    await page.getByText('Looking…').waitFor()
    expect(await page.getByRole('option').count()).toBe(0)
    // It means the first action of the record that is named, and waits for it.
    await page.keyboard.type('run')
    await page.keyboard.press('Enter')
    answers.come()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const runsOf = async (of: string) => (await client.tasks.history({ taskId: of })).items.length
    await expect.poll(() => runsOf(other)).toBe(1)
    expect(await runsOf(taskId)).toBe(0)
  })

  it('says so when a record cannot be read, and offers nothing to do with it', async () => {
    const console = await open()
    const { page } = console
    const taskId = await console.task({ taskName: 'Nightly backup' })
    await page.goto(`${console.node.url}/#/tasks/${taskId}`)
    await page.getByRole('heading', { name: 'Nightly backup' }).waitFor()
    await noted(page, 'Nightly backup')
    await page.keyboard.press('1')
    await page.waitForURL(/#\/overview/)
    await page.route('**/rpc/tasks/get*', (route) => route.abort())
    await openPalette(console)
    await page.getByRole('option', { name: /Nightly backup/ }).hover()
    await page.keyboard.press('Tab')
    await page.getByText(/^The node could not be asked/).waitFor()
    expect(await page.getByRole('option').count()).toBe(0)
  })

  it('gets what is typed before it has come, and the page behind nothing', async () => {
    const { page, client, task, errors } = await open()
    await task({ taskName: 'Run the archive' })
    await task({ taskName: 'Weekly report' })
    let come = (): void => undefined
    const held = new Promise<void>((resolve) => (come = resolve))
    await page.route(/\/assets\/palette-.*\.js/, async (route) => {
      await held
      await route.fallback()
    })
    await page.reload()
    await page.keyboard.press('2')
    await page.getByRole('link', { name: 'Run the archive' }).waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('run the')
    come()
    const field = page.getByRole('combobox', { name: 'Go to or do anything' })
    await field.waitFor()
    await page.keyboard.type(' arch')
    expect(await field.inputValue()).toBe('run the arch')
    await page.getByRole('option', { name: /Run the archive/ }).waitFor()
    expect((await client.history.list({})).items).toEqual([])
    expect(errors).toEqual([])
  })

  it('that cannot be loaded leaves the window as it is, and offers to load it anew', async () => {
    const { page, errors, task } = await open()
    await task({ taskName: 'Nightly backup' })
    await page.route(/\/assets\/(palette|key-sheet)-.*\.js/, (route) => route.abort())
    await page.reload()
    await page.keyboard.press('2')
    await page.getByRole('link', { name: 'Nightly backup' }).waitFor()
    await page.keyboard.press('Control+k')
    const dialog = page.getByRole('dialog', { name: 'This part of the window did not open' })
    await dialog.getByRole('button', { name: 'Load the window anew' }).waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Nightly backup' }).waitFor()
    // What was fetched ahead of time failed without a word.
    await page.waitForTimeout(1100)
    expect(errors).toEqual([])
  })
})
