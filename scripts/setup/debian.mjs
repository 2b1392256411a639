import { run } from './child.mjs'
import { findExecutable } from './executables.mjs'

/** The command that a person types to install these Debian packages. */
export const installCommand = (packages) =>
  `sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`

/** True where packages can be installed without asking anyone. */
export const mayInstall = () => process.getuid?.() === 0 && findExecutable(['apt-get']) !== undefined

/**
 * Installs Debian packages; only where `mayInstall`.
 * @param {string[]} packages
 * @returns {Promise<number>} apt-get's exit code
 */
export async function installPackages(packages) {
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, quiet: true }
  // Another apt may be at work (a fresh cloud machine updates itself): wait for it rather than fail.
  const patient = ['-o', 'DPkg::Lock::Timeout=120']
  const updated = await run('apt-get', [...patient, 'update'], options)
  if (updated !== 0) return updated
  return run('apt-get', [...patient, 'install', '-y', '--no-install-recommends', ...packages], options)
}
