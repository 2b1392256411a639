import { join } from 'node:path'
import { ensureBuild } from './setup/build.mjs'
import { ROOT } from './setup/paths.mjs'
import { orExplain } from './setup/progress.mjs'
import { findNode } from './setup/runtime.mjs'
import { runProgram } from './start/run-program.mjs'

/* `npm run demo -- [--fast] [--keep]`: builds what changed, then three nodes on one database. */

const node = await orExplain(async () => {
  await ensureBuild()
  return findNode()
})
runProgram(node, [join(ROOT, 'scripts', 'demo', 'run.mjs'), ...process.argv.slice(2)], ROOT)
