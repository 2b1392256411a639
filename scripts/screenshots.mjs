import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { findBrowser } from './setup/browser.mjs'
import { ensureBuild } from './setup/build.mjs'
import { installCommand } from './setup/debian.mjs'
import { ROOT } from './setup/paths.mjs'
import { orExplain, say, SetupError } from './setup/progress.mjs'
import { ELECTRON_VARIABLE } from './setup/electron.mjs'
import { findExecutable } from './setup/executables.mjs'
import { findNode } from './setup/runtime.mjs'
import { ensureTestTools } from './setup/test-tools.mjs'

/* `npm run screenshots -- NAME…`: pictures of every view (or of those named) in docs/screenshots. */

/** Who draws notifications, on which bus, and who takes a picture of a whole screen. */
const NOTIFICATION_TOOLS = ['dunst', 'dbus-daemon', 'scrot']

const { node, browser, electron } = await orExplain(async () => {
  const { electron } = await ensureTestTools()
  await ensureBuild()
  const browser = findBrowser()
  if (!browser) throw new SetupError('The pictures need a Chromium.', 'sudo apt-get install -y chromium')
  return { node: findNode(), browser, electron: canNotify() ? electron : undefined }
})
const take = join(ROOT, 'tests', 'screenshots', 'take.ts')
const folder = join(ROOT, 'docs', 'screenshots')
const { status } = spawnSync(node, [take, browser, folder, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, [ELECTRON_VARIABLE]: electron },
})
process.exit(status ?? 1)

function canNotify() {
  const missing = NOTIFICATION_TOOLS.filter((name) => !findExecutable([name]))
  if (missing.length > 0)
    say('screenshots', `without the notification: ${installCommand(['dunst', 'dbus', 'scrot'])}`)
  return missing.length === 0
}
