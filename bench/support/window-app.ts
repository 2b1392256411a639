import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'

const ROOT = join(import.meta.dirname, '..', '..')

/** Told by scripts/bench.mjs; empty where there is none. */
export const electronPath = process.env['PSWEBHOST_TEST_ELECTRON'] ?? ''
export const browserPath = process.env['PSWEBHOST_TEST_BROWSER'] ?? ''

export interface Screen {
  env: Record<string, string>
  close(): Promise<void>
}

/** A screen that nobody sees, so that windows of a benchmark are in nobody's way. */
export const openScreen = async (): Promise<Screen> => {
  if (process.platform !== 'linux') return { env: {}, close: async () => undefined }
  const args = ['-displayfd', '3', '-screen', '0', '1920x1200x24', '-nolisten', 'tcp']
  const server: ChildProcess = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const [number] = (await once(server.stdio[3] as Readable, 'data')) as [Buffer]
  const close = async (): Promise<void> => {
    const ended = once(server, 'exit')
    server.kill()
    await ended
  }
  return { env: { DISPLAY: `:${number.toString().trim()}` }, close }
}

export interface WindowApp {
  app: ElectronApplication
  page: Page
  /** From the start of the process until the node's own line stands in the window. */
  usableMs: number
  close(): Promise<void>
}

export const startWindow = async (dir: string, screen: Screen): Promise<WindowApp> => {
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0
  const args = [
    ...(asRoot ? ['--no-sandbox'] : []),
    '--ozone-platform=x11',
    ROOT,
    '--data',
    dir,
    '--port',
    '0',
  ]
  const given = { ...process.env, ...screen.env, PSWEBHOST_NODE: process.execPath }
  const env = Object.fromEntries(
    Object.entries(given).filter((one): one is [string, string] => one[1] !== undefined),
  )
  const startedAt = performance.now()
  const app = await _electron.launch({ executablePath: electronPath, args, env })
  const page = await app.firstWindow()
  await page.getByText(/slots$/).waitFor()
  const usableMs = performance.now() - startedAt
  return {
    app,
    page,
    usableMs,
    close: async () => {
      const ended = once(app.process(), 'exit')
      await app.evaluate(({ app: electron }) => electron.quit()).catch(() => undefined)
      await ended
    },
  }
}
