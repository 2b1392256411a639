import { hostname, platform, release } from 'node:os'
import type { Isolation } from '../../../shared/domain/node.ts'
import type { Database } from '../../data/db.ts'
import { lockCluster } from '../../data/repos/locks.ts'
import { putNodeState } from '../../data/repos/node-states.ts'
import { allNodes, findNode, insertNode, updateNode, type NodeRow } from '../../data/repos/nodes.ts'
import { newId } from '../../platform/ids.ts'
import { systemCaller } from '../caller.ts'
import { clash } from './clash.ts'
import { upkeepInSlices } from './upkeep.ts'

/** A node takes its place in the cluster when it starts. */

/** What a node says of itself when it starts. */
export interface Registration {
  nodeId: string
  nodeName: string
  incarnation: string
  nodeGroup: string | null
  nodeRole: string | null
  tags: string[]
  maxConcurrentTasks: number
  supportedTaskTypes: string[]
  port: number | null
  version: string
  /** This machine and folder (platform/place.ts). */
  place: string
  addresses: string[]
  /** What it has to keep scripts apart. */
  isolation: Isolation[]
}

const MAX_NAME = 100
const MAX_PLATFORM = 50

/**
 * `host`, or `host-2`, `host-3`, … when another node has the name: it may be silent for now and come back, and
 * tasks may name it, so a name is never taken over. Compared without case, as some databases do.
 */
export const freeNodeName = (wanted: string, others: readonly { nodeName: string }[]): string => {
  const taken = new Set(others.map(({ nodeName }) => nodeName.toLowerCase()))
  const numbered = (count: number): string => {
    const suffix = count === 1 ? '' : `-${count}`
    const name = `${wanted.slice(0, MAX_NAME - suffix.length)}${suffix}`
    return taken.has(name.toLowerCase()) ? numbered(count + 1) : name
  }
  return numbered(1)
}

/**
 * Writes this node's row. Name and classification given in app.yaml are start values: once registered, what the
 * cluster database says stands, so that an edit in the window is not undone by a restart. The name may come out
 * as another than the one wished for.
 * @param seen the row before, as `refuseClash` answered it.
 * @throws AppError CONFLICT when another one took the id meanwhile.
 */
export const registerNode = async (
  db: Database,
  node: Registration,
  seen: NodeRow | undefined,
): Promise<NodeRow> => {
  const context = { actor: systemCaller.actor, reason: 'node start', transactionId: newId() }
  const registered = await db.write(context, async (tx) => {
    const now = await db.now()
    await lockCluster(tx)
    const known = await findNode(tx, node.nodeId)
    // Of two that start at the same moment with one id, the second finds the first.
    if (known && (known.incarnation !== seen?.incarnation || known.lastHeartbeat !== seen.lastHeartbeat))
      throw clash(known)
    const facts = {
      hostname: hostname(),
      ipAddress: node.addresses[0] ?? null,
      port: node.port,
      supportedTaskTypes: node.supportedTaskTypes,
      version: node.version,
      platform: `${platform()} ${release()}`.slice(0, MAX_PLATFORM),
      incarnation: node.incarnation,
      lastHeartbeat: now,
    }
    // One that joined before its first start did not know yet whether it starts as an admin desk.
    if (known?.incarnation === null)
      await updateNode(tx, node.nodeId, { ...facts, maxConcurrentTasks: node.maxConcurrentTasks })
    else if (known) await updateNode(tx, node.nodeId, facts)
    else {
      const nodeName = freeNodeName(node.nodeName, await allNodes(tx))
      await insertNode(tx, { ...newNode(node), ...facts, nodeName, registeredAt: now })
    }
    const { place, addresses, isolation } = node
    await putNodeState(tx, node.nodeId, { startedAt: now, place, addresses, isolation })
    const row = await findNode(tx, node.nodeId)
    if (!row) throw new Error('a registered node has a row')
    return row
  })
  await upkeepInSlices(db, context)
  return registered
}

const newNode = (node: Registration) => ({
  nodeId: node.nodeId,
  nodeName: node.nodeName,
  nodeGroup: node.nodeGroup,
  nodeRole: node.nodeRole,
  tags: node.tags,
  isActive: true,
  isDraining: false,
  maxConcurrentTasks: node.maxConcurrentTasks,
  registeredBy: 'system',
})
