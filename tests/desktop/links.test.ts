import { expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { describeDesktop, type Desktop } from './desktop.ts'

const ready = ({ page }: Desktop) => page.getByText(/slots$/).waitFor()

const hashes = ({ app }: Desktop): Promise<string[]> =>
  app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map(({ webContents }) => new URL(webContents.getURL()).hash),
  )

describeDesktop('links to the desktop', (open, start) => {
  it('lead a second start to the window that is open, which shows their page', async () => {
    const desktop = await open()
    await ready(desktop)
    const second = await start(desktop.dir, ['--', 'pswebhost://view/runtime'])
    expect(second.code).toBe(0)
    await eventually(async () => (await hashes(desktop))[0] === '#/runtime')
    await desktop.page.getByRole('heading', { name: 'runtime' }).waitFor()
    await start(desktop.dir, ['pswebhost://task/0190aaaa-1111-7000-8000-000000000001'])
    await desktop.page.getByText('The task could not be read').waitFor()
  })

  it('are refused in words when they are none of ours, and lead nowhere', async () => {
    const desktop = await open()
    await ready(desktop)
    const before = await hashes(desktop)
    const second = await start(desktop.dir, ['pswebhost://task/1/../../settings'])
    expect(second.code).toBe(2)
    expect(second.stderr).toContain('is no link of this program')
    await eventually(async () => (await desktop.boxes()).includes('The link was not opened'))
    expect(await hashes(desktop)).toEqual(before)
  })

  it('bring no options along', async () => {
    const desktop = await open()
    await ready(desktop)
    const before = await hashes(desktop)
    const second = await start(desktop.dir, ['--', 'pswebhost://view/nodes', '--port', '0'])
    expect(second.code).toBe(2)
    expect(second.stderr).toContain('Nothing may follow a link')
    expect(await hashes(desktop)).toEqual(before)
  })

  it('open with the first start, too', async () => {
    const desktop = await open({ args: ['pswebhost://view/nodes'] })
    await ready(desktop)
    expect(await hashes(desktop)).toEqual(['#/nodes'])
  })

  it('come as events on a Mac', async () => {
    const desktop = await open()
    await ready(desktop)
    await desktop.app.evaluate(({ app }) => {
      app.emit('open-url', { preventDefault: () => undefined }, 'pswebhost://view/changes')
    })
    await eventually(async () => (await hashes(desktop))[0] === '#/changes')
  })

  it('are what Copy link copies', async () => {
    const desktop = await open()
    const { app, page } = desktop
    await ready(desktop)
    await page.goto('app://ui/index.html#/nodes')
    await page.getByRole('link', { name: /./ }).first().waitFor()
    await page.getByText('this node').first().waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Copy link' }).click()
    await page.getByText('Copied the link to the node').waitFor()
    const copied = await app.evaluate(({ clipboard }) => clipboard.readText())
    expect(copied).toMatch(/^pswebhost:\/\/node\/[0-9a-f-]{36}$/)
  })
})
