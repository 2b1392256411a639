import { resolve } from 'node:path'
import type { Services } from '../services/services.ts'
import { createDesktopService } from '../services/desktop-switches.ts'
import { createFailures } from '../services/failures.ts'
import { createPost } from '../platform/post.ts'
import { createWebhooks } from '../services/webhooks.ts'
import { createCluster } from '../services/cluster.ts'
import { createChanges } from '../services/changes.ts'
import { createConflicts } from '../services/sync/conflicts.ts'
import { createDatabaseSettings } from '../services/database.ts'
import { createLocks } from '../services/locks.ts'
import { createMetrics, type Metrics, type MetricsSources } from '../services/metrics.ts'
import { createJoinTokens } from '../services/join-tokens.ts'
import { createNodes } from '../services/nodes.ts'
import { createMembership } from '../services/nodes/membership.ts'
import { verifyNodeCredential } from '../services/nodes/credentials.ts'
import { createRuns } from '../services/runs.ts'
import { createOutputReader, type OutputReader } from '../services/runs/output.ts'
import { createSamples } from '../services/samples.ts'
import { createSchedules } from '../services/schedules.ts'
import { createScripts } from '../services/scripts.ts'
import { createSettings } from '../services/settings.ts'
import { CALENDAR_ROWS } from '../../shared/domain/calendar.ts'
import { createCalendar } from '../services/schedules/calendar.ts'
import { createUpcoming } from '../services/schedules/upcoming.ts'
import { createSystem } from '../services/system.ts'
import { createTasks, type TasksDeps } from '../services/tasks.ts'
import type { OwnKey } from '../services/nodes/known-nodes.ts'
import { createPlacer, type Placer } from '../services/tasks/placements.ts'
import { createInspector } from '../services/tasks/inspect.ts'
import { createScriptChecks } from '../services/tasks/script-checks.ts'
import { createValidator } from '../services/tasks/validate.ts'
import { createTokens, type Tokens } from '../services/tokens.ts'
import { createExport } from '../services/import/export.ts'
import { createImportTasks } from '../services/import/import-tasks.ts'
import { createImport } from '../services/import.ts'
import { createCachedTasks, type CachedTasks } from '../services/engine/cached-tasks.ts'
import { runHomeOf } from '../services/engine/run-home.ts'
import { createRuntimeState, type RuntimeState } from '../services/engine/runtime-state.ts'
import { numberChanges } from '../data/sequencer.ts'
import { findNode } from '../data/repos/nodes.ts'
import type { Core } from './core.ts'
import { databaseDeps } from './database-deps.ts'
import type { Engine } from './engine.ts'
import { importNode } from './import-node.ts'
import { joinDeps } from './join-deps.ts'
import { leaseMsOf } from './lease-ms.ts'
import { createQueueLength } from './queue-length.ts'
import { syncMeasures, syncServices } from './sync-services.ts'
import { systemDeps, type SystemActions } from './system-deps.ts'
import type { TableSync } from './table-sync.ts'

/** Every use case over one core. The engine comes later (or never, for a command without a node). */
export interface Composed {
  services: Services
  tokens: Tokens
  metrics: Metrics
  runtime: RuntimeState
  cachedTasks: CachedTasks
  /** From now on runs start here; before, they wait in the queue. */
  attach(engine: Engine): void
}

export const composeServices = (
  node: Core,
  actions: SystemActions,
  sync: TableSync | null = null,
): Composed => {
  const { core, edits } = routedCores(node, sync)
  const { db, clock, events, keys, config, self } = core
  const { timeZone, awayAfterMs } = { ...config.cluster, awayAfterMs: leaseMsOf(config) }
  let engine: Engine | null = null
  const wake = () => engine?.wake()
  const tellOthers = () => db.server?.signals?.send()
  const stopHere = (historyId: string, why?: string) => engine?.stop(historyId, 'stop', why) ?? false
  const home = runHomeOf(node.db, sync?.offline.db ?? null)
  const shared = { db, events, secrets: keys, wake, nodeChanged: rereadSelf(core) }
  const ownKey = ownKeyOf(core)
  const placer = createPlacer({ db, ownKey, awayAfterMs })
  const acting = { ...shared, awayAfterMs, stopHere, tellOthers }

  // What a replica does not hold is asked of the cluster database, away or not: an empty list would be a lie.
  const central = { ...shared, db: node.db }
  const tokens = createTokens({ db: node.db, clock, nodeCredential: credentialIn(node) })
  const importTasks = createImportTasks({ ...shared, timeZone })
  const runtime = createRuntimeState({ clock, self, events, live: () => engine?.live() ?? [] })
  const cachedTasks = createCachedTasks({ db, clock, self, keyAvailable: () => keys.state.available })
  // One: what was last known of the queue is the same wherever it is shown.
  const queueLength = createQueueLength(core)
  const metrics = metricsOf(core, () => engine, { queueLength, sync: syncMeasures(node, sync) })
  const exportAll = createExport({ tasks: importTasks, clock })
  const services: Services = {
    tasks: taskServices(edits, { ...shared, db: edits.db, placer, awayAfterMs }, exportAll),
    schedules: scheduleServices(core),
    scripts: createScripts(core.scriptRoots),
    runs: createRuns({ ...acting, home, ownKey, output: outputOf(core, tellOthers) }),
    changes: createChanges({ ...shared, tracking: db.trackChanges, number: () => numberChanges(db) }),
    nodes: nodeServices(core, { ...shared, placer, awayAfterMs }),
    cluster: createCluster({ ...acting, clusterId: core.clusterInfo.clusterId, log: core.log }),
    joinTokens: createJoinTokens({ ...central, ...joinDeps(node) }),
    locks: createLocks(central),
    sync: syncServices(node, sync),
    conflicts: createConflicts({ ...central, scripts: createScriptChecks(core.scriptRoots) }),
    ...failureServices(node, core),
    runtime: { jobs: runtime.jobs, runspaces: runtime.runspaces, tasks: cachedTasks.tasks },
    import: createImport({ tasks: importTasks, clock, timeZone, ...importNode(core) }),
    samples: createSamples({ ...samplePlaces(core), tasks: importTasks, clock }),
    tokens,
    database: createDatabaseSettings({ ...databaseDeps(core), block: core.settingsFile.database }),
    settings: createSettings({ ...settingsDeps(core), log: core.log }),
    events,
    desktop: createDesktopService(core.desktop),
    system: createSystem({ ...systemDeps(core, () => engine, actions, queueLength), metrics }),
  }
  return { services, tokens, metrics, runtime, cachedTasks, attach: (started) => void (engine = started) }
}

/** While the cluster database is away its replica answers; only edits of tasks go there too. */
const routedCores = (node: Core, sync: TableSync | null): { core: Core; edits: Core } =>
  sync
    ? { core: { ...node, db: sync.routed.reads }, edits: { ...node, db: sync.routed.edits } }
    : { core: node, edits: node }

const samplePlaces = ({ program, config }: Core) => ({
  resourcesDir: program.resourcesDir,
  scriptsDir: config.dataDir.scripts,
})

type Shared = Pick<TasksDeps, 'db' | 'events' | 'secrets' | 'wake'> & {
  nodeChanged: (nodeId: string) => Promise<void>
  placer: Placer
  awayAfterMs: number
}

const scheduleServices = ({ db, clock, self, config }: Core): Services['schedules'] => {
  const { timeZone } = config.cluster
  const calendar = createCalendar({ db, clock, self, timeZone, rows: CALENDAR_ROWS })
  return createSchedules({ clock, timeZone, upcoming: createUpcoming(db), calendar })
}

const nodeServices = (core: Core, shared: Shared): Services['nodes'] => {
  const { self, keys, log, clusterInfo } = core
  const nodes = createNodes({ ...shared, self })
  const { clusterId } = clusterInfo
  return { ...nodes, ...createMembership({ ...shared, get: nodes.get, keys, log, clusterId }) }
}

const taskServices = (core: Core, shared: Shared, exportAll: TasksDeps['exportAll']): Services['tasks'] => {
  const { db } = core
  const { timeZone } = core.config.cluster
  const scripts = createScriptChecks(() => core.scriptRoots())
  const validator = createValidator({
    db,
    ownKey: ownKeyOf(core),
    awayAfterMs: leaseMsOf(core.config),
    timeZone,
    scripts,
    inspect: inspector(core),
  })
  return createTasks({ ...shared, timeZone, scripts, validator, exportAll })
}

const outputOf = ({ db, clock, events, self, config }: Core, tellOthers: () => void): OutputReader =>
  createOutputReader({
    ...{ db, clock, events, tellOthers },
    ...{ nodeId: self.nodeId, spoolDir: config.dataDir.spool },
  })

const ownKeyOf = ({ self, keys }: Core): OwnKey => ({
  nodeId: self.nodeId,
  available: () => keys.available,
})

const metricsOf = (
  core: Core,
  engine: () => Engine | null,
  { queueLength, sync }: { queueLength: () => Promise<number>; sync: MetricsSources['sync'] },
): Metrics =>
  createMetrics({
    version: core.program.version,
    events: core.events,
    running: () => engine()?.active() ?? 0,
    capacity: () => core.self.node().maxConcurrentTasks,
    queued: queueLength,
    tickAge: () => tickAge(core, engine()),
    databaseUp: () => Promise.resolve(!core.db.server?.away()),
    sync,
  })

/** Failures are read where everything is, webhooks in the cluster database alone. */
const failureServices = (node: Core, { db, events }: Core): Pick<Services, 'failures' | 'webhooks'> => {
  const { clock, keys, clusterInfo, program } = node
  const clusterId = () => clusterInfo.clusterId
  return {
    failures: createFailures({ db, events }),
    webhooks: createWebhooks({
      ...{ db: node.db, events, clock, keys, clusterId, programVersion: program.version },
      post: createPost(),
    }),
  }
}

const credentialIn =
  ({ db }: Core) =>
  (text: string) =>
    verifyNodeCredential(db, text)

/** Script roots are absolute in the node and may be relative in its file. */
const settingsDeps = ({ settingsFile, setScriptRoots, config, isolation }: Core) => ({
  isolation,
  file: settingsFile,
  setScriptRoots: (roots: readonly string[]) =>
    setScriptRoots(roots.map((root) => resolve(config.dataDir.root, root))),
})

/** This node's own row as the cluster database has it now. */
const rereadSelf =
  ({ db, self, setSelf }: Core) =>
  async (nodeId: string): Promise<void> => {
    const row = nodeId === self.nodeId ? await findNode(db.look, nodeId) : undefined
    if (row) setSelf(row)
  }

const inspector = (core: Core) =>
  createInspector({
    scriptRoots: () => core.scriptRoots(),
    interpreters: core.interpreters,
    hostEnvironment: core.hostEnvironment,
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    account: core.sandbox.kind === 'user' ? core.sandbox.account.name : null,
    grouped: core.groups !== null,
    sandbox: core.sandbox,
  })

/** Seconds since the last look at the clock; before the first one, since the epoch: as bad as it gets. */
const tickAge = (core: Core, engine: Engine | null): number => {
  const last = engine?.status().lastTick
  return (core.clock.now() - (last ? Date.parse(last) : 0)) / 1000
}
