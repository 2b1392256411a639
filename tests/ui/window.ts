import { MessageChannel } from 'node:worker_threads'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, onTestFinished } from 'vitest'
import { localCaller } from '../../src/main/api/auth.ts'
import { createPortHandler } from '../../src/main/api/message-port.ts'
import { createLocalRouter } from '../../src/main/api/router.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { startHttpNode } from '../support/http-node.ts'
import type { MemoryNode } from '../support/memory-services.ts'
import { sourceProgram } from '../support/program.ts'
import { BROWSER_ARGS, executablePath } from './browser.ts'

/**
 * The page as the desktop window has it, in a browser: the built page, told that it is at home, with a port to a
 * node whose services are in memory. What it shows is what the services say.
 */
export interface WindowPage {
  page: Page
  node: MemoryNode
  url: string
  /** What the page threw. */
  errors: string[]
  /** Shows a view by its path. */
  go: (path: string) => Promise<unknown>
  /** Ends the node's HTTP server. */
  close: () => Promise<void>
}

export interface WindowOptions {
  scheme?: 'light' | 'dark'
  /** False: the same node as a browser meets it, signed in as an admin. */
  atHome?: boolean
}
export type OpenWindow = (options?: WindowOptions) => Promise<WindowPage>

/** A suite in one browser; skipped by name where there is none. */
export const describeWindow = (name: string, suite: (open: OpenWindow) => void): void => {
  describe.skipIf(executablePath === '')(name, () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath, args: BROWSER_ARGS })
    })
    afterAll(() => browser.close())
    suite((options) => openWindow(browser, options, onTestFinished))
  })
}

export const openWindow = async (
  browser: Browser,
  { scheme = 'light', atHome = true }: WindowOptions = {},
  onEnd: (close: () => Promise<void>) => void,
): Promise<WindowPage> => {
  const { server, ...node } = await startHttpNode({ consoleDir: sourceProgram.consoleDir })
  let closing: Promise<void> | null = null
  const close = (): Promise<void> => (closing ??= server.close())
  onEnd(close)
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme: scheme,
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
  })
  onEnd(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  const { url } = server
  if (atHome) {
    await bringHome(page)
    await connect(page, node)
  } else await page.goto(`${url}/#token=${node.tokens.admin}`)
  return { page, node, url, errors, close, go: (path) => page.goto(`${url}/#/${path}`) }
}

const SCHEME = /\.location\.protocol\s*===\s*["'`]app:["'`]/

/** The page asks its address whether it is the desktop's; a browser takes no scheme of ours. */
const bringHome = async (page: Page): Promise<void> => {
  await page.route('**/assets/index-*.js', async (route) => {
    const response = await route.fetch()
    const text = await response.text()
    if (!SCHEME.test(text)) throw new Error('the page asks for its scheme in another way than this knows')
    await route.fulfill({ response, body: text.replace(SCHEME, '.location.protocol==="http:"') })
  })
}

/** What the preload does with the page's port. Text: these sources are checked for Node, which has no window. */
const PRELOAD = `window.addEventListener('message', (event) => {
  const [port] = event.ports
  if (event.source !== window || event.data !== 'cluster:port' || !port) return
  const opened = window.openNode()
  window.fromNode = (text) => port.postMessage(text)
  port.onmessage = ({ data }) => void opened.then(() => window.toNode(data))
})`

/** A port of the node behind the page's; each load of the page gets its own. */
const connect = async (page: Page, { services }: MemoryNode): Promise<void> => {
  const answer = createPortHandler(createLocalRouter(services), memoryLog())
  let ours = new MessageChannel().port1
  await page.exposeFunction('openNode', () => {
    ours.close()
    const { port1, port2 } = new MessageChannel()
    ours = port1
    answer(port2, localCaller('Manual'))
    port1.on('message', (text: string) => {
      // A page that is gone by now needs no answer.
      page.evaluate(`window.fromNode?.(${JSON.stringify(text)})`).catch(() => undefined)
    })
  })
  await page.exposeFunction('toNode', (text: string) => ours.postMessage(text))
  page.once('close', () => ours.close())
  await page.addInitScript({ content: PRELOAD })
}
