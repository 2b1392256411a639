import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { mayInstall } from './setup/debian.mjs'
import { ROOT } from './setup/paths.mjs'
import { orExplain, say, SetupError } from './setup/progress.mjs'
import { findNode } from './setup/runtime.mjs'
import { run } from './setup/child.mjs'
import { ensureTestTools } from './setup/test-tools.mjs'
import { DATA_FOLDER, installedPackages, isThere, undo } from './test-package/machine.mjs'
import { findPackages } from './test-package/packages.mjs'

/*
 * `npm run test:package [-- --built]`: makes the packages (or takes those of `dist/`), installs, drives, upgrades and
 * purges one on this machine. Whatever happens, the machine is then as it was.
 */

const STEP = 'test:package'

const { node, packages } = await orExplain(async () => {
  if (!mayInstall())
    throw new SetupError(
      'Packages are installed for real: this needs root and apt-get, in a container.',
      'sudo -i',
    )
  if (isThere())
    throw new SetupError(
      `PSWebHost Cluster is installed on this machine, or ${DATA_FOLDER} is there; the test would purge it.`,
      `apt-get purge pswebhost-cluster pswebhost-cluster-dev && mv ${DATA_FOLDER} ${DATA_FOLDER}.kept`,
    )
  await ensureTestTools()
  const node = findNode()
  if (!process.argv.includes('--built')) {
    const code = await run(node, [join(ROOT, 'scripts', 'dist.mjs')], { cwd: ROOT })
    if (code !== 0) throw new SetupError(`The packages could not be made (code ${code}).`, 'npm run dist')
  }
  return { node, packages: findPackages(ROOT) }
})

const before = installedPackages()
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
  undo(before)
  const isLeft = isThere()
  say(STEP, isLeft ? 'something was left on this machine, see above' : 'this machine is as it was')
  process.exit(isLeft ? 1 : (code ?? 1))
})
