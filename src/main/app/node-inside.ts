import { nodeDirId } from '../exec/environment.ts'
import { join } from 'node:path'
import type { HeldKey } from '../services/keys/ring.ts'
import { createMaintenance } from '../services/maintenance.ts'
import { refuseClash } from '../services/nodes/clash.ts'
import { createNodeReport } from '../services/nodes/report.ts'
import { registerNode } from '../services/nodes/register.ts'
import { ownAddresses, placeOf } from '../platform/place.ts'
import { purge } from '../data/maintenance.ts'
import { numberChanges } from '../data/sequencer.ts'
import { allNodes, findNode } from '../data/repos/nodes.ts'
import { nodeStateOf } from '../data/repos/node-states.ts'
import { refuseRetired } from '../services/nodes/retire.ts'
import type { AssignableNode } from '../../shared/domain/assignment.ts'
import { composeServices } from './compose-services.ts'
import { openCore, supportedTypes, type Core, type CoreOptions } from './core.ts'
import { startEngine, type Engine } from './engine.ts'
import type { Inside } from './house.ts'
import { leaseMsOf } from './lease-ms.ts'
import type { SystemActions } from './system-deps.ts'
import { openTableSync, whyNoReplica, type TableSync } from './table-sync.ts'

/** The restartable inside of a node: database, services and engine. Restore closes one and opens another. */
export interface NodeInside extends Inside {
  core: Core
}

export interface NodeInsideOptions {
  core: CoreOptions
  /** Where the API of this node answers. */
  port: number
  /** Keys of a backup just restored. */
  keys: readonly HeldKey[] | null
  actions: (core: Core) => SystemActions
}

/** What it opened is closed again when a later step fails. */
export const openInside = async ({
  port,
  keys,
  actions,
  ...options
}: NodeInsideOptions): Promise<NodeInside> => {
  const core = await openCore(options.core, keys)
  try {
    const sync = await openSyncOf(core)
    const composed = composeServices(core, actions(core), sync)
    await composed.tokens.ensureAdminToken(core.config.dataDir.adminToken)
    core.setSelf(await register(core, port))
    await core.keys.announce()
    announceAway(core)
    const engine = await engineOf(core, composed, sync)
    composed.attach(engine)
    engine.wake()
    const close = async (): Promise<void> => {
      await sync?.close()
      await core.close()
    }
    return { core, services: composed.services, stop: engine.close, close }
  } catch (error) {
    await core.close()
    throw error
  }
}

const openSyncOf = async (core: Core): Promise<TableSync | null> =>
  whyNoReplica(core) === null
    ? openTableSync({ ...core, nodeId: core.identity.nodeId, secrets: core.keys })
    : null

/** Whoever watches is told at once when the database is lost, and when it is back. */
const announceAway = ({ db, events, log }: Core): void =>
  db.server?.onChange((away) => {
    if (away) {
      log.warn(`the cluster database is away: ${away.reason}`)
      events.emit({ type: 'database.away', reason: away.reason })
      return
    }
    log.info('the cluster database is back')
    events.emit({ type: 'database.back' })
  })

const register = async (core: Core, port: number): Promise<AssignableNode> => {
  const { config, identity, interpreters, program } = core
  await refuseRetiredNode(core)
  const place = await placeOf(config.dataDir.root)
  const leaseMs = leaseMsOf(config)
  const seen = await refuseClash({ ...core, ...identity, place, leaseMs })
  // Of a row without an incarnation nobody started yet: the node joined before its first start.
  const isNew = seen === undefined || seen.incarnation === null
  const isDesk = isNew && core.joinsAsDesk && core.db.server !== null && (await hasNodes(core))
  const given = {
    ...identity,
    ...config.node,
    maxConcurrentTasks: isDesk ? 0 : config.node.maxConcurrentTasks,
    nodeId: identity.nodeId,
    place,
    addresses: ownAddresses(),
    isolation: core.isolation,
    port,
    supportedTaskTypes: supportedTypes(interpreters),
    version: program.version,
  }
  const row = await registerNode(core.db, given, seen)
  if (isNew && row.nodeName !== config.node.nodeName)
    core.log.warn(
      `another node of the cluster is called ${config.node.nodeName}; this one is registered as ${row.nodeName}`,
    )
  if (isDesk)
    core.log.info(
      `${row.nodeName} joins as an admin desk: it edits and watches, and runs nothing. Nodes → ${row.nodeName} → capacity changes that`,
    )
  return row
}

const hasNodes = async ({ db }: Core): Promise<boolean> =>
  (await allNodes(db.read)).some(({ isActive }) => isActive)

/** @throws AppError CONFLICT: exit code 3. */
const refuseRetiredNode = async ({ db, identity: { nodeId } }: Core): Promise<void> =>
  refuseRetired(await findNode(db.look, nodeId), await nodeStateOf(db, db.look, nodeId))

const engineOf = (
  core: Core,
  composed: ReturnType<typeof composeServices>,
  sync: TableSync | null,
): Promise<Engine> => {
  const { config, keys, program } = core
  const { limits, shutdownGraceSeconds } = config.execution
  const maintenance = createMaintenance({
    purge: (retention, signal) => purge(core.db, { ...retention, clock: core.clock, signal }),
    retention: config.retention,
    log: core.log,
  })
  return startEngine({
    ...core,
    offline: sync?.offline ?? null,
    metrics: composed.metrics,
    refreshRuntime: composed.runtime.refresh,
    refreshTasks: composed.cachedTasks.refresh,
    refreshKeys: keys.refresh,
    numberChanges: () => numberChanges(core.db),
    seal: core.seals.keep,
    maintain: async (signal) => {
      await sync?.tidy(signal)
      await maintenance.run(signal)
    },
    report: createNodeReport({ ...core, clockOffsetMs: () => -(core.db.server?.clockOffsetMs() ?? 0) }),
    keyAvailable: () => keys.state.available,
    prepare: {
      self: core.self,
      openValues: keys.openValues,
      refreshKeysFor: keys.refreshFor,
      scriptRoots: core.scriptRoots,
      interpreters: () => core.interpreters,
      defaultLimits: limits,
      graceMs: Math.min(shutdownGraceSeconds, KILL_GRACE_SECONDS) * 1000,
    },
    supervisor: {
      entry: program.supervisorEntry,
      nodePath: program.nodePath,
      powershellWrapper: join(program.resourcesDir, 'exec', 'run-task.ps1'),
      nodeDirId: nodeDirId(config.dataDir.root),
      sandbox: core.sandbox,
      groups: core.groups,
    },
  })
}

/** Between the polite signal and the kill of one script. */
const KILL_GRACE_SECONDS = 10
