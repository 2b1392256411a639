import { AppError } from '../../shared/domain/errors.ts'
import type { ClusterNode, NodePatch } from '../../shared/domain/node.ts'
import type { Database, Tx } from '../data/db.ts'
import { allNodes, findNode, runningCounts, updateNode, type NodeRow } from '../data/repos/nodes.ts'
import { nodeStates, putNodeState } from '../data/repos/node-states.ts'
import { lockCluster } from '../data/repos/locks.ts'
import { newId } from '../platform/ids.ts'
import { decodeCursor, pageOf } from '../data/paging.ts'
import type { Caller } from './caller.ts'
import type { EventBus } from './events.ts'
import type { Self } from './self.ts'
import type { Services } from './services.ts'
import type { Membership } from './nodes/membership.ts'
import { toNode, type StateContext } from './nodes/records.ts'
import { upkeepInSlices } from './nodes/upkeep.ts'
import type { Placer } from './tasks/placements.ts'

type NodeFields = { [Field in keyof NodePatch]-?: Exclude<NodePatch[Field], undefined> } & {
  isDraining: boolean
}

const givenFields = (patch: NodePatch & { isDraining?: boolean }): Partial<NodeFields> =>
  Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))

export interface NodesDeps {
  db: Database
  self: Self
  events: EventBus
  /** A heartbeat older than this makes a node Away, milliseconds. */
  awayAfterMs: number
  placer: Placer
  /** A node's row was written: this node reads its own anew. */
  nodeChanged: (nodeId: string) => Promise<void>
  wake: () => void
}

/** Rows as callers see them, with what their nodes say of themselves and what runs there. */
const createShown = ({ db, self, awayAfterMs }: NodesDeps) => {
  return async (rows: readonly NodeRow[]): Promise<ClusterNode[]> => {
    const [states, running] = [await nodeStates(db.read), await runningCounts(db.read)]
    const when: StateContext = { now: await db.now(), awayAfterMs }
    return rows.map((row) => {
      const { nodeId } = row
      const isThisNode = nodeId === self.nodeId
      return toNode({ row, state: states.get(nodeId), running: running.get(nodeId) ?? 0, isThisNode }, when)
    })
  }
}

/** Since when, by whom and why a node drains. */
const noteDraining = async (
  { db, tx, caller }: { db: Database; tx: Tx; caller: Caller },
  row: NodeRow,
  drain: boolean,
): Promise<void> => {
  if (row.isDraining === drain) return
  const draining = drain
    ? { drainingSince: await db.now(), drainingBy: caller.actor, drainingReason: caller.reason }
    : { drainingSince: null, drainingBy: null, drainingReason: null }
  await putNodeState(tx, row.nodeId, draining)
}

/** Nodes as callers see and classify them; who comes and goes is nodes/membership.ts. */
export const createNodes = (deps: NodesDeps): Omit<Services['nodes'], keyof Membership> => {
  const { db } = deps
  const shown = createShown(deps)

  const get = async (nodeId: string): Promise<ClusterNode> => {
    const row = await findNode(db.read, nodeId)
    if (!row) throw new AppError('NOT_FOUND', `There is no node ${nodeId}.`)
    const [node] = await shown([row])
    if (!node) throw new Error('one row is one node')
    return node
  }
  const change = async (caller: Caller, nodeId: string, patch: NodePatch & { isDraining?: boolean }) => {
    const fields = givenFields(patch)
    const context = { actor: caller.actor, reason: caller.reason, transactionId: newId() }
    await db.write(context, async (tx) => {
      // Before the node: whoever comes, goes or is let in does it in this order.
      await lockCluster(tx)
      const row = await findNode(tx, nodeId)
      if (!row) throw new AppError('NOT_FOUND', `There is no node ${nodeId}.`)
      if (Object.keys(fields).length > 0) await updateNode(tx, nodeId, fields)
      if (patch.isDraining !== undefined) await noteDraining({ db, tx, caller }, row, patch.isDraining)
    })
    if (Object.keys(fields).length > 0) await upkeepInSlices(db, context)
    await deps.nodeChanged(nodeId)
    deps.events.emit({ type: 'node.changed', id: nodeId })
    deps.wake()
    return get(nodeId)
  }

  return {
    list: async (_caller, page) => {
      const [after = ''] = page.cursor ? decodeCursor(page.cursor, 1) : []
      const rows = await allNodes(db.read)
      const left = rows.filter((row) => row.nodeName > String(after)).slice(0, page.limit + 1)
      const { items, nextCursor } = pageOf(left, page.limit, (row) => [row.nodeName])
      return { items: await shown(items), nextCursor }
    },
    get: (_caller, nodeId) => get(nodeId),
    update: (caller, nodeId, patch) => change(caller, nodeId, patch),
    drain: (caller, nodeId, drain) => change(caller, nodeId, { isDraining: drain }),
    tasks: (_caller, nodeId, page) => deps.placer.ofNode(nodeId, page),
    upcoming: (_caller, nodeId, limit) => deps.placer.upcomingOf(nodeId, limit),
  }
}
