import { isActive } from '../../../shared/domain/run.ts'
import type { Database } from '../../data/db.ts'
import { runningOn } from '../../data/repos/leases.ts'
import { allNodes, type NodeRow } from '../../data/repos/nodes.ts'
import { readMarks, type Marks, type SeenChange, type SeenRun } from '../../data/repos/watch.ts'
import type { Clock } from '../../platform/clock.ts'
import type { EventBus } from '../events.ts'
import { stateInWords } from '../nodes/records.ts'
import type { Self } from '../self.ts'
import { watchChanges, watchRuns } from './watch-windows.ts'

/*
 * What other nodes did, found in the database about once a second: a look costs two indexed questions while nothing
 * happens. It tells whoever watches this node, stops what others asked to stop, and wakes the scheduler for what
 * others queued or let go on. Nothing depends on it being there in time: claims read what holds in their own
 * transactions, and the heartbeat judges again.
 */

export interface WatchDeps {
  db: Database
  clock: Clock
  self: Self
  events: EventBus
  /** Nobody else writes the database: what is left to see is what time does to nodes. */
  isAlone: boolean
  /** A heartbeat older than this makes a node Away, milliseconds. */
  awayAfterMs: number
  /** Ids of the runs held here. */
  live: () => string[]
  stop: (historyId: string) => void
  /** Something may start here now. */
  wake: () => void
  /** This node's row as it is now. */
  ownRow: (row: NodeRow) => void
  /** Somebody follows some run. */
  followed: () => void
}

export interface Watch {
  look: () => Promise<void>
  close: () => void
}

/** Nodes are read with every so many looks, or when somebody edited one. */
const NODES_EVERY = 3

export const createWatch = (deps: WatchDeps): Watch => {
  const { db, events } = deps
  const told = rememberTold(deps)
  const runs = watchRuns(db)
  const changes = watchChanges(db)
  const nodes = watchNodes(deps)
  const hold = watchHold(deps)
  const inboxes = watchInboxes(deps)
  let looks = 0

  const lookAtOthers = async (now: string, marks: Marks): Promise<boolean> => {
    const seen = await runs(now)
    if (seen === 'too many') await actOnMany(deps)
    else actOnRuns(deps, seen, told.has)
    const changed = await changes(now, marks.lastChange)
    if (changed === 'too many') events.relay({ type: 'missed' })
    const edits = changed === 'too many' ? [] : changed.filter((one) => one.nodeId !== deps.self.nodeId)
    for (const edit of edits) tellChange(events, edit)
    return edits.some((edit) => edit.tableName === 'Nodes')
  }

  return {
    look: async () => {
      const now = await db.now()
      await db.refreshSchema()
      const marks = await readMarks(db.look, db)
      hold(marks.holdId)
      inboxes(marks)
      const nodesEdited = !deps.isAlone && (await lookAtOthers(now, marks))
      if (looks++ % NODES_EVERY === 0 || nodesEdited || deps.isAlone) await nodes(now)
      if (marks.followUntil !== null && marks.followUntil >= now && deps.live().length > 0) deps.followed()
    },
    close: told.close,
  }
}

/** More happened than is told one by one: only what this node must not miss is looked for. */
const actOnMany = async ({ db, self, events, stop, wake }: WatchDeps): Promise<void> => {
  events.relay({ type: 'missed' })
  wake()
  for (const run of await runningOn(db.look, self.nodeId))
    if (run.incarnation === self.incarnation && run.stopRequestedAt !== null) stop(run.historyId)
}

/** Long enough for what this node tells to be found in the database too. */
const TOLD_MS = 15_000

/** What this node told already is not told again when it is found. */
const rememberTold = ({ events, clock }: WatchDeps) => {
  const told = new Map<string, number>()
  const close = events.listen(({ type, id }, origin) => {
    if (origin === 'elsewhere' || id === undefined || !type.startsWith('run.') || type === 'run.output')
      return
    const now = clock.monotonic()
    // In the order of time: what is told again goes to the end.
    told.delete(`${type} ${id}`)
    told.set(`${type} ${id}`, now)
    for (const [key, at] of told) {
      if (now - at <= TOLD_MS) break
      told.delete(key)
    }
  })
  return { has: (type: string, id: string) => told.has(`${type} ${id}`), close }
}

const typeOf = ({ state }: SeenRun) =>
  !isActive(state) ? 'run.finished' : state === 'Running' ? 'run.started' : 'run.queued'

const actOnRuns = (
  { self, events, stop, wake }: WatchDeps,
  seen: readonly { run: SeenRun; isNewState: boolean }[],
  isTold: (type: string, id: string) => boolean,
): void => {
  let mayStart = false
  for (const { run, isNewState } of seen) {
    const { historyId: id, taskId, state } = run
    const isOwn = run.nodeId === self.nodeId && run.incarnation === self.incarnation
    if (isOwn && state === 'Running' && run.stopRequestedAt !== null) stop(id)
    const type = typeOf(run)
    // This node tells the start of its own runs when their scripts are started.
    if (!isNewState || isTold(type, id) || (isOwn && state === 'Running')) continue
    events.relay({ type, id, taskId, state })
    // What ends elsewhere may have kept something waiting.
    mayStart ||= state !== 'Running' && (run.targetNodeId === null || run.targetNodeId === self.nodeId)
  }
  if (mayStart) wake()
}

const tellChange = (events: EventBus, { tableName, recordId, changeId }: SeenChange): void => {
  if (tableName === 'Tasks') events.relay({ type: 'task.changed', id: recordId, taskId: recordId })
  // Of nodes themselves is told by their rows: what a heartbeat says is no change.
  else if (tableName !== 'Nodes') events.relay({ type: 'change.recorded', id: changeId })
}

/** Tells when a node comes, goes, is edited, or is in another state. */
const watchNodes = ({ db, self, events, awayAfterMs, ownRow }: WatchDeps) => {
  let known: Map<string, string> | null = null
  return async (now: string): Promise<void> => {
    const rows = await allNodes(db.look)
    const next = new Map(rows.map((row) => [row.nodeId, signOf(row, now, awayAfterMs)]))
    const own = rows.find((row) => row.nodeId === self.nodeId)
    if (own && known?.get(own.nodeId) !== next.get(own.nodeId)) ownRow(own)
    const before = known
    known = next
    if (!before) return
    for (const [id, sign] of next) if (before.get(id) !== sign) events.relay({ type: 'node.changed', id })
    for (const id of before.keys()) if (!next.has(id)) events.relay({ type: 'node.changed', id })
  }
}

const signOf = (row: NodeRow, now: string, awayAfterMs: number): string => {
  const { lastHeartbeat: _beat, ...facts } = row
  return JSON.stringify([stateInWords(row, undefined, { now, awayAfterMs }).state, facts])
}

/** An emergency stop, or its end: what still runs here is stopped, whoever made the stop got to it or not. */
const watchHold = ({ events, live, stop, wake }: WatchDeps) => {
  let known: string | null | undefined
  return (holdId: string | null): void => {
    if (holdId !== null) for (const id of live()) stop(id)
    if (known !== undefined && known !== holdId) {
      const id = holdId ?? known
      events.relay({ type: 'cluster.changed', ...(id === null ? {} : { id }) })
      if (holdId === null) wake()
    }
    known = holdId
  }
}

/** Conflicts that were found or resolved, failures that came, went or were seen, wherever that was. */
const watchInboxes = ({ events }: WatchDeps) => {
  const tellNews = (type: 'conflict.changed' | 'failure.changed') => {
    let known: string | null = null
    return (sign: string): void => {
      if (known !== null && known !== sign) events.relay({ type })
      known = sign
    }
  }
  const [conflicts, failures] = [tellNews('conflict.changed'), tellNews('failure.changed')]
  return ({ lastConflict, lastResolution, lastFailure, failing }: Marks): void => {
    conflicts(`${lastConflict ?? ''} ${lastResolution ?? ''}`)
    failures(`${lastFailure ?? ''} ${failing}`)
  }
}
