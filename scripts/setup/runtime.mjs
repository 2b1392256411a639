import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './paths.mjs'
import { SetupError } from './progress.mjs'

/** The first Node of the user that runs TypeScript sources without a flag. */
const OLDEST = [22, 18]

/**
 * The Node that runs the node: the one the packages bring (Node 24, Linux and Windows), else the one
 * that runs this script if it is new enough (macOS, other processors).
 * @returns {string} absolute path of the executable
 */
export function findNode(root = ROOT) {
  const system = process.platform === 'win32' ? 'win' : process.platform
  const folder = join(root, 'node_modules', `node-${system}-${process.arch}`, 'bin')
  const bundled = join(folder, process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(bundled)) return bundled
  if (isAtLeast(process.versions.node, OLDEST)) return process.execPath
  throw new SetupError(
    `Node ${process.versions.node} is too old to run a node, ${OLDEST.join('.')} or newer is needed, ` +
      `and the packages bring none for ${process.platform}-${process.arch}.`,
    'nvm install 24',
  )
}

function isAtLeast(version, [oldestMajor, oldestMinor]) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)
}
