import { isoOf } from '../platform/clock.ts'
import { newestChangeTime } from '../data/repos/changes.ts'
import { createDoctor, type Check } from '../services/doctor.ts'
import { clusterCheck } from '../services/doctor/cluster.ts'
import { credentialCheck } from '../services/doctor/credentials.ts'
import { databaseCheck, serverCheck } from '../services/doctor/database.ts'
import { logCheck } from '../services/doctor/log.ts'
import {
  certificateCheck,
  clockCheck,
  diskCheck,
  interpreterCheck,
  permissionCheck,
} from '../services/doctor/machine.ts'
import { neededTypes, scriptCheck } from '../services/doctor/scripts.ts'
import type { SystemDeps } from '../services/system.ts'
import type { Core } from './core.ts'
import { databaseConfigOf } from './database-config.ts'
import type { Engine } from './engine.ts'
import { leaseMsOf } from './lease-ms.ts'

/** What only the whole node can do: exchange its database, make a copy of it. */
export type SystemActions = Pick<SystemDeps, 'backup' | 'restore'>

/** A scheduler that has not looked at the clock for this long is not healthy. */
const STALE_TICK_MS = 60_000

export const systemDeps = (
  core: Core,
  engine: () => Engine | null,
  actions: SystemActions,
  queueLength: () => Promise<number>,
): Omit<SystemDeps, 'metrics'> => {
  const startedAt = isoOf(core.clock.now())
  return {
    ...actions,
    info: async () => ({
      ...whatItIs(core),
      startedAt,
      ...core.clusterInfo,
      scheduler: { ...schedulerInfo(core, engine()), queued: await queueLength() },
    }),
    databaseAway: () => core.db.server?.away() ?? null,
    doctor: createDoctor(checks(core)),
    health: () => health(core, engine()),
  }
}

const whatItIs = (core: Core) => ({
  version: core.program.version,
  nodeId: core.self.nodeId,
  nodeName: core.self.node().nodeName,
  dataDir: core.config.dataDir.root,
  platform: `${process.platform} ${process.arch}`,
  runtime: `Node ${process.versions.node}`,
  databaseType: core.config.database.type,
  schemaVersion: core.db.schemaVersion,
  changeTracking: core.db.trackChanges,
  timeZone: core.config.cluster.timeZone,
  tls: core.api?.tls ?? null,
  scriptRoots: core.scriptRoots(),
  interpreters: core.interpreters.map(({ type, path, version, available, reason }) => ({
    ...{ type, path, version, available },
    ...(reason === null ? {} : { reason }),
  })),
})

const schedulerInfo = ({ self }: Core, engine: Engine | null) => ({
  lastTick: engine?.status().lastTick ?? null,
  lastError: engine?.status().lastError ?? null,
  running: engine?.active() ?? 0,
  capacity: self.node().maxConcurrentTasks,
  draining: self.node().isDraining,
})

const checks = (core: Core): Check[] => [
  databaseCheck(core.db, core.clock),
  logCheck(core.db, core.seals),
  ...(core.db.server ? [serverCheck(core.db, databaseConfigOf(core.config))] : []),
  clusterCheck({
    db: core.db,
    nodeId: core.self.nodeId,
    // The pool, one that renews leases, and where the server can tell of news one that listens.
    connectionsPerNode: core.config.database.options.poolSize + (core.db.server?.signals ? 2 : 1),
    awayAfterMs: leaseMsOf(core.config),
  }),
  credentialCheck({
    db: core.db,
    nodeId: core.self.nodeId,
    publicKey: core.keys.reader.publicKey,
    nodeTokenFile: core.config.dataDir.nodeToken,
  }),
  clockCheck(core.clock, () => newestChangeTime(core.db.read)),
  diskCheck(core.config.dataDir.root),
  ...(core.api?.tls ? [certificateCheck(core.api.tls, core.clock)] : []),
  interpreterCheck(
    () => core.interpreters,
    () => neededTypes(core.db.read),
  ),
  scriptCheck(core.db.read, () => core.scriptRoots()),
  permissionCheck(privateFiles(core)),
]

const privateFiles = ({ db, config: { dataDir: paths, ...config } }: Core) => [
  ...[paths.secretKey, paths.adminToken, paths.nodeToken, paths.nodeFile, paths.tlsKey, config.file].map(
    (path) => ({
      path,
      mode: 0o600,
    }),
  ),
  ...(db.file ? [{ path: db.file.path, mode: 0o600 }] : []),
  ...[paths.root, paths.journal, paths.spool].map((path) => ({ path, mode: 0o700 })),
]

const health = ({ clock }: Core, engine: Engine | null): { ok: boolean; detail: string } => {
  const last = engine?.status().lastTick
  if (!last) return { ok: false, detail: 'starting' }
  const age = clock.now() - Date.parse(last)
  return age < STALE_TICK_MS
    ? { ok: true, detail: 'ok' }
    : { ok: false, detail: `the scheduler last looked at the clock at ${last}` }
}
