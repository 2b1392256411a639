import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createClient } from '../../src/shared/client/create-client.ts'
import { createHttpLink } from '../../src/shared/client/http-link.ts'
import { eventually } from '../support/eventually.ts'
import { describeDesktop } from './desktop.ts'

describeDesktop('the page of the desktop window', (open) => {
  it('has nothing of Node and nothing of the preload', async () => {
    const { page } = await open()
    await page.getByText(/slots$/).waitFor()
    const names = ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer', 'api']
    const there = await page.evaluate<string[]>(`${JSON.stringify(names)}.filter((name) => name in window)`)
    expect(there).toEqual([])
    expect(await page.evaluate(() => navigator.userAgent)).toContain('Electron')
  })

  it('is sandboxed and isolated', async () => {
    const { app, page } = await open()
    await page.getByText(/slots$/).waitFor()
    const preferences = await app.evaluate(({ webContents }) => {
      // Left out of the types: what the page really was given.
      const [contents] = webContents.getAllWebContents() as unknown as {
        getLastWebPreferences(): Record<string, unknown>
      }[]
      const { sandbox, contextIsolation, nodeIntegration, webviewTag } =
        contents?.getLastWebPreferences() ?? {}
      return { sandbox, contextIsolation, nodeIntegration, webviewTag: webviewTag ?? false }
    })
    expect(preferences).toEqual({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
    })
  })

  it('has a strict policy: no foreign script, no inline script, no foreign address', async () => {
    const { page } = await open()
    await page.getByText(/slots$/).waitFor()
    const policy = await page.evaluate(async () =>
      (await fetch('/index.html')).headers.get('content-security-policy'),
    )
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    const evaluated = await page.evaluate<boolean>(`(() => {
      const script = document.createElement('script')
      script.textContent = 'window.inlineRan = true'
      document.body.append(script)
      return 'inlineRan' in window
    })()`)
    expect(evaluated).toBe(false)
    expect(
      await page.evaluate(() =>
        fetch('https://example.com/').then(
          () => 'went',
          () => 'refused',
        ),
      ),
    ).toBe('refused')
  })

  it('serves files of the page only', async () => {
    const { page } = await open()
    await page.getByText(/slots$/).waitFor()
    const statuses = await page.evaluate(async () => {
      const paths = ['/index.html', '/..%2f..%2fpackage.json', '/nowhere.js']
      return Promise.all(paths.map(async (path) => (await fetch(path)).status))
    })
    expect(statuses).toEqual([200, 404, 404])
  })

  it('stays where it is: no navigation, no window, no frame of others', async () => {
    const { app, page } = await open()
    await page.getByText(/slots$/).waitFor()
    const opened = await page.evaluate<boolean>(`window.open('https://example.com/') === null`)
    expect(opened).toBe(true)
    await page.evaluate(`void (window.location.href = 'https://example.com/')`)
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)))
    expect(page.url()).toMatch(/^app:\/\/ui\//)
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  })

  it('gets no right of the system but to copy', async () => {
    const { page } = await open()
    await page.getByText(/slots$/).waitFor()
    const state = (name: string) =>
      page.evaluate<string>(`navigator.permissions.query({ name: '${name}' }).then(({ state }) => state)`)
    expect(await state('geolocation')).toBe('denied')
    expect(await state('notifications')).toBe('denied')
    const copied = await page.evaluate<string>(
      `navigator.clipboard.writeText('x').then(() => 'copied', String)`,
    )
    expect(copied).toBe('copied')
  })

  it('is the only one whose port is answered', async () => {
    const { app, page, log } = await open()
    await page.getByText(/slots$/).waitFor()
    const closed = await app.evaluate(({ ipcMain }) => {
      const seen: string[] = []
      const send = (name: string, senderFrame: object | null): void => {
        const port = { close: () => seen.push(name), start: () => seen.push(`${name} served`) }
        ipcMain.emit('cluster:port', { senderFrame, ports: [port] })
      }
      send('foreign', { origin: 'https://example.com', parent: null })
      send('embedded', { origin: 'app://ui', parent: {} })
      send('gone', null)
      return seen
    })
    expect(closed).toEqual(['foreign', 'embedded', 'gone'])
    await eventually(() => log().includes('a port of https://example.com was refused'))
  })
})

describeDesktop('the node behind the window', (open) => {
  const openTicking = async () => {
    const desktop = await open()
    await desktop.page.getByText(/slots$/).waitFor()
    await writeFile(join(desktop.dir, 'scripts', 'tick.sh'), 'echo tick')
    const [origin, token] = [await desktop.url(), await desktop.adminToken()]
    const client = createClient(createHttpLink({ origin, token: () => token }))
    const schedule = { type: 'interval', everySeconds: 1 } as const
    await client.tasks.create({ taskName: 'Ticking', scriptPath: 'tick.sh', schedule })
    const runs = async () => (await client.history.list({ state: ['Success'] })).items.length
    await eventually(async () => (await runs()) > 0)
    return { ...desktop, runs }
  }

  it('runs on while the page is frozen', async () => {
    const { page, runs } = await openTicking()
    const frozen = page
      .evaluate(() => {
        const until = performance.now() + 4000
        while (performance.now() < until);
      })
      .catch(() => undefined)
    const before = await runs()
    await eventually(async () => (await runs()) >= before + 2, 3500)
    await frozen
  })

  it('runs on when the page crashes, and the page comes back', async () => {
    const { app, runs, log } = await openTicking()
    const before = await runs()
    // The driver loses a page that crashed: whether it is back is asked of the main process.
    const back = app.evaluate(
      ({ BrowserWindow }) =>
        new Promise<string>((resolve) => {
          const contents = BrowserWindow.getAllWindows()[0]?.webContents
          contents?.once('did-finish-load', () => {
            const poll = async (): Promise<void> => {
              const text = String(await contents.executeJavaScript('document.body.innerText'))
              if (text.includes('slots')) resolve(text)
              else setTimeout(() => void poll(), 100)
            }
            void poll()
          })
          contents?.forcefullyCrashRenderer()
        }),
    )
    await eventually(async () => (await runs()) >= before + 2)
    expect(await back).toContain('Overview')
    expect(log()).toContain('the node runs on')
  })
})
