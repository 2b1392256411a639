import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { findBrowser } from './setup/browser.mjs'
import { ensureBuild } from './setup/build.mjs'
import { ROOT } from './setup/paths.mjs'
import { orExplain, SetupError } from './setup/progress.mjs'
import { findNode } from './setup/runtime.mjs'
import { ensureTestTools } from './setup/test-tools.mjs'

/* `npm run screenshots -- NAME…`: pictures of every view (or of those named) in docs/screenshots. */

const { node, browser } = await orExplain(async () => {
  await ensureTestTools()
  await ensureBuild()
  const browser = findBrowser()
  if (!browser) throw new SetupError('The pictures need a Chromium.', 'sudo apt-get install -y chromium')
  return { node: findNode(), browser }
})
const take = join(ROOT, 'tests', 'screenshots', 'take.ts')
const folder = join(ROOT, 'docs', 'screenshots')
const { status } = spawnSync(node, [take, browser, folder, ...process.argv.slice(2)], { stdio: 'inherit' })
process.exit(status ?? 1)
