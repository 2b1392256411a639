import { join } from 'node:path'
import { ensureBuild } from './setup/build.mjs'
import { ROOT } from './setup/paths.mjs'
import { orExplain, say } from './setup/progress.mjs'
import { findNode } from './setup/runtime.mjs'
import { callerFolder, hasDisplay, mayHaveWindow } from './start/options.mjs'
import { runProgram } from './start/run-program.mjs'

/* `npm start -- OPTIONS`: builds what changed, then becomes the program. The packages are there already (prestart). */

const args = process.argv.slice(2)
const node = await orExplain(async () => {
  await ensureBuild()
  return findNode()
})
if (mayHaveWindow(args) && hasDisplay()) {
  say(
    'start',
    'the desktop window comes with a later version; this node starts headless, open its address in a browser',
  )
}
runProgram(node, [join(ROOT, 'out', 'main', 'headless.js'), ...args], callerFolder(ROOT))
