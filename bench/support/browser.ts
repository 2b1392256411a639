import { chromium, type Browser } from 'playwright-core'
import { say } from './folders.ts'
import type { BenchRow } from './rows.ts'

/** Told by scripts/bench.mjs; empty where there is none. */
const browserPath = process.env['PSWEBHOST_TEST_BROWSER'] ?? ''

const ARGS = ['--no-sandbox', '--disable-background-networking', '--disable-component-update']

/** A browser for the length of `work`. No rows where there is none. */
export const withBrowser = async (work: (browser: Browser) => Promise<BenchRow[]>): Promise<BenchRow[]> => {
  if (browserPath === '') {
    say('left out: there is no browser here; npm test fetches one')
    return []
  }
  const browser = await chromium.launch({ executablePath: browserPath, args: ARGS })
  try {
    return await work(browser)
  } finally {
    await browser.close()
  }
}
