import { resolve } from 'node:path'
import type { Services } from '../services/services.ts'
import { createChanges } from '../services/changes.ts'
import { createDatabaseSettings } from '../services/database.ts'
import { createLocks } from '../services/locks.ts'
import { createMetrics, type Metrics, type MetricsSources } from '../services/metrics.ts'
import { createNodes } from '../services/nodes.ts'
import { pending } from '../services/pending.ts'
import { createRuns } from '../services/runs.ts'
import { createOutputReader } from '../services/runs/output.ts'
import { createSamples } from '../services/samples.ts'
import { createSchedules } from '../services/schedules.ts'
import { createScripts } from '../services/scripts.ts'
import { createSettings } from '../services/settings.ts'
import { createUpcoming } from '../services/schedules/upcoming.ts'
import { createSystem } from '../services/system.ts'
import { createTasks, type TasksDeps } from '../services/tasks.ts'
import { createPlacer, type Placer } from '../services/tasks/placements.ts'
import type { OwnKey } from '../services/tasks/save.ts'
import { createInspector } from '../services/tasks/inspect.ts'
import { createScriptChecks } from '../services/tasks/script-checks.ts'
import { createValidator } from '../services/tasks/validate.ts'
import { createTokens, type Tokens } from '../services/tokens.ts'
import { createExport } from '../services/import/export.ts'
import { createImportTasks } from '../services/import/import-tasks.ts'
import { createImport } from '../services/import.ts'
import { createCachedTasks, type CachedTasks } from '../services/engine/cached-tasks.ts'
import { createRuntimeState, type RuntimeState } from '../services/engine/runtime-state.ts'
import { numberChanges } from '../data/sequencer.ts'
import { findNode } from '../data/repos/nodes.ts'
import type { Core } from './core.ts'
import { databaseDeps } from './database-deps.ts'
import type { Engine } from './engine.ts'
import { importNode } from './import-node.ts'
import { createQueueLength } from './queue-length.ts'
import { systemDeps, type SystemActions } from './system-deps.ts'

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

export const composeServices = (core: Core, actions: SystemActions): Composed => {
  const { db, clock, events, keys, config, self } = core
  const timeZone = config.cluster.timeZone
  let engine: Engine | null = null
  const wake = (): void => engine?.wake()
  const shared = { db, events, secrets: keys, wake, nodeChanged: rereadSelf(core) }
  const ownKey = ownKeyOf(core)
  const awayAfterMs = awayAfter(core)
  const placer = createPlacer({ db, ownKey, awayAfterMs })

  const tokens = createTokens({ db, clock })
  const importTasks = createImportTasks({ ...shared, timeZone })
  const runtime = createRuntimeState({ clock, self, events, live: () => engine?.live() ?? [] })
  const cachedTasks = createCachedTasks({ db, clock, self, keyAvailable: () => keys.state.available })
  // One: what was last known of the queue is the same wherever it is shown.
  const queueLength = createQueueLength(core)
  const metrics = createMetrics(metricsSources(core, () => engine, queueLength))
  const services: Services = {
    tasks: taskServices(core, { ...shared, placer }, createExport({ tasks: importTasks, clock })),
    schedules: createSchedules({ clock, timeZone, upcoming: createUpcoming(db) }),
    scripts: createScripts(core.scriptRoots),
    runs: createRuns({
      ...shared,
      ownKey,
      awayAfterMs,
      output: createOutputReader({ db, spoolDir: config.dataDir.spool, clock, events }),
      stopHere: (historyId) => engine?.stop(historyId, 'stop') ?? false,
    }),
    changes: createChanges({ ...shared, tracking: db.trackChanges, number: () => numberChanges(db) }),
    nodes: createNodes({ ...shared, self, placer, awayAfterMs }),
    cluster: { get: pending, stop: pending, resume: pending },
    joinTokens: { list: pending, create: pending, revoke: pending, join: pending },
    locks: createLocks(shared),
    runtime: { jobs: runtime.jobs, runspaces: runtime.runspaces, tasks: cachedTasks.tasks },
    import: createImport({ tasks: importTasks, clock, timeZone, ...importNode(core) }),
    samples: createSamples({
      resourcesDir: core.program.resourcesDir,
      scriptsDir: config.dataDir.scripts,
      tasks: importTasks,
      clock,
    }),
    tokens,
    database: createDatabaseSettings({ ...databaseDeps(core), block: core.settingsFile.database }),
    settings: createSettings({ ...settingsDeps(core), log: core.log }),
    events,
    system: createSystem({ ...systemDeps(core, () => engine, actions, queueLength), metrics }),
  }
  return { services, tokens, metrics, runtime, cachedTasks, attach: (started) => (engine = started) }
}

type Shared = Pick<TasksDeps, 'db' | 'events' | 'secrets' | 'wake'> & { placer: Placer }

/** A node whose heartbeat is older has stopped, hangs or is cut off: its leases have ended, milliseconds. */
const awayAfter = ({ config }: Core): number => config.cluster.leaseSeconds * 1000

const taskServices = (core: Core, shared: Shared, exportAll: TasksDeps['exportAll']): Services['tasks'] => {
  const { db } = core
  const { timeZone } = core.config.cluster
  const scripts = createScriptChecks(() => core.scriptRoots())
  const validator = createValidator({
    db,
    awayAfterMs: awayAfter(core),
    read: db.read,
    now: () => db.now(),
    timeZone,
    ownKey: ownKeyOf(core),
    scripts,
    inspect: inspector(core),
  })
  return createTasks({ ...shared, timeZone, scripts, validator, exportAll })
}

const ownKeyOf = ({ self, keys }: Core): OwnKey => ({
  nodeId: self.nodeId,
  available: () => keys.available,
})

const metricsSources = (
  core: Core,
  engine: () => Engine | null,
  queued: () => Promise<number>,
): MetricsSources => ({
  version: core.program.version,
  events: core.events,
  running: () => engine()?.active() ?? 0,
  capacity: () => core.self.node().maxConcurrentTasks,
  queued,
  tickAge: () => tickAge(core, engine()),
  databaseUp: () => Promise.resolve(!core.db.server?.away()),
})

/** Script roots are absolute in the node and may be relative in its file. */
const settingsDeps = ({ settingsFile, setScriptRoots, config }: Core) => ({
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
  })

/** Seconds since the last look at the clock; before the first one, since the epoch: as bad as it gets. */
const tickAge = (core: Core, engine: Engine | null): number => {
  const last = engine?.status().lastTick
  return (core.clock.now() - (last ? Date.parse(last) : 0)) / 1000
}
