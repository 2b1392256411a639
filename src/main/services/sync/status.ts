import type { SyncNode, SyncStatus, SyncTable } from '../../../shared/domain/sync.ts'
import type { OpenDatabase } from '../../data/db.ts'
import { allCursors, type CursorRow } from '../../data/replica/cursor.ts'
import { lagBehind, ofAllTables, type Lag } from '../../data/replica/lag.ts'
import { newestChange } from '../../data/replica/log-page.ts'
import { newestSeal } from '../../data/seals.ts'
import { countUndelivered, EDITED } from '../../data/replica/pending.ts'
import { countOpenConflicts } from '../../data/repos/conflicts.ts'
import { allNodes, type NodeRow } from '../../data/repos/nodes.ts'
import type { RoundState } from './rounds.ts'

export interface StatusDeps {
  centre: OpenDatabase
  replica: OpenDatabase
  nodeId: string
  tables: readonly string[]
  interval: number
  state: () => RoundState
  /** Since when this node answers from its replica; null: it asks the cluster database. */
  offlineSince: () => string | null
}

/** How far each node is: the cluster database tells of all; without it a node knows of itself only. */
export const syncStatus = async (deps: StatusDeps): Promise<SyncStatus> => {
  const { centre, replica, interval, tables, state, offlineSince } = deps
  const since = offlineSince()
  const isAway = since !== null || centre.server?.away() !== null
  const db = isAway ? replica : centre
  const [cursors, nodes, newest] = [
    await allCursors(db.read),
    await allNodes(db.read),
    isAway ? null : await newestChange(db.read),
  ]
  const shown: SyncNode[] = []
  for (const node of nodes.filter(({ isActive }) => isActive)) {
    const cursor = cursors.find(({ nodeId }) => nodeId === node.nodeId)
    shown.push(await nodeStatus(deps, { node, cursor, isAway }))
  }
  const { progress, asOf, commitLag } = state()
  const hasSeals = !isAway && centre.dialect.sealsLog
  return {
    ...{ enabled: true, reason: null, interval, tables: [...tables] },
    newestSeq: newest?.seq ?? (isAway ? null : 0),
    fromReplica: since === null ? null : { since, asOf },
    progress,
    commitToReplicaMs: commitLag.p95(Date.parse(await centre.now().catch(() => replica.now()))),
    sealedTo: hasSeals ? ((await newestSeal(db.read))?.toSeq ?? null) : null,
    nodes: shown,
    openConflicts: isAway ? null : await countOpenConflicts(db.read),
  }
}

interface Shown {
  node: NodeRow
  cursor: CursorRow | undefined
  isAway: boolean
}

const nodeStatus = async (deps: StatusDeps, { node, cursor, isAway }: Shown): Promise<SyncNode> => {
  const isSelf = node.nodeId === deps.nodeId
  const lag = isAway ? null : await lagBehind(deps.centre.read, cursor?.seq ?? 0)
  const pending = isSelf ? await countUndelivered(deps.replica.look) : null
  const own = isSelf ? deps.state() : null
  return {
    ...{ nodeId: node.nodeId, nodeName: node.nodeName, isSelf },
    cursor: cursor ? { seq: cursor.seq, changeId: cursor.changeId } : null,
    lag: lag && ofAllTables(lag.byTable),
    lagSeconds: lag && secondsSince(lag, await deps.centre.now()),
    pending: pending ?? cursor?.waiting ?? 0,
    lastError: own ? own.lastError : (cursor?.lastError ?? null),
    updatedAt: cursor?.updatedAt ?? null,
    bootstrappedAt: cursor?.bootstrappedAt ?? null,
    bootstrapReason: cursor?.bootstrapReason ?? null,
    schemaVersion: cursor?.schemaVersion ?? null,
    tables: deps.tables.map((tableName): SyncTable => ({
      tableName,
      lag: lag && (lag.byTable.get(tableName) ?? 0),
      pending: tableName === EDITED ? pending : pending && 0,
    })),
  }
}

const secondsSince = ({ oldestAt }: Lag, now: string): number =>
  oldestAt === null ? 0 : Math.max(0, (Date.parse(now) - Date.parse(oldestAt)) / 1000)
