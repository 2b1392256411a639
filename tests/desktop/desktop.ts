import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { describe, onTestFinished } from 'vitest'
import { tempDir } from '../support/node.ts'
import { urlInLog, windowArgs, windowEnvironment } from '../support/window-args.ts'
import { useScreen } from './screen.ts'

// Set by the test script to the runtime it found.
const executablePath = process.env['PSWEBHOST_TEST_ELECTRON'] ?? ''

export interface Desktop {
  app: ElectronApplication
  page: Page
  dir: string
  /** What the page threw or logged as an error. */
  errors: string[]
  /** Titles of the boxes that were shown; each is answered with its first button unless `answer` says otherwise. */
  boxes: () => Promise<string[]>
  answer: (button: number) => Promise<void>
  /** Asks the program to quit, as its menu does, and waits for its end. */
  quit: () => Promise<number | null>
  log: () => string
  url: () => Promise<string>
  adminToken: () => Promise<string>
}

export interface DesktopOptions {
  dir?: string
  config?: string
  /** More of its command line: a link. */
  args?: readonly string[]
}

export interface Ended {
  code: number | null
  stderr: string
}

const CONFIG = `cluster:
  heartbeatSeconds: 1
  leaseSeconds: 3
  pollSeconds: 1
execution:
  shutdownGraceSeconds: 1
`

const ANSWER_BOXES = join(import.meta.dirname, 'fixtures', 'answer-boxes.cjs')

type Open = (options?: DesktopOptions) => Promise<Desktop>
type Start = (dir: string, args?: readonly string[]) => Promise<Ended>

/** A suite in the desktop window; skipped by name where there is no Electron. */
export const describeDesktop = (name: string, suite: (open: Open, start: Start) => void): void => {
  describe.skipIf(executablePath === '')(name, () => {
    const screen = useScreen()
    suite(
      (options) => openDesktop(screen(), options),
      (dir, args) => startAlone(screen(), dir, args),
    )
  })
}

const openDesktop = async (
  screen: Record<string, string>,
  options: DesktopOptions = {},
): Promise<Desktop> => {
  const dir = options.dir ?? (await tempDir())
  if (!options.dir) await writeFile(join(dir, 'app.yaml'), options.config ?? CONFIG)
  const app = await _electron.launch({
    executablePath,
    args: ['-r', ANSWER_BOXES, ...windowArgs(dir), ...(options.args ?? [])],
    env: windowEnvironment(screen),
  })
  const child = app.process()
  let log = ''
  child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()))
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  onTestFinished(async () => {
    if (child.exitCode === null) child.kill('SIGKILL')
    await exited
  })
  const page = await app.firstWindow()
  page.setDefaultTimeout(30_000)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  return {
    ...{ app, page, dir, errors },
    boxes: () => app.evaluate(() => (globalThis as unknown as { boxes: { said: string[] } }).boxes.said),
    answer: (button) =>
      app.evaluate((_, to) => {
        ;(globalThis as unknown as { boxes: { button: number } }).boxes.button = to
      }, button),
    quit: async () => {
      await app.evaluate(({ app: electron }) => electron.quit()).catch(() => undefined)
      return exited
    },
    log: () => log,
    url: async () => urlInLog(await readFile(join(dir, 'logs', 'pswebhost.log'), 'utf8')),
    adminToken: async () => (await readFile(join(dir, 'admin.token'), 'utf8')).trim(),
  }
}

/** A start without a driver; waits for its end. Boxes are answered with their first button. */
const startAlone = (
  screen: Record<string, string>,
  dir: string,
  args: readonly string[] = [],
): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(executablePath, ['-r', ANSWER_BOXES, ...windowArgs(dir), ...args], {
      env: windowEnvironment(screen),
    })
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    child.once('exit', (code) => resolve({ code, stderr }))
    onTestFinished(() => void child.kill('SIGKILL'))
  })
