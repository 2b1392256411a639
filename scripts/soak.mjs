import { join } from 'node:path'
import { ensureBuild } from './setup/build.mjs'
import { ROOT } from './setup/paths.mjs'
import { orExplain } from './setup/progress.mjs'
import { findNode } from './setup/runtime.mjs'
import { ensureTestTools } from './setup/test-tools.mjs'
import { runProgram } from './start/run-program.mjs'

/* `npm run soak -- --minutes N --seed N --database postgres|mariadb`: a cluster under random faults, and a verdict. */

const node = await orExplain(async () => {
  await ensureTestTools()
  await ensureBuild()
  return findNode()
})
runProgram(node, [join(ROOT, 'tests', 'soak', 'run.ts'), ...process.argv.slice(2)], ROOT)
