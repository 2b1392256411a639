import { CLOCK_WARNING_MS, offsetWords } from '../../../shared/domain/node.ts'
import type { OpenDatabase } from '../../data/db.ts'
import { nodeStates, type NodeStateRow } from '../../data/repos/node-states.ts'
import { allNodes, type NodeRow } from '../../data/repos/nodes.ts'
import { fine, problem, type Check } from '../doctor.ts'
import { isAway } from '../nodes/records.ts'

/** What the nodes of a cluster are to each other and to their server. */

export interface ClusterCheckDeps {
  db: OpenDatabase
  /** Its scripts have a check of their own. */
  nodeId: string
  /** Connections that one node opens. */
  connectionsPerNode: number
  awayAfterMs: number
}

/** Some are left for whoever administers the server. */
const RESERVED = 3

export const clusterCheck = (deps: ClusterCheckDeps): Check => ({
  id: 'cluster',
  what: 'Nodes of the cluster',
  look: async () => {
    const { db } = deps
    const nodes = (await allNodes(db.read)).filter(({ isActive }) => isActive)
    const states = await nodeStates(db.read)
    return [
      fine(`${nodes.length} ${nodes.length === 1 ? 'node' : 'nodes'}`),
      ...(await connectionFindings(deps, nodes.length)),
      ...(await awayFindings(deps, nodes)),
      ...nodes.flatMap((node) => nodeFindings(deps, node, states.get(node.nodeId))),
    ]
  },
})

/** Nodes whose pools together want more than the server has shut each other out when all are busy. */
const connectionFindings = async ({ db, connectionsPerNode }: ClusterCheckDeps, nodes: number) => {
  const limit = await db.dialect.connectionLimit(db.read)
  if (limit === null) return []
  const wanted = nodes * connectionsPerNode
  const sum = `${nodes} ${nodes === 1 ? 'node takes' : 'nodes take'} up to ${wanted} connections (${connectionsPerNode} each, as this one), the server has ${limit}`
  return wanted + RESERVED <= limit
    ? [fine(sum)]
    : [
        problem(
          'warning',
          sum,
          'raise max_connections of the server, or lower database.options.poolSize of the nodes',
        ),
      ]
}

const awayFindings = async ({ db, awayAfterMs }: ClusterCheckDeps, nodes: readonly NodeRow[]) => {
  const now = await db.now()
  return nodes
    .filter((node) => isAway(node, { now, awayAfterMs }))
    .map(({ nodeName, hostname, lastHeartbeat }) =>
      problem(
        'warning',
        `${nodeName} (${hostname}) is away: last heard of ${lastHeartbeat ?? 'never'}`,
        'start it, or retire it when it does not come back: its waiting runs are cancelled then',
      ),
    )
}

const nodeFindings = (
  self: ClusterCheckDeps,
  { nodeId, nodeName }: NodeRow,
  state: NodeStateRow | undefined,
) => {
  if (!state) return []
  const offset = state.clockOffset ?? 0
  const missing = nodeId === self.nodeId ? [] : (state.missingScripts ?? [])
  return [
    ...(Math.abs(offset) > CLOCK_WARNING_MS
      ? [
          problem(
            'warning',
            `the clock of ${nodeName} is ${offsetWords(offset)} the database’s`,
            'let all machines take their time from the same source (NTP)',
          ),
        ]
      : []),
    ...missing.map(({ taskName, reason }) =>
      problem(
        'warning',
        `${nodeName}, ${taskName}: ${reason}`,
        'put the script there, or edit the task’s target',
      ),
    ),
  ]
}
