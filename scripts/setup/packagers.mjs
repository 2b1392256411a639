import { installCommand, installPackages, mayInstall } from './debian.mjs'
import { findExecutable } from './executables.mjs'
import { say, SetupError, since } from './progress.mjs'

/* The programs of each system that make its packages. Root on Debian gets what is missing. */

const STEP = 'packaging tools'

/** By platform: what makes the package, and how to get it. */
const PROGRAMS = {
  linux: { name: 'dpkg-deb', debian: 'dpkg' },
  win32: { name: 'makensis', command: 'winget install NSIS.NSIS' },
  darwin: { name: 'pkgbuild', command: 'xcode-select --install' },
}

/** @throws SetupError naming what is missing and the command that mends it */
export async function ensurePackagers(platform = process.platform) {
  const { name, debian, command } = PROGRAMS[platform] ?? PROGRAMS.linux
  if (findExecutable([name])) return
  if (debian && mayInstall()) {
    const startedAt = performance.now()
    say(STEP, `installing ${debian} from Debian`)
    const code = await installPackages([debian])
    say(STEP, code === 0 ? `installed in ${since(startedAt)}` : `apt-get ended with code ${code}`)
    if (findExecutable([name])) return
  }
  throw new SetupError(`${name} is missing, which makes the package.`, command ?? installCommand([debian]))
}
