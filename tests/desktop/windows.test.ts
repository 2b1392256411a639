import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { describeDesktop, type Desktop } from './desktop.ts'

const ready = (page: Page) => page.getByText(/slots$/).waitFor()

const count = ({ app }: Desktop): Promise<number> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)

const click = ({ app }: Desktop, label: string): Promise<void> =>
  app.evaluate(({ Menu }, wanted) => {
    const entries = Menu.getApplicationMenu()?.items[0]?.submenu?.items ?? []
    void entries.find((entry) => entry.label === wanted)?.click()
  }, label)

/** Waits for one more window. */
const another = async ({ app }: Desktop, act: () => Promise<unknown>): Promise<Page> => {
  const [page] = await Promise.all([app.waitForEvent('window'), act()])
  page.setDefaultTimeout(30_000)
  await ready(page)
  return page
}

describeDesktop('several windows', (open) => {
  it('open from the menu, beside the one there is, on the same node', async () => {
    const desktop = await open()
    await ready(desktop.page)
    await another(desktop, () => click(desktop, 'New window'))
    const places = await desktop.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((window) => window.getPosition().join()),
    )
    expect(new Set(places).size).toBe(2)
    expect(await desktop.quit()).toBe(0)
  })

  it('open on the page of a link that is clicked with Ctrl or the middle button', async () => {
    const desktop = await open()
    const { page } = desktop
    await ready(page)
    const link = page.getByRole('link', { name: /^Runtime/ })
    const first = await another(desktop, () => link.click({ modifiers: ['ControlOrMeta'] }))
    expect(first.url()).toBe('app://ui/index.html#/runtime')
    const second = await another(desktop, () => link.click({ button: 'middle' }))
    expect(second.url()).toBe('app://ui/index.html#/runtime')
    expect(page.url()).not.toContain('runtime')
  })

  it('open with Ctrl Enter on a link, and from the palette', async () => {
    const desktop = await open()
    const { page } = desktop
    await ready(page)
    await page.getByRole('link', { name: /^Changes/ }).focus()
    const first = await another(desktop, () => page.keyboard.press('Control+Enter'))
    expect(first.url()).toContain('#/changes')
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Go to or do anything' }).fill('lock groups')
    await page
      .getByRole('option', { name: /Lock groups/ })
      .first()
      .waitFor()
    const second = await another(desktop, () => page.keyboard.press('Control+Enter'))
    expect(second.url()).toContain('#/settings/locks')
  })

  it('close one by one; the last is hidden, and the node goes on', async () => {
    const desktop = await open()
    await ready(desktop.page)
    await another(desktop, () => click(desktop, 'New window'))
    const close = () =>
      desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().at(-1)?.close())
    await close()
    await eventually(async () => (await count(desktop)) === 1)
    expect(await desktop.boxes()).toEqual([])
    await close()
    await eventually(async () => (await desktop.boxes()).length === 1)
    expect(await count(desktop)).toBe(1)
    expect((await fetch(`${await desktop.url()}/healthz`)).status).toBe(200)
  })

  it('keep what is typed when the page that is shown is asked for again', async () => {
    const desktop = await open()
    const { page } = desktop
    await ready(page)
    await click(desktop, 'New task')
    const name = page.locator('#task-taskName')
    await name.fill('not saved yet')
    await click(desktop, 'New task')
    // Another part of the page is gone to only when the page lets go.
    await click(desktop, 'Import tasks…')
    await page.getByText('1 unsaved change would be lost.').waitFor()
    await page.getByRole('button', { name: 'Stay' }).click()
    expect(await name.inputValue()).toBe('not saved yet')
    expect(await desktop.boxes()).toEqual([])
  })

  it('come back where they were when the last is hidden and a new one is asked for', async () => {
    const desktop = await open()
    const { page } = desktop
    await ready(page)
    await page.keyboard.press('8')
    await eventually(async () => page.url().endsWith('#/runtime'))
    const shown = () =>
      desktop.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().map((window) => window.isVisible() && !window.webContents.isLoading()),
      )
    await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
    await eventually(async () => (await shown()).join() === 'false')
    await click(desktop, 'New window')
    await eventually(async () => (await shown()).join() === 'true')
    expect(page.url()).toContain('#/runtime')
  })

  it('ask before one with typed text is closed, and close it when told to', async () => {
    const desktop = await open()
    await ready(desktop.page)
    const page = await another(desktop, () => click(desktop, 'New window'))
    await page.goto('app://ui/index.html#/tasks/new')
    await page.locator('#task-taskName').fill('not saved yet')
    const close = () =>
      desktop.app.evaluate(({ BrowserWindow }) => {
        const isTyped = ({ webContents }: Electron.BrowserWindow) =>
          webContents.getURL().includes('tasks/new')
        BrowserWindow.getAllWindows().find(isTyped)?.close()
      })
    await close()
    await eventually(async () => (await desktop.boxes()).includes('There are unsaved changes'))
    expect(await count(desktop)).toBe(2)
    await desktop.answer(1)
    await close()
    await eventually(async () => (await count(desktop)) === 1)
  })
})

describeDesktop('back and forward in the desktop', (open) => {
  it('go by buttons, keys and mouse, and keep unsaved text', async () => {
    const desktop = await open()
    const { page } = desktop
    await ready(page)
    const back = page.getByRole('button', { name: 'Back' })
    const forward = page.getByRole('button', { name: 'Forward' })
    await page.keyboard.press('2')
    await page.keyboard.press('8')
    await eventually(async () => page.url().endsWith('#/runtime'))
    expect(await forward.isDisabled()).toBe(true)
    await back.click()
    await eventually(async () => page.url().endsWith('#/tasks'))
    await page.keyboard.press('Alt+ArrowRight')
    await eventually(async () => page.url().endsWith('#/runtime'))
    await page.keyboard.press('Alt+ArrowLeft')
    await eventually(async () => page.url().endsWith('#/tasks'))
    // The driver has no such button: the event is the page's own.
    await page.evaluate(`window.dispatchEvent(new MouseEvent('mouseup', { button: 3 }))`)
    await eventually(async () => page.url().endsWith('#/overview'))
    await page.evaluate(`window.dispatchEvent(new MouseEvent('mouseup', { button: 4 }))`)
    await eventually(async () => page.url().endsWith('#/tasks'))
    await page.getByText('Nothing is scheduled here yet').waitFor()
    await page.keyboard.press('n')
    await page.locator('#task-taskName').fill('not saved yet')
    await back.click()
    await page.getByText('1 unsaved change would be lost.').waitFor()
    expect(page.url()).toContain('#/tasks/new')
    await page.getByRole('button', { name: 'Leave without saving' }).click()
    await eventually(async () => page.url().endsWith('#/tasks'))
    expect(desktop.errors).toEqual([])
  })
})
