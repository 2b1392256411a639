import { spawnSync } from 'node:child_process'
import { installCommand, installPackages, mayInstall } from '../debian.mjs'
import { say, SetupError, since } from '../progress.mjs'

/* The shared libraries of the system that a window needs and a server often lacks. */

const STEP = 'electron'

/** Debian's packages for them; names of other systems differ, the libraries are named then. */
const PACKAGES = [
  'libasound2',
  'libatk-bridge2.0-0',
  'libatk1.0-0',
  'libcairo2',
  'libcups2',
  'libdrm2',
  'libgbm1',
  'libgtk-3-0',
  'libnss3',
  'libpango-1.0-0',
  'libxcomposite1',
  'libxdamage1',
  'libxkbcommon0',
  'libxrandr2',
]

/** Installs what is missing where that may be done. @throws SetupError naming the libraries and the command */
export async function ensureLibraries(executable) {
  if (process.platform !== 'linux' || missingLibraries(executable).length === 0) return
  if (mayInstall()) {
    const startedAt = performance.now()
    say(STEP, 'installing system libraries from Debian')
    const code = await installPackages(PACKAGES)
    say(STEP, code === 0 ? `installed in ${since(startedAt)}` : `apt-get ended with code ${code}`)
  }
  const missing = missingLibraries(executable)
  if (missing.length > 0)
    throw new SetupError(
      `The window needs libraries that this system lacks: ${missing.join(', ')}.`,
      installCommand(PACKAGES),
    )
}

/** Names of the libraries that the loader does not find. */
function missingLibraries(executable) {
  const { stdout } = spawnSync('ldd', [executable], { encoding: 'utf8' })
  return [...(stdout ?? '').matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name)
}
