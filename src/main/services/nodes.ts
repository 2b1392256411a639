import { hostname, networkInterfaces, platform, release } from 'node:os'
import { AppError } from '../../shared/domain/errors.ts'
import type { ClusterNode, NodePatch } from '../../shared/domain/node.ts'
import { hasClusterTables } from '../data/cluster-tables.ts'
import type { Database, Tx, WriteContext } from '../data/db.ts'
import {
  allNodes,
  findNode,
  insertNode,
  runningCounts,
  updateNode,
  type NodeRow,
} from '../data/repos/nodes.ts'
import { allNodeStates, type NodeStateRow } from '../data/repos/node-states.ts'
import { lockCluster, lockTasks } from '../data/repos/locks.ts'
import { tasksForAllNodes } from '../data/repos/tasks.ts'
import { newId } from '../platform/ids.ts'
import { decodeCursor, pageOf } from '../data/paging.ts'
import { systemCaller, type Caller } from './caller.ts'
import type { EventBus } from './events.ts'
import type { Self } from './self.ts'
import { pending } from './pending.ts'
import type { Services } from './services.ts'
import { toNode, type StateContext } from './nodes/records.ts'
import type { Placer } from './tasks/placements.ts'
import { upkeepScheduleRows } from './tasks/schedule-rows.ts'

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
}

/** The first address other machines may reach this one by. */
const ownAddress = (): string | null =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find((address) => !address.internal && address.family === 'IPv4')?.address ?? null

/** Tasks whose rows are put right in one transaction: about ten milliseconds of the main loop. */
const UPKEEP_SLICE = 50

/** One slice of the rows of `RunOn: All` after a task's id; the id to go on from, or null when there is no more. */
const upkeepSlice = async (
  tx: Tx,
  context: { now: string; actor: string },
  after: string,
): Promise<string | null> => {
  const tasks = await tasksForAllNodes(tx, { after, limit: UPKEEP_SLICE })
  for (const task of await lockTasks(
    tx,
    tasks.map(({ taskId }) => taskId),
  ))
    await upkeepScheduleRows(tx, task, { ...context, restart: false })
  return tasks.length < UPKEEP_SLICE ? null : (tasks.at(-1)?.taskId ?? null)
}

/** Rows of `RunOn: All` follow the nodes as they come, go or move (DESIGN §6), within one transaction. */
export const upkeepAllTargets = async (tx: Tx, context: { now: string; actor: string }): Promise<void> => {
  for (let after: string | null = ''; after !== null;) after = await upkeepSlice(tx, context, after)
}

/**
 * The same after a node was written, in transactions of their own that let others in between. A task saved
 * meanwhile puts its rows right itself; what a failure leaves undone, the next start of a node does.
 */
const upkeepInSlices = async (db: Database, context: WriteContext): Promise<void> => {
  for (let after: string | null = ''; after !== null;) {
    const from: string = after
    after = await db.write(context, async (tx) =>
      upkeepSlice(tx, { now: await db.now(), actor: context.actor }, from),
    )
  }
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
 */
export const registerNode = async (db: Database, node: Registration): Promise<NodeRow> => {
  const context = { actor: systemCaller.actor, reason: 'node start', transactionId: newId() }
  const registered = await db.write(context, async (tx) => {
    const now = await db.now()
    await lockCluster(tx)
    const known = await findNode(tx, node.nodeId)
    const facts = {
      hostname: hostname(),
      ipAddress: ownAddress(),
      port: node.port,
      supportedTaskTypes: node.supportedTaskTypes,
      version: node.version,
      platform: `${platform()} ${release()}`.slice(0, MAX_PLATFORM),
      incarnation: node.incarnation,
      lastHeartbeat: now,
      isActive: true,
    }
    if (known) await updateNode(tx, node.nodeId, facts)
    else {
      const nodeName = freeNodeName(node.nodeName, await allNodes(tx))
      await insertNode(tx, { ...newNode(node), ...facts, nodeName, registeredAt: now })
    }
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
  isDraining: false,
  maxConcurrentTasks: node.maxConcurrentTasks,
  registeredBy: 'system',
})

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
  const change = async (caller: Caller, nodeId: string, patch: NodePatch & { isDraining?: boolean }) => {
    const fields = givenFields(patch)
    const context = { actor: caller.actor, reason: caller.reason, transactionId: newId() }
    await db.write(context, async (tx) => {
      const row = await findNode(tx, nodeId)
      if (!row) throw new AppError('NOT_FOUND', `There is no node ${nodeId}.`)
      if (Object.keys(fields).length > 0) await updateNode(tx, nodeId, fields)
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
