import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { writeScript } from './support/bench-node.ts'
import { withBrowser } from './support/browser.ts'
import { scale, withTempFolder } from './support/folders.ts'
import { startNodeProcess, type NodeProcess } from './support/node-process.ts'
import { below, informational, type BenchRow } from './support/rows.ts'

/**
 * What a page that stays open costs: the heap of two live tails over ten minutes (× BENCH_SCALE), each in a browser
 * context of its own. One starts empty, and grows by the lines it keeps; the other holds as many lines as a page keeps,
 * so that older ones go as new ones come: what still grows there would grow for ever.
 */

const MINUTES = 10
const WARM_UP_MS = 60_000
/** How often the tail that starts empty gets a line. */
const EMPTY_EVERY_MS = 100
const GROWTH_BUDGET_PERCENT = 10
const MEGABYTE = 1_000_000

/** Lines that are there before the tail is measured: more than a page keeps. */
const FULL = 125_000

const SCRIPTS = {
  'tail-empty.sh': 'while :; do echo "$(date) a line of an output that somebody watches"; sleep 0.1; done\n',
  'tail-full.sh': [
    `seq 1 ${FULL} | sed 's/$/ a line of before, of some length/'`,
    'while :; do echo "$(date) another line of an output"; sleep 0.02; done\n',
  ].join('\n'),
} as const
type Script = keyof typeof SCRIPTS

export const rows = (): Promise<BenchRow[]> =>
  withBrowser((browser) => withTempFolder((dir) => measure(dir, browser)))

const measure = async (dir: string, browser: Browser): Promise<BenchRow[]> => {
  for (const [name, text] of Object.entries(SCRIPTS)) writeScript(dir, name, text)
  const node = await startNodeProcess(dir, 'out/main/headless.js')
  try {
    const empty = await openTail(browser, node, 'tail-empty.sh')
    const full = await openTail(browser, node, 'tail-full.sh')
    await sleep(WARM_UP_MS)
    const before = [await heapOf(empty), await heapOf(full)] as const
    const ms = MINUTES * 60_000 * scale()
    await sleep(ms)
    const after = [await heapOf(empty), await heapOf(full)] as const
    const lines = ms / EMPTY_EVERY_MS
    return [
      below(
        'heap growth in ten minutes of a live tail that holds all lines a page keeps',
        growth(before[1], after[1]),
        {
          unit: '%',
          budget: GROWTH_BUDGET_PERCENT,
        },
      ),
      informational('heap of that tail at the end', after[1] / MEGABYTE, {
        unit: 'MB',
        reference: before[1] / MEGABYTE,
      }),
      informational(
        'heap of a tail from its start, for each line that came',
        (after[0] - before[0]) / lines,
        {
          unit: 'B',
        },
      ),
    ]
  } finally {
    await node.stop()
  }
}

/** Per cent. */
const growth = (before: number, after: number): number => (after / before - 1) * 100

/** A page of its own that follows a run of `script`. */
const openTail = async (browser: Browser, node: NodeProcess, script: Script): Promise<Page> => {
  const { taskId } = await node.createTask({ taskName: script, scriptPath: script })
  // The route answers the id of the run it made.
  const { historyId } = (await node.ask(`/tasks/${taskId}/run`, {})) as { historyId: string }
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await page.goto(`${node.url}/#token=${node.token}`)
  await page.goto(`${node.url}/#/history/${historyId}`)
  await page
    .getByText(/line of/)
    .last()
    .waitFor()
  return page
}

/** Bytes of JavaScript objects that are in use, once what is not has been collected. */
const heapOf = async (page: Page): Promise<number> => {
  const devTools = await page.context().newCDPSession(page)
  await devTools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await devTools.send('Runtime.getHeapUsage')
  await devTools.detach()
  return usedSize
}
