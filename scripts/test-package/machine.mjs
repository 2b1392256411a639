import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'

/* What a package leaves on this machine, and how to take it away again. */

/** The service's; purging leaves it. */
export const DATA_FOLDER = '/var/lib/pswebhost-node'

const USER = 'pswebhost-node'
const UNIT = 'pswebhost-node.service'
const UNITS = '/etc/systemd/system'
const NAMES = ['pswebhost-cluster', 'pswebhost-cluster-dev']
const FOLDERS = [DATA_FOLDER, ...NAMES.map((name) => `/usr/lib/${name}`)]

/** Names of all Debian packages that dpkg knows of, configuration left behind included. */
export const installedPackages = () =>
  spawnSync('dpkg-query', ['--show', '--showformat', '${Package}\n'], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((name) => name !== '')

/** What is there of ours: packages, folders, the service's user and group, settings and links of its unit. */
export const leftovers = () => [
  ...installedPackages().filter((name) => NAMES.includes(name)),
  ...FOLDERS.filter((folder) => existsSync(folder)),
  ...unitFiles(),
  ...['passwd', 'group'].filter(hasUser).map((database) => `${USER} in ${database}`),
]

const hasUser = (database) => spawnSync('getent', [database, USER]).status === 0

/** In the administrator's folder of units: what enables the service, and what changes it. */
const unitFiles = () => {
  const found = spawnSync('find', [UNITS, '-name', `*${UNIT}*`], { encoding: 'utf8' }).stdout ?? ''
  return found.split('\n').filter((path) => path !== '')
}

/**
 * Purges what was not there before, our package and what apt brought for it, and removes what stays of it.
 * @returns what should have gone with the purge (the data folder need not), and what is there still
 */
export function undo(before) {
  const added = installedPackages().filter((name) => !before.includes(name))
  if (added.length > 0) apt(['purge', '-y', ...added])
  const left = leftovers().filter((one) => one !== DATA_FOLDER)
  for (const path of [...FOLDERS, ...unitFiles()]) rmSync(path, { recursive: true, force: true })
  if (hasUser('passwd')) spawnSync('userdel', [USER], { stdio: 'inherit' })
  if (hasUser('group')) spawnSync('groupdel', [USER], { stdio: 'inherit' })
  return [...new Set([...left, ...leftovers()])]
}

function apt(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { status, stdout, stderr } = spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=120', ...args], {
    env,
    encoding: 'utf8',
  })
  if (status !== 0) process.stderr.write(`${stdout}${stderr}`)
}
