import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { run } from './child.mjs'
import { withLock } from './lock.mjs'
import { npmCommand } from './npm.mjs'
import { isEntry, ROOT } from './paths.mjs'
import { orExplain, say, SetupError, since } from './progress.mjs'
import { readStamp, removeStamp, writeStamp } from './stamp.mjs'

/*
 * The packages of package-lock.json. No install script of any package runs: nothing here needs one, and a
 * headless node needs no compiler. Runs before anything is installed, so it uses Node's own modules only.
 */

const STEP = 'packages'
const OLDEST_NODE = 20

/** Installs the locked packages unless the ones in place are these. */
export async function ensureDependencies(root = ROOT) {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    throw new SetupError(
      `Node ${process.versions.node} is too old, ${OLDEST_NODE} or newer is needed.`,
      'nvm install 24',
    )
  }
  const stamp = join(root, 'node_modules', '.setup-packages')
  const wanted = fingerprint(root)
  if (readStamp(stamp) === wanted) return say(STEP, 'up to date')
  // Beside node_modules, not in it: npm empties that folder.
  const lock = join(root, 'out', '.packages.lock')
  await withLock(
    lock,
    async ({ guard }) => {
      if (readStamp(stamp) === wanted) return say(STEP, 'installed by another set-up')
      removeStamp(stamp)
      await install(root, guard)
      if (process.platform === 'win32') giveWindowsExec(root)
      writeStamp(stamp, wanted)
    },
    (pid) => say(STEP, `waiting for another set-up (process ${pid}); if there is none, delete ${lock}`),
  )
}

/** The lock file's content and the platform: packages with binaries differ between systems. */
function fingerprint(root) {
  const lock = readFileSync(join(root, 'package-lock.json'))
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}`
}

async function install(root, guard) {
  const startedAt = performance.now()
  const { command, args, shell } = npmCommand()
  // Windows cannot delete the running node.exe: where that one is ours, change the folder in place.
  const inPlace =
    process.platform === 'win32' && process.execPath.startsWith(join(root, 'node_modules') + sep)
  const verb = [inPlace ? 'install' : 'ci', '--ignore-scripts']
  // NODE_ENV=production or the user's npm settings would leave out what builds the program.
  const options = ['--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']
  say(STEP, 'installing, about half a minute')
  const code = await run(command, [...args, ...verb, ...options], { cwd: root, shell, onStart: guard })
  if (code !== 0) {
    const command = `npm ${verb.join(' ')}`
    throw new SetupError(
      `The packages could not be installed: npm ended with code ${code}, see above.`,
      command,
    )
  }
  say(STEP, `installed in ${since(startedAt)}`)
}

/**
 * `npm start` is `exec node …`: without it npm's signals end at the shell between npm and the node, and the
 * node is left behind. Windows has neither the problem nor the command, so there it only runs its arguments.
 */
function giveWindowsExec(root) {
  writeFileSync(join(root, 'node_modules', '.bin', 'exec.cmd'), '@%*\r\n')
}

if (isEntry(import.meta.url)) await orExplain(() => ensureDependencies())
