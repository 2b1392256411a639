import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'

/* What a package leaves on this machine, and how to take it away again. */

/** The service's; purging leaves it. */
export const DATA_FOLDER = '/var/lib/pswebhost-node'

const NAMES = ['pswebhost-cluster', 'pswebhost-cluster-dev']
const FOLDERS = [DATA_FOLDER, ...NAMES.map((name) => `/usr/lib/${name}`)]

/** Names of all Debian packages that dpkg knows of, configuration left behind included. */
export const installedPackages = () =>
  spawnSync('dpkg-query', ['--show', '--showformat', '${Package}\n'], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((name) => name !== '')

/** Whether one of ours is installed, or was and left something. */
export const isThere = () =>
  FOLDERS.some((folder) => existsSync(folder)) || installedPackages().some((name) => NAMES.includes(name))

/** Purges what was not there before, our package and what apt brought for it, and removes what stays of it. */
export function undo(before) {
  const added = installedPackages().filter((name) => !before.includes(name))
  if (added.length > 0) apt(['purge', '-y', ...added])
  for (const folder of FOLDERS) rmSync(folder, { recursive: true, force: true })
}

function apt(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { status, stdout, stderr } = spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=120', ...args], {
    env,
    encoding: 'utf8',
  })
  if (status !== 0) process.stderr.write(`${stdout}${stderr}`)
}
