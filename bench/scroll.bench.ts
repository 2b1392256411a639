import type { Page } from 'playwright-core'
import { withLargeConsole } from './support/large-console.ts'
import { below, percentile, type BenchRow } from './support/rows.ts'

/**
 * The lists as a person meets them, at 100,000 tasks, 1,000,000 runs and 5,000,000 changes: from the address to
 * the first row, with a filter and without, and how even the scrolling is over thousands of rows.
 */

const ROUNDS = 5
const OPEN_BUDGET_MS = 1000
const FILTER_BUDGET_MS = 500
const FRAME_BUDGET_MS = 50
const SCROLLS = 60

const VIEWS = [
  { view: 'tasks', row: '.vbody .vrow', filtered: 'enabled=false', scroller: '.vbody' },
  { view: 'history', row: '.vbody .vrow', filtered: 'state=Failed', scroller: '.vbody' },
  { view: 'changes', row: '.chg-row', filtered: 'action=DELETE', scroller: '.vlines' },
] as const

export const rows = async (): Promise<BenchRow[]> =>
  withLargeConsole(async (page, url) => {
    const found: BenchRow[] = []
    for (const one of VIEWS) found.push(...(await measure(page, url, one)))
    return found
  })

const measure = async (
  page: Page,
  url: string,
  { view, row, filtered, scroller }: (typeof VIEWS)[number],
): Promise<BenchRow[]> => {
  const opened: number[] = []
  const narrowed: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    opened.push(await untilRow(page, url, view, row))
    narrowed.push(await untilRow(page, url, `${view}?${filtered}`, row))
  }
  await untilRow(page, url, view, row)
  const frames = await scroll(page, scroller)
  return [
    below(`${view}: to its first row (p95)`, percentile(opened, 0.95), {
      unit: 'ms',
      budget: OPEN_BUDGET_MS,
    }),
    below(`${view}: to its first row, filtered (p95)`, percentile(narrowed, 0.95), {
      unit: 'ms',
      budget: FILTER_BUDGET_MS,
    }),
    below(`${view}: a frame while it scrolls (p95)`, percentile(frames, 0.95), {
      unit: 'ms',
      budget: FRAME_BUDGET_MS,
    }),
  ]
}

/** Comes from another view: rows that are there already would count as the new ones. */
const untilRow = async (page: Page, url: string, path: string, row: string): Promise<number> => {
  await page.goto(`${url}/#/settings/appearance`)
  await page.getByText('Single-character keys').waitFor()
  const startedAt = performance.now()
  await page.goto(`${url}/#/${path}`)
  await page.locator(row).first().waitFor()
  return performance.now() - startedAt
}

/** Times between frames, milliseconds, while the list is scrolled on and on and reads its next pages. */
const scroll = (page: Page, scroller: string): Promise<number[]> =>
  page.evaluate<number[]>(`new Promise((resolve, reject) => {
    const list = document.querySelector('${scroller}')
    if (!list) return reject(new Error('there is no ${scroller}'))
    const frames = []
    let last = performance.now()
    let left = ${SCROLLS} * 4
    const step = (now) => {
      frames.push(now - last)
      last = now
      list.scrollTop += 120
      if (--left > 0) requestAnimationFrame(step)
      else resolve(frames.slice(1))
    }
    requestAnimationFrame(step)
  })`)
