import type { Page } from 'playwright-core'
import { withLargeConsole } from './support/large-console.ts'
import { below, percentile, type BenchRow } from './support/rows.ts'

/**
 * From a key or a click to the next frame that shows what it did, among 100,000 tasks. The browser measures it itself
 * (its Event Timing, of which web.dev makes Interaction to Next Paint); it keeps silent of what took less than 16 ms.
 */

const BUDGET_MS = 100
/** As Interaction to Next Paint, which passes over the worst one of fifty: the machine does other things, too. */
const TIMES = 60
const UNMEASURED_MS = 16

export const rows = (): Promise<BenchRow[]> =>
  withLargeConsole(async (page, url) => {
    await page.goto(`${url}/#/tasks`)
    await page.locator('.vbody .vrow').first().waitFor()
    await observe(page)
    const found: BenchRow[] = []
    for (const [name, act] of Object.entries(ACTIONS)) found.push(await measure(page, name, act))
    return found
  })

/** What people do most in the list of tasks; each counts its own keys and clicks. */
const ACTIONS: Record<string, (page: Page) => Promise<number>> = {
  'down the list by key': (page) => press(page, Array<string>(TIMES).fill('ArrowDown')),
  'a row chosen by click': async (page) => {
    for (let i = 0; i < TIMES; i += 1)
      await page
        .locator('.vbody .vrow')
        .nth((i % 10) + 2)
        .click()
    await page.keyboard.press('Escape')
    return TIMES + 1
  },
  'all rows chosen, and none': (page) =>
    press(
      page,
      Array.from({ length: TIMES }, (_, i) => (i % 2 === 0 ? 'Control+a' : 'Escape')),
    ),
  'typing in the search of the list': (page) => again(page, ['/', ...'nightly report 42', 'Escape']),
  'opening the palette, typing, closing it': (page) =>
    again(page, ['Control+k', ...'nightly report 42', 'Escape']),
  'from view to view by digit': (page) => again(page, [...'304567182', '2']),
}

/** The keys over and over, at least so many of them. */
const again = (page: Page, keys: readonly string[]): Promise<number> =>
  press(page, Array.from({ length: Math.ceil(TIMES / keys.length) }, () => keys).flat())

const press = async (page: Page, keys: readonly string[]): Promise<number> => {
  for (const key of keys) {
    await page.keyboard.press(key)
    // People do not type faster; what a key sets off may still be under way when the next one comes.
    await page.waitForTimeout(80)
  }
  return keys.length
}

const measure = async (page: Page, name: string, act: (page: Page) => Promise<number>): Promise<BenchRow> => {
  await page.evaluate('window.interactions.clear()')
  const count = await act(page)
  await page.waitForTimeout(500)
  const slow = await page.evaluate<number[]>('[...window.interactions.values()]')
  const all = [...slow, ...Array<number>(Math.max(0, count - slow.length)).fill(UNMEASURED_MS)]
  return below(`interaction latency, ${name} (p98)`, percentile(all, 0.98), {
    unit: 'ms',
    budget: BUDGET_MS,
  })
}

/** Gathers the longest event of each interaction: a key press is several events. */
const observe = (page: Page): Promise<unknown> =>
  page.evaluate(`
    window.interactions = new Map()
    new PerformanceObserver((list) => {
      for (const { interactionId, duration } of list.getEntries())
        if (interactionId > 0)
          window.interactions.set(interactionId, Math.max(duration, window.interactions.get(interactionId) ?? 0))
    }).observe({ type: 'event', durationThreshold: ${UNMEASURED_MS} })
    undefined
  `)
