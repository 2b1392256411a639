import { nodeDirId } from '../exec/environment.ts'
import { join } from 'node:path'
import type { HeldKey } from '../services/keys/ring.ts'
import { createMaintenance } from '../services/maintenance.ts'
import { createNodeReport } from '../services/nodes/report.ts'
import { purge } from '../data/maintenance.ts'
import { numberChanges } from '../data/sequencer.ts'
import { createPost } from '../platform/post.ts'
import { deliverCalls } from '../services/webhooks/deliver.ts'
import { createArrival, knowByReplica } from './arrival.ts'
import { composeServices } from './compose-services.ts'
import { openCore, type Core, type CoreOptions } from './core.ts'
import { startEngine, type Engine } from './engine.ts'
import type { Inside } from './house.ts'
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
  const core = await openCore({ ...options.core, mayBeLate: true }, keys)
  const opened: (() => Promise<void>)[] = [core.close]
  const close = async (): Promise<void> => {
    for (const one of opened.splice(0).reverse()) await one()
  }
  try {
    const arrival = createArrival(core, port)
    const sync = await openSyncOf(core, arrival.hasJoined)
    if (sync) opened.push(sync.close)
    opened.push(arrival.close)
    if (core.late && sync) await knowByReplica(core, sync.replica.db.look)
    const composed = composeServices(core, actions(core), sync)
    if (!core.late) await arrival.join(composed.tokens)
    announceAway(core)
    const engine = await engineOf(core, composed, sync)
    composed.attach(engine)
    engine.wake()
    if (core.late) arrival.awaitDatabase(core.late, { ...composed, engine })
    return { core, services: composed.services, stop: engine.close, close }
  } catch (error) {
    await close()
    throw error
  }
}

const openSyncOf = async (core: Core, hasJoined: () => boolean): Promise<TableSync | null> => {
  if (whyNoReplica(core) !== null) return null
  const clusterId = core.late ? null : core.clusterInfo.clusterId
  return openTableSync({ ...core, nodeId: core.identity.nodeId, clusterId, secrets: core.keys, hasJoined })
}

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
    isLate: core.late !== null,
    metrics: composed.metrics,
    refreshRuntime: composed.runtime.refresh,
    refreshTasks: composed.cachedTasks.refresh,
    refreshKeys: keys.refresh,
    numberChanges: () => numberChanges(core.db),
    callWebhooks: (signal) =>
      deliverCalls({ ...core, post: createPost(), programVersion: core.program.version }, signal),
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
