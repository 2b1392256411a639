import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

interface Violation {
  id: string
  nodes: { html: string }[]
}

/** What fades in is judged once it stands: half way its colours are others. */
const FADES_MS = 400

/** Every rule of axe, as lines that name the rule and the element. */
export const violationsOf = async (page: Page): Promise<string[]> => {
  await page.waitForTimeout(FADES_MS)
  await page.evaluate(`${await readFile(axePath, 'utf8')};0`)
  // axe's own answer, of which only the violations matter here.
  const { violations } = await page.evaluate<{ violations: Violation[] }>('axe.run(document)')
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`))
}
