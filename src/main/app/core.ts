import { messageOf } from '../../shared/domain/errors.ts'
import type { AssignableNode } from '../../shared/domain/assignment.ts'
import type { Config } from '../config/load.ts'
import type { SettingsFile } from '../config/settings-file.ts'
import { readInfo } from '../data/cluster-info.ts'
import type { OpenDatabase, Query } from '../data/db.ts'
import { createLateDatabase, isAway, type LateDatabase } from '../data/late.ts'
import { createDatabase } from '../data/orm.ts'
import { filledFrom } from '../data/replica/open-replica.ts'
import { findNode } from '../data/repos/nodes.ts'
import { detectInterpreters, type Interpreter } from '../exec/interpreters.ts'
import type { Clock } from '../platform/clock.ts'
import type { RootLog } from '../platform/log.ts'
import type { NodeIdentity } from '../platform/node-identity.ts'
import type { NodeKey } from '../platform/secrets/node-key.ts'
import type { DesktopSwitches } from '../services/desktop-switches.ts'
import type { EventBus } from '../services/events.ts'
import { createKeys, type Keys } from '../services/keys.ts'
import type { HeldKey } from '../services/keys/ring.ts'
import { createSealMemory, type SealMemory } from '../services/seal-memory.ts'
import type { Self } from '../services/self.ts'
import type { ApiFace } from './api-face.ts'
import { databaseConfigOf, replicaPathOf, whySyncIsOff } from './database-config.ts'
import type { NodeIsolation } from './isolation.ts'
import type { Program } from './program.ts'

/** What both faces of a data folder need (a running node, a command without one): database, keys, identity. */
export interface Core extends CoreOptions {
  db: OpenDatabase
  keys: Keys
  interpreters: Interpreter[]
  self: Self
  /** The node's row in the cluster database changed. */
  setSelf: (row: AssignableNode) => void
  scriptRoots: () => string[]
  setScriptRoots: (roots: string[]) => void
  /** Empty where the node began late, until its replica is open (arrival.ts). */
  clusterInfo: { clusterId: string; databaseId: string }
  /** The node began without its database server, on what its replica knows; null: the server was there. */
  late: LateDatabase | null
  /** Seals the change log, and remembers what it saw of it. */
  seals: SealMemory
  close: () => Promise<void>
}

export interface CoreOptions extends NodeIsolation {
  config: Config
  settingsFile: SettingsFile
  nodeKey: NodeKey
  program: Program
  clock: Clock
  log: RootLog
  /** Of the node, not of its inside: whoever listens goes on listening across a restore. */
  events: EventBus
  identity: NodeIdentity
  /** Null in a command without a node. */
  api: ApiFace | null
  /** Brings the schema of a server database up to this program's. */
  migrate?: boolean
  /** May begin while its database server is away, when its replica can stand in for it. */
  mayBeLate?: boolean
  /** A newcomer to a cluster that has nodes edits and watches, and runs nothing (DESIGN §2). */
  joinsAsDesk: boolean
  /** Of the program around it; null: there is none. */
  desktop: DesktopSwitches | null
  /** The environment the program was started with. */
  hostEnvironment: Readonly<Record<string, string | undefined>>
}

/** @param handed keys of a backup just restored, which this node takes for its own. */
export const openCore = async (
  options: CoreOptions,
  handed: readonly HeldKey[] | null = null,
): Promise<Core> => {
  const { config, log, identity, nodeKey } = options
  const [{ db, late }, interpreters] = await Promise.all([openOrWait(options), interpretersOf(options)])
  try {
    const keys = createKeys({ db, nodeId: identity.nodeId, nodeKey, log })
    if (handed) await keys.takeKeys(handed)
    else if (!late) await keys.ensure()
    const row = late ? undefined : await findNode(db.look, identity.nodeId)
    let own: AssignableNode = row ?? configuredNode(config, identity, interpreters)
    let roots = config.execution.scriptRoots
    const clusterInfo = late ? { clusterId: '', databaseId: '' } : await clusterInfoOf(db.look)
    const { nodeId } = identity
    const sealFile = { file: config.dataDir.seal, databaseId: () => clusterInfo.databaseId }
    return {
      ...options,
      db,
      keys,
      interpreters,
      self: selfOf(identity, () => own),
      setSelf: (changed) => {
        if (own.isActive && !changed.isActive) log.warn(retiredWords(own))
        own = changed
      },
      scriptRoots: () => roots,
      setScriptRoots: (changed) => (roots = changed),
      ...{ clusterInfo, late },
      seals: createSealMemory({ ...options, ...sealFile, db, nodeId }),
      close: () => db.close(),
    }
  } catch (error) {
    await db.close()
    throw error
  }
}

const retiredWords = ({ nodeName }: AssignableNode): string =>
  `${nodeName} was retired: it finishes what runs, claims nothing and will not start again until it joins anew`

/** The name is read anew each time: a rename over the API holds at once. */
const selfOf = (identity: NodeIdentity, node: Self['node']): Self => ({
  ...identity,
  get nodeName() {
    return node().nodeName
  },
  node,
})

/** Both ids as the cluster database has them. */
export const clusterInfoOf = async (look: Query): Promise<Core['clusterInfo']> => ({
  clusterId: (await readInfo(look, 'ClusterID')) ?? '',
  databaseId: (await readInfo(look, 'DatabaseID')) ?? '',
})

/** @throws AppError as opening does, unless the server is away and a replica can stand in for it. */
const openOrWait = async (options: CoreOptions): Promise<Pick<Core, 'db' | 'late'>> => {
  try {
    return { db: await openDatabase(options), late: null }
  } catch (error) {
    const { config, program, clock, log } = options
    if (!isAway(error) || !options.mayBeLate || whySyncIsOff(config) !== null) throw error
    if (!filledFrom(replicaPathOf(config), program.nativeBinding)) throw error
    log.warn(
      `${messageOf(error)}: this node begins on its replica, and joins when the cluster database is there`,
    )
    const opening = { open: () => openDatabase(options), config: databaseConfigOf(config), clock }
    const late = createLateDatabase({ ...opening, reason: messageOf(error) })
    return { db: late.db, late }
  }
}

const openDatabase = ({
  config,
  program,
  identity,
  clock,
  log,
  migrate,
}: CoreOptions): Promise<OpenDatabase> =>
  createDatabase({
    config: databaseConfigOf(config),
    readerEntry: program.readerEntry,
    nativeBinding: program.nativeBinding,
    nodeId: () => identity.nodeId,
    clock,
    programVersion: program.version,
    migrate: migrate === true,
    log,
  })

const interpretersOf = ({ config, program, hostEnvironment }: CoreOptions): Promise<Interpreter[]> =>
  detectInterpreters({
    configured: config.execution.interpreters,
    nodePath: program.nodePath,
    hostEnvironment,
    platform: process.platform,
  })

/** Before the first registration: as app.yaml says. */
const configuredNode = (
  config: Config,
  identity: NodeIdentity,
  interpreters: Interpreter[],
): AssignableNode => ({
  nodeId: identity.nodeId,
  nodeName: config.node.nodeName,
  nodeGroup: config.node.nodeGroup,
  nodeRole: config.node.nodeRole,
  isActive: true,
  isDraining: false,
  maxConcurrentTasks: config.node.maxConcurrentTasks,
  supportedTaskTypes: supportedTypes(interpreters),
})

export const supportedTypes = (interpreters: readonly Interpreter[]): string[] => [
  ...new Set(interpreters.filter((one) => one.available).map((one) => one.type)),
]
