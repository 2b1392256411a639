import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runBenchFile } from './bench/run-file.mjs'
import { table } from './bench/table.mjs'
import { verdictOf } from './bench/verdict.mjs'
import { BROWSER_VARIABLE, findBrowser } from './setup/browser.mjs'
import { ensureBuild } from './setup/build.mjs'
import { ELECTRON_VARIABLE, installedElectron } from './setup/electron.mjs'
import { ROOT } from './setup/paths.mjs'
import { orExplain, say } from './setup/progress.mjs'
import { findNode } from './setup/runtime.mjs'

/* `npm run bench -- NAME…`: the benchmarks, or those whose file name contains one of NAME. */

const wanted = process.argv.slice(2)
const node = await orExplain(async () => {
  await ensureBuild()
  return findNode()
})
// Benchmarks of the window take what is there; without it they say what they left out.
process.env[BROWSER_VARIABLE] ??= findBrowser() ?? ''
process.env[ELECTRON_VARIABLE] ??= installedElectron()?.executable ?? ''
const files = readdirSync(join(ROOT, 'bench'))
  .filter((file) => file.endsWith('.bench.ts'))
  .filter((file) => wanted.length === 0 || wanted.some((name) => file.includes(name)))
  .sort()

const rows = []
const failures = []
// One after the other: they measure the machine, and would measure each other.
for (const file of files) {
  say('bench', file)
  const result = await runBenchFile(node, join(ROOT, 'bench', file))
  rows.push(...result.rows.map((row) => ({ bench: file.replace('.bench.ts', ''), ...row })))
  if (result.failure) failures.push(`${file}: ${result.failure}`)
}

const folder = join(ROOT, 'bench', 'results')
mkdirSync(folder, { recursive: true })
const machine = {
  node: process.version,
  platform: `${process.platform}-${process.arch}`,
  at: new Date().toISOString(),
}
writeFileSync(join(folder, 'latest.json'), `${JSON.stringify({ ...machine, rows, failures }, null, 2)}\n`)

console.log(table(rows))
const { lines, code } = verdictOf({ files, rows, failures })
for (const line of lines) console.log(line)
process.exit(code)
