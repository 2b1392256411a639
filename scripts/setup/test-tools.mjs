import { findBrowser } from './browser.mjs'
import { findMariadbClient, findMariadbInstaller, findMariadbServer, findPsql } from './database-programs.mjs'
import { installCommand, installPackages, mayInstall } from './debian.mjs'
import { ensureElectron } from './electron.mjs'
import { findExecutable } from './executables.mjs'
import { isEntry } from './paths.mjs'
import { explain, orExplain, say, SetupError, since } from './progress.mjs'

/*
 * What tests run besides Node: interpreters for real scripts, databases, a browser for the console. Root on
 * Debian gets what is missing; everyone else is told the command, and the tests that need it are skipped by
 * name.
 */

const STEP = 'test tools'
const DESKTOP_TESTS = 'tests of the desktop window'

const TOOLS = [
  { name: 'bash', debian: 'bash', find: () => findExecutable(['bash']), without: 'tests of .sh scripts' },
  {
    name: 'python3',
    debian: 'python3',
    find: () => findExecutable(['python3']),
    without: 'tests of .py scripts',
  },
  {
    name: 'mariadbd',
    // Not mariadb-server: that starts a server of the system, on the usual port, which nobody asked for.
    debian: 'mariadb-server-core',
    find: () => findMariadbInstaller() && findMariadbServer(),
    without: 'tests on MariaDB',
  },
  {
    name: 'mariadb',
    debian: 'mariadb-client-core',
    find: findMariadbClient,
    without: 'tests that write to MariaDB or MySQL past the program',
  },
  {
    name: 'psql',
    debian: 'postgresql-client',
    find: findPsql,
    without: 'tests that write to PostgreSQL past the program',
  },
  { name: 'chromium', debian: 'chromium', find: findBrowser, without: 'tests of the console' },
  // A desktop has a display of its own, but tests that open windows on it would be in the way.
  ...(process.platform === 'linux'
    ? [
        { name: 'Xvfb', debian: 'xvfb', find: () => findExecutable(['Xvfb']), without: DESKTOP_TESTS },
        {
          name: 'bwrap',
          debian: 'bubblewrap',
          find: () => findExecutable(['bwrap']),
          without: 'tests of scripts in bubblewrap',
        },
        {
          name: 'makensis',
          debian: 'nsis',
          find: () => findExecutable(['makensis']),
          without: 'the test that compiles the Windows installer',
        },
      ]
    : []),
]

/**
 * Sees to the tools of the tests.
 * @returns {Promise<{ electron: string | undefined, missing: string[] }>} the Electron to test with, and one line
 *   for each tool that is missing still: what is skipped, and the command
 */
export async function ensureTestTools() {
  if (missingTools().length === 0) say(STEP, 'all there')
  else if (mayInstall()) await installFromDebian(missingTools())
  const missing = missingTools().map(
    ({ name, debian, without }) =>
      `${name} is missing: ${without} are skipped. Run: ${installCommand([debian])}`,
  )
  try {
    return { electron: (await ensureElectron()).executable, missing }
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    const line = explain(error).replace(/\s+/g, ' ')
    return { electron: undefined, missing: [...missing, `${DESKTOP_TESTS} are skipped: ${line}`] }
  }
}

const missingTools = () => TOOLS.filter((tool) => tool.find() === undefined)

async function installFromDebian(tools) {
  const startedAt = performance.now()
  const names = tools.map((tool) => tool.debian)
  say(STEP, `installing ${names.join(', ')} from Debian, about a minute`)
  const code = await installPackages(names)
  say(STEP, code === 0 ? `installed in ${since(startedAt)}` : `apt-get ended with code ${code}`)
}

if (isEntry(import.meta.url)) {
  for (const line of (await orExplain(ensureTestTools)).missing) say(STEP, line)
}
