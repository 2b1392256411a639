import { AppError } from '../../shared/domain/errors.ts'
import type { ClusterNode, NodePatch } from '../../shared/domain/node.ts'
import { hasClusterTables } from '../data/cluster-tables.ts'
import type { Database, Tx } from '../data/db.ts'
import { allNodes, findNode, runningCounts, updateNode, type NodeRow } from '../data/repos/nodes.ts'
import { allNodeStates, putNodeState, type NodeStateRow } from '../data/repos/node-states.ts'
import { lockCluster } from '../data/repos/locks.ts'
import { newId } from '../platform/ids.ts'
import { decodeCursor, pageOf } from '../data/paging.ts'
import type { Caller } from './caller.ts'
import type { EventBus } from './events.ts'
import type { Self } from './self.ts'
import { pending } from './pending.ts'
import type { Services } from './services.ts'
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

export const createNodes = (deps: NodesDeps): Services['nodes'] => {
  const { db, self } = deps

  const context = async (): Promise<StateContext> => ({ now: await db.now(), awayAfterMs: deps.awayAfterMs })
  const statesOf = async (): Promise<Map<string, NodeStateRow>> =>
    new Map(hasClusterTables(db) ? (await allNodeStates(db.read)).map((state) => [state.nodeId, state]) : [])
  const shown = async (rows: readonly NodeRow[]): Promise<ClusterNode[]> => {
    const [states, running, when] = [await statesOf(), await runningCounts(db.read), await context()]
    return rows.map((row) =>
      toNode(
        {
          row,
          state: states.get(row.nodeId),
          running: running.get(row.nodeId) ?? 0,
          isThisNode: row.nodeId === self.nodeId,
        },
        when,
      ),
    )
  }
  const get = async (nodeId: string): Promise<ClusterNode> => {
    const row = await findNode(db.read, nodeId)
    if (!row) throw new AppError('NOT_FOUND', `There is no node ${nodeId}.`)
    const [node] = await shown([row])
    if (!node) throw new Error('one row is one node')
    return node
  }
  const noteDraining = async (tx: Tx, caller: Caller, row: NodeRow, drain: boolean) => {
    if (row.isDraining === drain || !hasClusterTables(db)) return
    // Whoever may be the first to write the row.
    await lockCluster(tx)
    const draining = drain
      ? { drainingSince: await db.now(), drainingBy: caller.actor, drainingReason: caller.reason }
      : { drainingSince: null, drainingBy: null, drainingReason: null }
    await putNodeState(tx, row.nodeId, draining)
  }
  const change = async (caller: Caller, nodeId: string, patch: NodePatch & { isDraining?: boolean }) => {
    const fields = givenFields(patch)
    const context = { actor: caller.actor, reason: caller.reason, transactionId: newId() }
    await db.write(context, async (tx) => {
      const row = await findNode(tx, nodeId)
      if (!row) throw new AppError('NOT_FOUND', `There is no node ${nodeId}.`)
      if (Object.keys(fields).length > 0) await updateNode(tx, nodeId, fields)
      if (patch.isDraining !== undefined) await noteDraining(tx, caller, row, patch.isDraining)
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
    retire: pending,
    tasks: (_caller, nodeId, page) => deps.placer.ofNode(nodeId, page),
    register: pending,
    heartbeat: pending,
  }
}
