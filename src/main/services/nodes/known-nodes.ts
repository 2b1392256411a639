import type { Known } from '../../../shared/domain/assignment.ts'
import type { Database, Query } from '../../data/db.ts'
import { currentHold } from '../../data/repos/holds.ts'
import { allNodes, type NodeRow } from '../../data/repos/nodes.ts'
import { nodeStates, type NodeStateRow } from '../../data/repos/node-states.ts'
import { isAway, stateInWords, type StateContext } from './records.ts'

/** Every node with what the database knows of it, to say in words where a task runs. */

export interface KnownNodes {
  nodes: NodeRow[]
  known(node: NodeRow): Known
  /** Takes part now, if it takes work at all. This node is there whatever its row says. */
  isThere(node: NodeRow): boolean
  /** Since when one is not there. */
  away(node: NodeRow): string
  state(node: NodeRow): ReturnType<typeof stateInWords>['state']
  /** Of this node scripts of tasks are missing: the reason by task. */
  missing(node: NodeRow): ReadonlyMap<string, string>
  /** Why nothing starts anywhere, or null. */
  hold: string | null
}

/** Whether this node can open secret values, as it knows itself. */
export interface OwnKey {
  nodeId: string
  available: () => boolean
}

export interface KnownNodesDeps {
  db: Pick<Database, 'now'>
  ownKey: OwnKey
  awayAfterMs: number
}

export const readNodes = async (query: Query, deps: KnownNodesDeps): Promise<KnownNodes> => {
  const nodes = await allNodes(query)
  const states = await nodeStates(query)
  const hold = await currentHold(query)
  const when: StateContext = { now: await deps.db.now(), awayAfterMs: deps.awayAfterMs }
  const names = new Map(nodes.map((node) => [node.nodeId, node.nodeName]))
  const isThere = (node: NodeRow): boolean => node.nodeId === deps.ownKey.nodeId || !isAway(node, when)
  const said = (node: NodeRow) =>
    stateInWords(isThere(node) ? { ...node, lastHeartbeat: when.now } : node, states.get(node.nodeId), when)
  return {
    nodes,
    isThere,
    known: (node) => ({
      keyAvailable: holdsKey(node, states.get(node.nodeId), deps.ownKey),
      nameOf: (nodeId) => names.get(nodeId),
      idle: idleWords(node, states.get(node.nodeId), when),
    }),
    away: ({ nodeName, lastHeartbeat }) =>
      lastHeartbeat === null ? `${nodeName} was never there` : `${nodeName} is away since ${lastHeartbeat}`,
    state: (node) => said(node).state,
    missing: (node) =>
      new Map((states.get(node.nodeId)?.missingScripts ?? []).map(({ taskId, reason }) => [taskId, reason])),
    hold: hold
      ? `the cluster is held since ${hold.heldAt}${by(hold.heldBy, hold.reason)}: nothing starts until someone resumes it`
      : null,
  }
}

/**
 * Of other nodes what they said of themselves; of one that told no public key (it was never started, or registered over
 * the API without one) nothing is known, which counts as yes.
 */
const holdsKey = ({ nodeId }: NodeRow, state: NodeStateRow | undefined, ownKey: OwnKey): boolean =>
  nodeId === ownKey.nodeId ? ownKey.available() : !state?.publicKey || state.keyId !== null

const by = (actor: string | null, reason: string | null): string =>
  `${actor ? `, by ${actor}` : ''}${reason ? ` (${reason})` : ''}`

/** As if its heart beat: a node that drains and is away besides is said to do both. */
const idleWords = (row: NodeRow, state: NodeStateRow | undefined, when: StateContext): string | null => {
  const idle = stateInWords({ ...row, lastHeartbeat: when.now }, state, when)
  if (idle.state === 'Active') return null
  const since = idle.stateSince ? `, since ${idle.stateSince}` : ''
  return `${row.nodeName} is ${idle.stateReason ?? idle.state.toLowerCase()}${since}`
}
