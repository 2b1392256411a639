import type { Clock } from '../platform/clock.ts'
import { endTree } from './end-tree.ts'
import { listProcesses } from './processes.ts'

export interface LeftoverReport {
  /** Runs of an earlier incarnation of this node that still had processes. */
  historyIds: string[]
  /** Processes that could not be killed. */
  survivors: number[]
}

/**
 * Kills, before anything is claimed, every script an earlier incarnation of the node of this data folder left
 * behind; those of other nodes on the machine are not touched. On Windows processes show no environment, so none
 * is found there: the supervisor ends its trees when the node goes, and that is the only guard.
 */
export const killLeftovers = async (deps: {
  nodeDirId: string
  clock: Clock
  platform: NodeJS.Platform
}): Promise<LeftoverReport> => {
  const ids = new Set(
    listProcesses(deps.platform)
      .filter(
        (each) => each.nodeDirId === deps.nodeDirId && each.historyId !== null && each.pid !== process.pid,
      )
      .map((each) => each.historyId ?? ''),
  )
  const ends = await Promise.all([...ids].map((historyId) => endTree({ historyId, pid: null }, 0, deps)))
  return { historyIds: [...ids], survivors: ends.flatMap((end) => end.survivors) }
}
