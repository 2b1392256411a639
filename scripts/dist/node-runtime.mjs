import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SetupError } from '../setup/progress.mjs'
import { findNode } from '../setup/runtime.mjs'

/* The Node that goes into a package: it runs the headless node, the supervisor and `.js` tasks. */

const MAJOR = '24'

/**
 * The path of the Node to ship, which is the one that runs this.
 * @param {{ versions: { node: string }, config: { variables: object } }} running
 * @throws SetupError when that is another version (what is shipped is what was tested), or only a part of a Node
 */
export function shippedNode(root, { versions, config } = process) {
  const command = `nvm install ${MAJOR}`
  if (versions.node.split('.')[0] !== MAJOR)
    throw new SetupError(`Packages bring Node ${MAJOR}, and this is Node ${versions.node}.`, command)
  const shared = sharedLibraries(config.variables)
  if (shared.length > 0)
    throw new SetupError(
      `This Node needs libraries of this machine (${shared.join(', ')}), which others do not have.`,
      command,
    )
  return findNode(root)
}

/** Package managers build Node around libraries of theirs: `node_shared` is Node itself, `node_shared_openssl` one. */
const sharedLibraries = (variables) =>
  Object.keys(variables).filter((name) => name.startsWith('node_shared') && `${variables[name]}` === 'true')

/** Its licence, where its distribution has it; undefined: none was found. */
export const nodeLicense = (root) =>
  [join(dirname(findNode(root)), '..', 'LICENSE'), join(dirname(findNode(root)), 'LICENSE')].find(existsSync)
