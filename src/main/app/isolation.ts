import { isFile } from '../../shared/domain/database.ts'
import type { Isolation } from '../../shared/domain/node.ts'
import { ConfigError } from '../config/config-error.ts'
import type { Config } from '../config/load.ts'
import { nodeDirId } from '../exec/environment.ts'
import { deniedPaths, detectIsolation, type FoundIsolation, type Right } from '../exec/isolation.ts'
import { NO_SANDBOX, type Sandbox } from '../exec/sandbox.ts'
import type { Variables } from '../config/environment.ts'

/** What keeps the scripts of this node apart from its machine. */
export interface NodeIsolation {
  /** What there is, in use or not: for the node's page. */
  isolation: Isolation[]
  sandbox: Sandbox
  /** The control group in which those of runs are made; null: limits are those of ulimit. */
  groups: string | null
}

/** Of a command that runs no scripts. */
export const NO_ISOLATION: NodeIsolation = { isolation: [], sandbox: NO_SANDBOX, groups: null }

/**
 * Looks what this machine offers and makes ready what app.yaml asks for.
 * @throws ConfigError (exit code 2): a protection that is asked for and not given would be worse than none.
 */
export const openIsolation = async (
  config: Config,
  hostEnvironment: Readonly<Variables>,
): Promise<NodeIsolation> => {
  const found = await detectIsolation({
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    hostEnvironment,
    sandboxUser: config.execution.sandboxUser,
    nodeDirId: nodeDirId(config.dataDir.root),
  })
  const sandbox = sandboxOf(found, config)
  if (sandbox.kind === 'user') await requireReadable(sandbox, config, hostEnvironment)
  return { isolation: found.features, sandbox, groups: found.groups }
}

const sandboxOf = (found: FoundIsolation, config: Config): Sandbox => {
  const { setpriv, account, bwrap } = found
  switch (config.execution.sandbox) {
    case 'none':
      return NO_SANDBOX
    case 'user':
      if (setpriv === null || account === null) throw notToBeHad(found, 'user', config)
      return { kind: 'user', setpriv, account }
    case 'bubblewrap':
      if (bwrap === null) throw notToBeHad(found, 'bubblewrap', config)
      refuseRootsAroundData(config)
      return {
        kind: 'bubblewrap',
        bwrap,
        hidden: [config.dataDir.root],
        masked: privateFiles(config),
        scriptRoots: config.execution.scriptRoots,
      }
  }
}

const notToBeHad = (
  { features }: FoundIsolation,
  kind: 'user' | 'bubblewrap',
  { file }: Config,
): ConfigError => {
  const reason = features.find(({ feature }) => feature === kind)?.reason ?? 'it is not to be had here'
  const others = features.filter(({ feature, available }) => available && feature !== 'cgroup')
  const instead = others.map(({ feature }) => `${feature} or `).join('')
  return new ConfigError([
    `execution.sandbox has "${kind}", but ${reason}; put that right, or it may be ${instead}none (${file})`,
  ])
}

/** What may lie outside the data folder: configuration, keys, the database of a file. */
const privateFiles = ({ file, api, database: { type, connection } }: Config): string[] => {
  const files = [file, api.tls.key, connection.tls.key].filter((path) => path !== null)
  return isFile(type) ? [...files, ...DATABASE_FILES.map((end) => connection.path + end)] : files
}

const DATABASE_FILES = ['', '-wal', '-shm']

/** Hiding the folder would hide the scripts, and the other way round its keys would be seen. */
const refuseRootsAroundData = ({ dataDir: { root }, execution, file }: Config): void => {
  const around = execution.scriptRoots.find(
    (scripts) => root === scripts || root.startsWith(scripts.endsWith('/') ? scripts : `${scripts}/`),
  )
  if (around !== undefined)
    throw new ConfigError([
      `execution.scriptRoots has "${around}", which holds the data folder with its keys; with execution.sandbox bubblewrap it may be a folder beside or below that (${file})`,
    ])
}

const requireReadable = async (
  sandbox: Extract<Sandbox, { kind: 'user' }>,
  { execution: { scriptRoots }, file }: Config,
  hostEnvironment: Readonly<Variables>,
): Promise<void> => {
  const rights = scriptRoots.flatMap((path): Right[] => [
    [path, '-r'],
    [path, '-x'],
  ])
  const [root] = await deniedPaths(rights, sandbox, hostEnvironment)
  if (root === undefined) return
  const { name } = sandbox.account
  throw new ConfigError([
    `execution.scriptRoots has "${root}", which the account ${name} (execution.sandboxUser) cannot read; it may be a folder that it can, outside the data folder (${file})`,
  ])
}
