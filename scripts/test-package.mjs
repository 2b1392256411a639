import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { mayInstall } from './setup/debian.mjs'
import { ROOT } from './setup/paths.mjs'
import { orExplain, say, SetupError } from './setup/progress.mjs'
import { findNode } from './setup/runtime.mjs'
import { run } from './setup/child.mjs'
import { ensureTestTools } from './setup/test-tools.mjs'
import { DATA_FOLDER, installedPackages, leftovers, undo } from './test-package/machine.mjs'
import { findPackages } from './test-package/packages.mjs'

/*
 * `npm run test:package [-- --built]`: makes the packages (or takes those of `dist/`), installs, drives, upgrades and
 * purges one on this machine. Whatever happens, the machine is then as it was.
 */

const STEP = 'test:package'

const { node, packages, before } = await orExplain(async () => {
  if (!mayInstall())
    throw new SetupError(
      'Packages are installed for real: this needs root and apt-get, in a container.',
      'sudo -i',
    )
  const there = leftovers()
  if (there.length > 0)
    throw new SetupError(
      `PSWebHost Cluster is on this machine already (${there.join(', ')}); the test would purge it.`,
      `apt-get purge pswebhost-cluster pswebhost-cluster-dev && mv ${DATA_FOLDER} ${DATA_FOLDER}.kept`,
    )
  // Before the tools of tests: those that are missing are of this test, too.
  const before = installedPackages()
  await ensureTestTools()
  const node = findNode()
  if (!process.argv.includes('--built')) {
    const code = await run(node, [join(ROOT, 'scripts', 'dist.mjs')], { cwd: ROOT })
    if (code !== 0) throw new SetupError(`The packages could not be made (code ${code}).`, 'npm run dist')
  }
  return { node, packages: findPackages(ROOT), before }
})

say(STEP, `installing ${packages.PSWEBHOST_TEST_DEB}`)
const child = spawn(
  node,
  [
    join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--config',
    join(ROOT, 'tests/package/vitest.config.ts'),
  ],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...packages } },
)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.once('exit', (code) => {
  const left = undo(before)
  say(
    STEP,
    left.length > 0 ? `the purge left on this machine: ${left.join(', ')}` : 'this machine is as it was',
  )
  process.exit(left.length > 0 ? 1 : (code ?? 1))
})
