import { cluster, joinTokens, locks } from './cluster.ts'
import { changes } from './changes.ts'
import { failures, webhooks } from './failures.ts'
import { history } from './history.ts'
import { nodes } from './nodes.ts'
import { runtime } from './runtime.ts'
import { scripts } from './scripts.ts'
import { settings } from './settings.ts'
import { events, local, samples, system, tokens } from './system.ts'
import { conflicts, sync } from './sync.ts'
import { schedules, tasks } from './tasks.ts'

/** Everything that can be asked of a node, over HTTP, the RPC link, IPC and the control socket alike. */
export const contract = {
  tasks,
  schedules,
  scripts,
  history,
  changes,
  nodes,
  cluster,
  joinTokens,
  locks,
  sync,
  conflicts,
  failures,
  webhooks,
  runtime,
  samples,
  tokens,
  settings,
  system,
  events,
}

/** The same, and what only a caller on this machine may ask. */
export const localContract = { ...contract, local }
