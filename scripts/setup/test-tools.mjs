import { findBrowser } from './browser.mjs'
import { run } from './child.mjs'
import { findExecutable } from './executables.mjs'
import { isEntry } from './paths.mjs'
import { orExplain, say, since } from './progress.mjs'

/*
 * What tests run besides Node: interpreters for real scripts, a browser for the console. Root on Debian
 * gets what is missing; everyone else is told the command, and the tests that need it are skipped by name.
 */

const STEP = 'test tools'

const TOOLS = [
  { name: 'bash', debian: 'bash', find: () => findExecutable(['bash']), without: 'tests of .sh scripts' },
  {
    name: 'python3',
    debian: 'python3',
    find: () => findExecutable(['python3']),
    without: 'tests of .py scripts',
  },
  { name: 'chromium', debian: 'chromium', find: findBrowser, without: 'tests of the console' },
]

/**
 * Sees to the tools of the tests.
 * @returns {Promise<string[]>} one line for each that is missing still: what is skipped, and the command
 */
export async function ensureTestTools() {
  const missing = missingTools()
  if (missing.length === 0) {
    say(STEP, 'all there')
    return []
  }
  if (process.getuid?.() === 0 && findExecutable(['apt-get'])) await installFromDebian(missing)
  return missingTools().map(
    ({ name, debian, without }) =>
      `${name} is missing: ${without} are skipped. Run: ${installCommand([debian])}`,
  )
}

const missingTools = () => TOOLS.filter((tool) => tool.find() === undefined)

const installCommand = (packages) => `sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`

async function installFromDebian(tools) {
  const startedAt = performance.now()
  const names = tools.map((tool) => tool.debian)
  say(STEP, `installing ${names.join(', ')} from Debian, about a minute`)
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, quiet: true }
  // Another apt may be at work (a fresh cloud machine updates itself): wait for it rather than fail.
  const patient = ['-o', 'DPkg::Lock::Timeout=120']
  const install = [...patient, 'install', '-y', '--no-install-recommends', ...names]
  const updated = await run('apt-get', [...patient, 'update'], options)
  const code = updated === 0 ? await run('apt-get', install, options) : updated
  say(STEP, code === 0 ? `installed in ${since(startedAt)}` : `apt-get ended with code ${code}`)
}

if (isEntry(import.meta.url)) {
  for (const line of await orExplain(ensureTestTools)) say(STEP, line)
}
