import { AppError } from '../../../shared/domain/errors.ts'
import type { Database, Tx } from '../../data/db.ts'
import { lockCluster, lockTask } from '../../data/repos/locks.ts'
import { putNodeState } from '../../data/repos/node-states.ts'
import { findNode, updateNode, type NodeRow } from '../../data/repos/nodes.ts'
import { tasksWaitingFor } from '../../data/repos/waiting.ts'
import { newId } from '../../platform/ids.ts'
import { requireRole, type Caller } from '../caller.ts'
import { cancelQueued } from '../engine/cancel.ts'
import type { Keys } from '../keys.ts'
import { rotateClusterKey, type Rotated } from '../keys/rotate.ts'
import { upkeepInSlices } from './upkeep.ts'

export interface RetireDeps {
  db: Database
  keys: Pick<Keys, 'reader' | 'heldIn' | 'refresh'>
  log: { info(message: string): void; warn(message: string): void }
}

/**
 * Takes a node out for good: it claims nothing any more, what waits for it is cancelled, its credential is void and
 * the others have a new cluster key. What runs there may end. Once more is nothing.
 * @returns false when it was retired before.
 */
export const retireNode = async (deps: RetireDeps, caller: Caller, nodeId: string): Promise<boolean> => {
  const { db } = deps
  requireRole(caller, 'admin')
  const context = { actor: caller.actor, reason: caller.reason ?? 'node retired', transactionId: newId() }
  const retired = await db.write(context, (tx) => retireIn(tx, deps, caller, nodeId))
  if (!retired) return false
  const { node, rotated } = retired
  deps.log.info(
    `${node.nodeName} is retired, by ${caller.actor}; the cluster key is a new one, for ${rotated.readers} nodes`,
  )
  if (rotated.unreached.length > 0)
    deps.log.warn(
      `the new cluster key could not be wrapped for these nodes (no public key told, or their copy does not open); let them ` +
        `join again with a join token: ${rotated.unreached.join(', ')}`,
    )
  // Its copies may have been on the disk of the node that is gone; what is sealed from now on is not for them.
  await deps.keys.refresh()
  await upkeepInSlices(db, context)
  for (const taskId of await tasksWaitingFor(db.look, nodeId))
    await db.write(context, (tx) => cancelWaiting(tx, deps.db, caller, { taskId, node }))
  return true
}

const retireIn = async (
  tx: Tx,
  { db, keys }: RetireDeps,
  caller: Caller,
  nodeId: string,
): Promise<{ node: NodeRow; rotated: Rotated } | null> => {
  await lockCluster(tx)
  const node = await findNode(tx, nodeId)
  if (!node) throw new AppError('NOT_FOUND', `There is no node ${nodeId}.`)
  if (!node.isActive) return null
  // A node that never was given the key may not become the one who gives it.
  if (!(await keys.heldIn(tx)).some(({ retiredAt }) => retiredAt === null))
    throw new AppError(
      'CONFLICT',
      'This node does not hold the cluster key, so it cannot hand out a new one; retire the node from one that does.',
    )
  const now = await db.now()
  const rotated = await rotateClusterKey(tx, { now, own: keys.reader, without: nodeId })
  if (rotated.readers === 0)
    throw new AppError(
      'CONFLICT',
      `${node.nodeName} cannot be retired: no other node could take the cluster key, and the secrets of tasks would be lost.`,
    )
  await updateNode(tx, nodeId, { isActive: false })
  await putNodeState(tx, nodeId, {
    ...{ retiredAt: now, retiredBy: caller.actor, retiredReason: caller.reason },
    ...{ keyId: null, tokenHash: null },
  })
  return { node, rotated }
}

/** What waits for the node would wait for ever, and count as active. */
const cancelWaiting = async (
  tx: Tx,
  db: Database,
  { actor }: Caller,
  { taskId, node: { nodeId, nodeName } }: { taskId: string; node: NodeRow },
): Promise<void> => {
  const task = await lockTask(tx, taskId)
  const isPinned = task?.assignedNodeId === nodeId
  const context = { tx, now: await db.now(), actor }
  await cancelQueued(
    context,
    taskId,
    `its node ${nodeName} was retired`,
    (run) => run.targetNodeId === nodeId || (isPinned && run.targetNodeId === null),
  )
}

/** Before a node starts: one that was retired stays out until somebody lets it in again. */
export const refuseRetired = (
  row: NodeRow | undefined,
  state: { retiredAt: string | null; retiredBy: string | null; retiredReason: string | null } | undefined,
): void => {
  if (!row || row.isActive) return
  const [by, at] = [state?.retiredBy, state?.retiredAt]
  throw new AppError(
    'CONFLICT',
    `This node (${row.nodeName}) was retired${at ? ` at ${at}` : ''}${by ? ` by ${by}` : ''}` +
      `${state?.retiredReason ? ` (${state.retiredReason})` : ''} and takes no part in the cluster. To take it back: ` +
      'pswebhost-node join-token create on another node, pswebhost-node join TOKEN here, then start it again. ' +
      'To start as a new node instead, move node.json away.',
  )
}
