import type { DatabaseAway, SystemInfo } from '../../shared/domain/system.ts'
import type { Doctor } from './doctor.ts'
import type { Metrics } from './metrics.ts'
import type { Services } from './services.ts'

/** What the node says of itself, and what it does to its own files. */
export interface SystemDeps {
  info: () => Promise<Omit<SystemInfo, 'role' | 'actor' | 'database'>>
  /** Null while the cluster database answers. */
  databaseAway: () => DatabaseAway | null
  doctor: Doctor
  backup: Services['system']['backup']
  restore: Services['system']['restore']
  metrics: Metrics
  health: () => { ok: boolean; detail: string }
}

export const createSystem = (deps: SystemDeps): Services['system'] => ({
  info: async (caller) => ({
    ...(await deps.info()),
    // Asked last: what was asked before may have found it away.
    database: { away: deps.databaseAway() },
    role: caller.role,
    actor: caller.actor,
  }),
  doctor: (_caller, options) => deps.doctor(options),
  backup: deps.backup,
  restore: deps.restore,
  health: deps.health,
  metrics: () => deps.metrics.text(),
})
