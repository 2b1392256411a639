import type { ClusterNode } from '../../../shared/domain/node.ts'
import type { SyncNode, SyncStatus } from '../../../shared/domain/sync.ts'

/** How a node's replica is, in the order of what should be looked at. */
export type Standing =
  | { kind: 'away'; since: string | null }
  | { kind: 'copying'; done: number; total: number | null }
  | { kind: 'error'; text: string }
  | { kind: 'none' }
  | { kind: 'unknown' }
  | { kind: 'waits'; edits: number }
  | { kind: 'behind'; changes: number }
  | { kind: 'current' }

/** A row of the matrix: a node's replica beside the node's own state. */
export interface Replica {
  sync: SyncNode
  node: ClusterNode | undefined
  standing: Standing
}

const standingOf = (sync: SyncNode, node: ClusterNode | undefined, status: SyncStatus): Standing => {
  const { phase, done, total } = status.progress
  if (sync.isSelf && phase === 'bootstrap') return { kind: 'copying', done, total }
  if (node?.state === 'Away' && !sync.isSelf) return { kind: 'away', since: node.stateSince }
  if (sync.lastError !== null) return { kind: 'error', text: sync.lastError }
  if (sync.cursor === null) return { kind: 'none' }
  if (sync.pending > 0) return { kind: 'waits', edits: sync.pending }
  // Nobody counts what a node lacks while the cluster database is away.
  if (status.newestSeq === null || sync.lag === null) return { kind: 'unknown' }
  return sync.lag > 0 ? { kind: 'behind', changes: sync.lag } : { kind: 'current' }
}

const ORDER: Record<Standing['kind'], number> = {
  ...{ error: 0, away: 1, waits: 2, copying: 3, behind: 4, none: 5, unknown: 6, current: 6 },
}

/** What needs somebody first, then by name. */
export const replicasOf = (status: SyncStatus, nodes: readonly ClusterNode[]): Replica[] =>
  status.nodes
    .map((sync): Replica => {
      const node = nodes.find(({ nodeId }) => nodeId === sync.nodeId)
      return { sync, node, standing: standingOf(sync, node, status) }
    })
    .toSorted(
      (a, b) =>
        ORDER[a.standing.kind] - ORDER[b.standing.kind] || a.sync.nodeName.localeCompare(b.sync.nodeName),
    )

/** What a node lacks is counted by its cursor, and by the log it is in. */
export const isCounted = ({ sync }: Replica, { newestSeq }: SyncStatus): boolean =>
  newestSeq !== null && sync.cursor !== null

/** Width of a bar in px: a step of ten is as long wherever it is, so that 2 and 1000 are both seen. */
export const barPx = (lag: number): number => 8 + 34 * Math.min(1, Math.log10(Math.max(1, lag)) / 3)
