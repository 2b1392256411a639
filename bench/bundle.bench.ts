import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { below, type BenchRow } from './support/rows.ts'

/** What a browser has to fetch and read before it shows anything: the scripts that the page names, compressed. */

const BUDGET_KB = 450
const PAGE = join(import.meta.dirname, '..', 'out', 'renderer')

export const rows = async (): Promise<BenchRow[]> => {
  const html = readFileSync(join(PAGE, 'index.html'), 'utf8')
  const scripts = new Set([...html.matchAll(/assets\/[\w.-]+\.js/g)].map(([path]) => path))
  const bytes = [...scripts].map((path) => gzipSync(readFileSync(join(PAGE, path))).byteLength)
  const total = bytes.reduce((a, b) => a + b, 0)
  return [below('initial JavaScript of the window, gzip', total / 1000, { unit: 'kB', budget: BUDGET_KB })]
}
