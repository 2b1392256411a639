import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, onTestFinished } from 'vitest'
import { createClient, type Client } from '../../src/shared/client/create-client.ts'
import { createHttpLink } from '../../src/shared/client/http-link.ts'
import type { TaskInputRaw } from '../../src/shared/domain/task.ts'
import { startNodeProcess, type NodeProcess } from '../support/node-process.ts'
import { BROWSER_ARGS, executablePath } from './browser.ts'

/** The console as a person meets it: a browser in front of a node in a process of its own. */
export interface Console {
  page: Page
  node: NodeProcess
  client: Client
  /** Puts a script below the node's script root. */
  script: (name: string, text: string) => Promise<void>
  /** Creates a task that nobody typed, as the ground of a test. */
  task: (input: Partial<TaskInputRaw> & { taskName: string }) => Promise<string>
  /** What the page threw or logged as an error. */
  errors: string[]
}

/** The lease is long: nodes that are rows only (node-rows.ts) have no heart that beats. */
const CONFIG = `cluster:
  heartbeatSeconds: 1
  leaseSeconds: 900
  pollSeconds: 1
  timeZone: Europe/Berlin
execution:
  shutdownGraceSeconds: 1
`

/** A suite in one browser; skipped by name where there is none. */
export const describeConsole = (name: string, suite: (open: OpenConsole) => void): void => {
  describe.skipIf(executablePath === '')(name, () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath, args: BROWSER_ARGS })
    })
    afterAll(() => browser.close())
    suite((options) => openConsole(browser, options))
  })
}

export interface OpenOptions {
  scheme?: 'light' | 'dark'
  /** False: the page asks for the token first. */
  signedIn?: boolean
  /** Put before the rest of app.yaml: the database it names is not the usual file. */
  database?: string
}
export type OpenConsole = (options?: OpenOptions) => Promise<Console>

const openConsole = async (browser: Browser, options: OpenOptions = {}): Promise<Console> => {
  const { scheme = 'light', signedIn = true, database = '' } = options
  const node = await startNodeProcess({ config: `${database}${CONFIG}` })
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme: scheme,
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
  })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  const client = createClient(createHttpLink({ origin: node.url, token: () => node.adminToken }))
  const script = (name: string, text: string): Promise<void> =>
    writeFile(join(node.dir, 'scripts', name), text)
  await script('ok.sh', 'echo "all is well"\n')
  await page.goto(signedIn ? `${node.url}/#token=${node.adminToken}` : node.url)
  return {
    page,
    node,
    client,
    script,
    task: async (input) => (await client.tasks.create({ scriptPath: 'ok.sh', ...input })).taskId,
    errors,
  }
}

/** The part of the address that names what is looked at. */
export const addressOf = (page: Page): string => new URL(page.url()).hash
