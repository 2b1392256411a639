import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createClient } from '../../src/shared/client/create-client.ts'
import { createHttpLink } from '../../src/shared/client/http-link.ts'
import { tempDir } from '../support/node.ts'
import { eventually } from '../support/eventually.ts'
import { describeDesktop, type Desktop } from './desktop.ts'

const clientOf = async (desktop: Desktop) => {
  const [origin, token] = [await desktop.url(), await desktop.adminToken()]
  return createClient(createHttpLink({ origin, token: () => token }))
}

const isVisible = ({ app }: Desktop): Promise<boolean> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible() ?? false)

const closeWindow = ({ app }: Desktop): Promise<void> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())

describeDesktop('the desktop window', (open, start) => {
  it('shows its node at once, without a token, as the user of this machine', async () => {
    const desktop = await open()
    await desktop.page.getByText(/^local:.*, admin$/).waitFor()
    await desktop.page.getByText(/slots$/).waitFor()
    expect(await desktop.page.getByRole('button', { name: 'Sign out' }).count()).toBe(0)
    expect(desktop.errors).toEqual([])
    expect(await desktop.quit()).toBe(0)
  })

  it('runs scripts under Node, not under Electron', async () => {
    const desktop = await open()
    await desktop.page.getByText(/slots$/).waitFor()
    const script = 'console.log(process.versions.electron ?? "plain node", process.version)'
    await writeFile(join(desktop.dir, 'scripts', 'which.mjs'), script)
    const client = await clientOf(desktop)
    const { taskId } = await client.tasks.create({ taskName: 'Which', scriptPath: 'which.mjs' })
    const { historyId } = await client.tasks.run({ taskId })
    await eventually(async () => (await client.history.get({ historyId })).state === 'Success')
    await desktop.page.goto(`app://ui/index.html#/history/${historyId}`)
    await desktop.page.getByText(`plain node ${process.version}`).waitFor()
  })

  it('is hidden when it is closed: the node goes on, and that is said once', async () => {
    const desktop = await open()
    await desktop.page.getByText(/slots$/).waitFor()
    await closeWindow(desktop)
    await eventually(async () => !(await isVisible(desktop)))
    expect((await fetch(`${await desktop.url()}/healthz`)).status).toBe(200)
    expect(await desktop.boxes()).toEqual(['The node keeps running without its window'])
    await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.show())
    await closeWindow(desktop)
    await eventually(async () => !(await isVisible(desktop)))
    expect(await desktop.boxes()).toHaveLength(1)
  })

  it('comes to the front at a second start, which ends at once', async () => {
    const desktop = await open()
    await desktop.page.getByText(/slots$/).waitFor()
    await closeWindow(desktop)
    await eventually(async () => !(await isVisible(desktop)))
    const second = await start(desktop.dir)
    expect(second.code).toBe(0)
    expect(second.stderr).toContain('is open already')
    await eventually(() => isVisible(desktop))
  })

  it('opens where it was, as large as it was', async () => {
    const dir = await tempDir()
    const first = await open({ dir })
    await first.page.getByText(/slots$/).waitFor()
    await first.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.setBounds({ x: 120, y: 90, width: 1111, height: 777 }),
    )
    await eventually(async () => (await readFile(join(dir, 'window.json'), 'utf8')).includes('1111'))
    await first.quit()
    const second = await open({ dir })
    const bounds = await second.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.getBounds(),
    )
    expect(bounds).toEqual({ x: 120, y: 90, width: 1111, height: 777 })
  })

  it('is itself again after a reload, and its old streams have ended', async () => {
    const desktop = await open()
    await desktop.page.getByText(/slots$/).waitFor()
    for (let i = 0; i < 3; i += 1) {
      await desktop.page.reload()
      await desktop.page.getByText(/slots$/).waitFor()
    }
    const client = await clientOf(desktop)
    await client.tasks.create({ taskName: 'Seen after a reload', scriptPath: 'x.sh' }).catch(() => undefined)
    expect(desktop.errors).toEqual([])
  })

  it('asks before it quits while a script runs, and stops the script when told to', async () => {
    const desktop = await open()
    await desktop.page.getByText(/slots$/).waitFor()
    await writeFile(join(desktop.dir, 'scripts', 'long.sh'), 'echo going; sleep 60')
    const client = await clientOf(desktop)
    const { taskId } = await client.tasks.create({ taskName: 'Long', scriptPath: 'long.sh' })
    const { historyId } = await client.tasks.run({ taskId })
    await eventually(async () => (await client.history.get({ historyId })).state === 'Running')
    const clickQuit = () =>
      desktop.app.evaluate(({ Menu }) => {
        const entries = Menu.getApplicationMenu()?.items[0]?.submenu?.items ?? []
        void entries.find(({ label }) => label === 'Quit')?.click()
      })
    await clickQuit()
    await eventually(async () => (await desktop.boxes()).includes('One script is running'))
    expect(desktop.app.process().exitCode).toBeNull()
    await desktop.answer(1)
    const ended = new Promise((resolve) => desktop.app.process().once('exit', resolve))
    await clickQuit().catch(() => undefined)
    expect(await ended).toBe(0)
    const again = await open({ dir: desktop.dir })
    await again.page.getByText(/slots$/).waitFor()
    const run = await (await clientOf(again)).history.get({ historyId })
    expect(run.state).toBe('Stopped')
  })

  const typeSomething = async (desktop: Desktop): Promise<void> => {
    await desktop.page.getByText(/slots$/).waitFor()
    await desktop.page.goto('app://ui/index.html#/tasks/new')
    await desktop.page.locator('#task-taskName').fill('not saved yet')
    await desktop.page.getByText('New task', { exact: true }).last().waitFor()
  }

  it('asks before typed text is lost by quitting, and goes on when the person stays', async () => {
    const desktop = await open()
    await typeSomething(desktop)
    const quit = () =>
      desktop.app.evaluate(({ Menu }) => {
        const entries = Menu.getApplicationMenu()?.items[0]?.submenu?.items ?? []
        void entries.find(({ label }) => label === 'Quit')?.click()
      })
    await quit()
    await eventually(async () => (await desktop.boxes()).includes('There are unsaved changes'))
    expect(await desktop.page.locator('#task-taskName').inputValue()).toBe('not saved yet')
    await desktop.answer(1)
    const ended = new Promise((resolve) => desktop.app.process().once('exit', resolve))
    await quit().catch(() => undefined)
    expect(await ended).toBe(0)
  })

  it('asks nobody when it is told to terminate, whatever is typed', async () => {
    const desktop = await open()
    await typeSomething(desktop)
    const ended = new Promise((resolve) => desktop.app.process().once('exit', resolve))
    desktop.app.process().kill('SIGTERM')
    expect(await ended).toBe(0)
  })

  it('says why a node cannot start, in a box and on stderr, and ends with its exit code', async () => {
    const dir = await tempDir()
    await writeFile(join(dir, 'app.yaml'), 'nodde:\n  nodeName: x\n')
    const { code, stderr } = await start(dir)
    expect(code).toBe(2)
    expect(stderr).toMatch(/box: The node could not start: .*nodde/)
  })

  it('ends politely when it is told to terminate', async () => {
    const desktop = await open()
    await desktop.page.getByText(/slots$/).waitFor()
    const ended = new Promise((resolve) => desktop.app.process().once('exit', resolve))
    desktop.app.process().kill('SIGTERM')
    expect(await ended).toBe(0)
    expect(desktop.log()).not.toContain('ERROR ')
  })

  it('ends at an error that nobody expected, and says it, rather than stand still behind a box', async () => {
    const desktop = await open()
    await desktop.page.getByText(/slots$/).waitFor()
    const ended = new Promise((resolve) => desktop.app.process().once('exit', resolve))
    await desktop.app.evaluate(
      () =>
        void setTimeout(() => {
          throw new Error('a slip of the program')
        }),
    )
    expect(await ended).toBe(1)
    expect(desktop.log()).toContain('a slip of the program')
    const file = await readFile(join(desktop.dir, 'logs', 'pswebhost.log'), 'utf8')
    expect(file).toContain('the program ends at an error it did not expect')
  })
})
