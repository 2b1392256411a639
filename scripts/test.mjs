import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BROWSER_VARIABLE, findBrowser } from './setup/browser.mjs'
import { ensureBuild } from './setup/build.mjs'
import { ROOT } from './setup/paths.mjs'
import { orExplain } from './setup/progress.mjs'
import { ELECTRON_VARIABLE } from './setup/electron.mjs'
import { findNode } from './setup/runtime.mjs'
import { ensureTestTools } from './setup/test-tools.mjs'
import { DATABASES_VARIABLE, databaseLines } from './test/databases.mjs'
import { selectsByName, totals, totalsLine } from './test/totals.mjs'

/* `npm test -- ARGS`: set-up for tests, then vitest with ARGS. The last line counts what passed and failed. */

const args = process.argv.slice(2)
const { node, electron, missing } = await orExplain(async () => {
  const tools = await ensureTestTools()
  await ensureBuild()
  return { node: findNode(), ...tools }
})

const folder = mkdtempSync(join(tmpdir(), 'pswebhost-test-'))
const reportFile = join(folder, 'report.json')
const databasesFile = join(folder, 'databases.json')
const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]
const { status } = spawnSync(node, [vitest, 'run', ...reporters, ...args], {
  cwd: ROOT,
  stdio: 'inherit',
  env: {
    ...process.env,
    [BROWSER_VARIABLE]: findBrowser() ?? '',
    [ELECTRON_VARIABLE]: electron ?? '',
    [DATABASES_VARIABLE]: databasesFile,
  },
})
const report = existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, 'utf8')) : undefined
const databases = databaseLines(databasesFile, report, ROOT)
rmSync(folder, { recursive: true, force: true })

const result = totals(report, status ?? 1, ROOT)
// With a name pattern everything else counts as skipped: naming it all would bury the result.
const named = selectsByName(args) ? [] : result.skippedNames.map((name) => `skipped: ${name}`)
console.log([...named, ...missing, ...databases, totalsLine(result)].join('\n'))
process.exit(result.failed > 0 ? 1 : 0)
