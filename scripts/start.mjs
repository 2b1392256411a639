import { join } from 'node:path'
import { ensureBuild } from './setup/build.mjs'
import { ROOT } from './setup/paths.mjs'
import { orExplain } from './setup/progress.mjs'
import { findNode } from './setup/runtime.mjs'
import { callerFolder, hasDisplay, mayHaveWindow, windowSwitches } from './start/options.mjs'
import { runProgram } from './start/run-program.mjs'

/*
 * `npm start -- OPTIONS`: builds what changed, then becomes the program: the desktop window where there is a
 * display, else the node alone. The packages are there already (prestart).
 */

const args = process.argv.slice(2)
const { command, programArgs } = await orExplain(async () => {
  await ensureBuild()
  return mayHaveWindow(args) && hasDisplay() ? withWindow() : headless()
})
runProgram(command, [...programArgs, ...args], callerFolder(ROOT))

function headless() {
  return { command: findNode(), programArgs: [join(ROOT, 'out', 'main', 'headless.js')] }
}

async function withWindow() {
  // Loaded here: a headless start needs none of it.
  const { ensureElectron } = await import('./setup/electron.mjs')
  const { executable } = await ensureElectron()
  // Scripts and their supervisor run under Node, not under Electron.
  process.env.PSWEBHOST_NODE = findNode()
  return { command: executable, programArgs: [...windowSwitches(), ROOT] }
}
