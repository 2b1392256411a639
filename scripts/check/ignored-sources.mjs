import { spawnSync } from 'node:child_process'

/** Where everything is a source. */
const FOLDERS = ['src', 'scripts', 'tests', 'packaging']

/** What machines and programs leave anywhere. */
const LEFT_BEHIND = /(?:^|\/)(?:\.DS_Store|[^/]*\.log)$/

/**
 * Sources that a rule of `.gitignore` keeps out of the repository: here they work, in the next clone they are missing.
 * @param {string} root the project's folder
 * @returns {string[]} one line per file; empty where there is no git to ask
 */
export function ignoredSources(root) {
  const args = ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--', ...FOLDERS]
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) return []
  return stdout
    .split('\0')
    .filter((file) => file !== '' && !LEFT_BEHIND.test(file))
    .map((file) => `${file} is kept out of git: git check-ignore -v ${file}`)
}
