import { join } from 'node:path'
import { ensureBuild } from './setup/build.mjs'
import { ensureElectron } from './setup/electron.mjs'
import { ensurePackagers } from './setup/packagers.mjs'
import { ROOT } from './setup/paths.mjs'
import { orExplain } from './setup/progress.mjs'
import { findNode } from './setup/runtime.mjs'
import { runProgram } from './start/run-program.mjs'

/* `npm run dist`: set-up, then what people of this platform install, in `dist/`. */

const node = await orExplain(async () => {
  await ensurePackagers()
  await ensureElectron()
  await ensureBuild()
  return findNode()
})
runProgram(node, [join(ROOT, 'scripts', 'dist', 'run.mjs')], ROOT)
