import { spawn, type ChildProcess } from 'node:child_process'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { openScreen } from '../support/screen.ts'
import { PACKAGE, userOf } from './machine.ts'

export interface InstalledWindow {
  page: Page
  process: ChildProcess
  dir: string
  said: () => string
  ended: Promise<number | null>
  /** Starts the program once more, as the menu or a link does. */
  again: (...args: string[]) => Promise<number | null>
}

/** The installed program as its menu entry starts it, by a person who is not root, with the sandbox on. */
export const openInstalled = async (...args: string[]): Promise<InstalledWindow> => {
  const screen = await openScreen()
  const home = await mkdtemp(join(tmpdir(), 'pswebhost-home-'))
  const { uid, gid } = await userOf('nobody')
  await chown(home, uid, gid)
  const env = { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', HOME: home, XDG_RUNTIME_DIR: home, ...screen.env }
  const start = (more: string[]): ChildProcess =>
    spawn(`/usr/bin/${PACKAGE}`, ['--ozone-platform=x11', '--port=0', ...more], { uid, gid, env, cwd: home })
  const child = start(['--remote-debugging-port=0', ...args])
  const ended = endOf(child)
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
    await screen.close()
    await rm(home, { recursive: true, force: true })
  })
  const page = await pageAt(await addressIn(child, () => said))
  return {
    ...{ page, process: child, ended },
    dir: join(home, '.local', 'share', 'pswebhost-cluster'),
    said: () => said,
    again: (...more) => endOf(start(more)),
  }
}

/** The window's page, once it has left the blank one that it is made with: the driver would stay with that. */
const pageAt = async (address: string): Promise<Page> => {
  const { host } = new URL(address)
  await eventually(async () => {
    const targets = (await (await fetch(`http://${host}/json`)).json()) as { url: string }[]
    return targets.some(({ url }) => url.startsWith('app:'))
  }, 60_000)
  const browser = await chromium.connectOverCDP(address)
  const page = browser.contexts().flatMap((context) => context.pages())[0]
  if (!page) throw new Error(`the driver found no page at ${address}`)
  page.setDefaultTimeout(60_000)
  return page
}

const endOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('exit', resolve))

/** Where the runtime lets a driver in, told on stderr. */
const addressIn = (child: ChildProcess, said: () => string): Promise<string> =>
  new Promise((resolve, reject) => {
    child.stderr?.on('data', () => {
      const address = /DevTools listening on (ws:\S+)/.exec(said())?.[1]
      if (address) resolve(address)
    })
    child.once('exit', (code) => reject(new Error(`the program ended with ${code}\n${said()}`)))
  })
