import type { OpenDatabase } from '../../data/db.ts'
import { advanceNextRuns } from '../../data/repos/schedules.ts'
import { groupBy } from '../../../shared/domain/group-by.ts'
import { AppError, messageOf } from '../../../shared/domain/errors.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import type { Claimed } from './claims.ts'
import type { Moved } from './slots.ts'
import type { Turn } from './turn.ts'

/** What the engine needs of table sync to keep the tasks that are pinned to this node going without the centre. */
export interface Offline {
  /** The replica, by the cluster's time as this node last knew it. */
  db: OpenDatabase
  /** From the loss of the cluster database until it has what was done without it. */
  isOffline(): boolean
  /** The replica is read anew, which holds its only writer for as long as that takes. */
  isFilling(): boolean
  /** Slots of pinned tasks are made in one of the two databases at a time. */
  turn: Turn
}

/** How long the transaction that makes slots may wait for the replica. */
const PATIENCE_MS = 2_000

interface NoteAheadDeps {
  nodeId: string
  clock: Clock
  log: Log
}

/**
 * Tells the replica of slots before the cluster database commits them. One whose commit then fails is left to the
 * misfire policy of the cluster database rather than run twice.
 */
export const createNoteAhead = ({ db }: Offline, { nodeId, clock, log }: NoteAheadDeps) => {
  const note = async (pinned: readonly Moved[]): Promise<true> => {
    try {
      await db.write({ actor: 'system', applies: true }, async (tx) => {
        for (const [nextRun, rows] of groupBy(pinned, (row) => row.nextRun))
          await advanceNextRuns(
            tx,
            rows.map((row) => row.scheduleId),
            nextRun,
          )
      })
    } catch (error) {
      log.warn(`the replica was not told of slots of pinned tasks: ${messageOf(error)}`)
    }
    return true
  }
  return async (moved: readonly Moved[]): Promise<void> => {
    const pinned = moved.filter(({ task }) => task.assignedNodeId === nodeId)
    if (pinned.length === 0) return
    // The cluster database holds the rows of these tasks meanwhile, and those of others.
    const patience = new AbortController()
    const isNoted = await Promise.race([note(pinned), clock.sleep(PATIENCE_MS, patience.signal)])
    patience.abort()
    if (!isNoted)
      throw new AppError('UNAVAILABLE', 'the replica is busy: slots of pinned tasks are made later')
  }
}

/** Nobody else may take it, so there is no lease that could be lost. */
export const withoutLease = ({ run, task }: Claimed): Claimed => ({
  run,
  task: { ...task, onLeaseLost: 'Finish' },
})
