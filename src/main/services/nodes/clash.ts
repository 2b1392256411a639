import { AppError } from '../../../shared/domain/errors.ts'
import type { Database } from '../../data/db.ts'
import { findNodeState } from '../../data/repos/node-states.ts'
import { findNode, type NodeRow } from '../../data/repos/nodes.ts'
import type { Clock } from '../../platform/clock.ts'

/*
 * A node id used by two machines: the second would declare the runs of the first lost, and start them again. A copied
 * data folder and a cloned machine bring that about.
 */

export interface ClashDeps {
  db: Database
  clock: Clock
  log: { warn(message: string): void }
  nodeId: string
  /** This machine and folder (platform/place.ts). */
  place: string
  previousIncarnation: string | null
  leaseMs: number
}

const LOOK_EVERY_MS = 500

/**
 * Before this node registers: waits, where another place has its id and was heard of lately, for that one's next
 * heartbeat; at most a lease. Nobody waits who starts again where he was: holding the folder he is alone.
 * @returns the row as it was seen, to be the same still when this node registers.
 * @throws AppError CONFLICT when the other one is alive.
 */
export const refuseClash = async (deps: ClashDeps): Promise<NodeRow | undefined> => {
  const { db, clock, leaseMs } = deps
  const first = await findNode(db.look, deps.nodeId)
  if (!first || (await isHere(deps, first))) return first
  const age = async (row: NodeRow): Promise<number> =>
    row.lastHeartbeat === null
      ? Number.POSITIVE_INFINITY
      : Math.abs(Date.parse(await db.now()) - Date.parse(row.lastHeartbeat))
  if ((await age(first)) > leaseMs) return first
  deps.log.warn(
    `node ${first.nodeName} was last heard of from another machine or folder (${first.hostname}); waiting to see whether it is still there`,
  )
  const until = clock.monotonic() + leaseMs
  while (clock.monotonic() < until) {
    await clock.sleep(LOOK_EVERY_MS)
    const row = await findNode(db.look, deps.nodeId)
    if (row && row.lastHeartbeat !== first.lastHeartbeat) throw clash(row)
  }
  return first
}

/** Without a record of the place (it registered over the API only) the last start's incarnation tells. */
const isHere = async (
  { db, nodeId, place, previousIncarnation }: ClashDeps,
  row: NodeRow,
): Promise<boolean> => {
  const state = await findNodeState(db.look, nodeId)
  return state?.place ? state.place === place : row.incarnation === previousIncarnation
}

/** What to say of a node id that somebody else uses. */
export const clash = ({ nodeId, nodeName, hostname, lastHeartbeat }: NodeRow): AppError =>
  new AppError(
    'CONFLICT',
    `Node id ${nodeId} is in use by another machine or folder: ${nodeName} on ${hostname}, last heard of at ` +
      `${lastHeartbeat ?? 'no time'}. If this is a copy of it, delete node.json (or set another node.nodeId) so that ` +
      'this one becomes a node of its own; if it has moved here, stop it there first.',
  )
