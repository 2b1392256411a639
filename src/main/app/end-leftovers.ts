import { killLeftovers } from '../exec/leftovers.ts'
import { listProcesses, type ProcessInfo } from '../exec/processes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'

/** Runs of an earlier start, by id, with the processes of theirs that would not die. */
export type Survivors = ReadonlyMap<string, readonly number[]>

/** Ends what an earlier start left running, and says what it found. */
export const endLeftovers = async (deps: {
  nodeDirId: string
  clock: Clock
  log: Log
}): Promise<Survivors> => {
  const { platform } = process
  const left = await killLeftovers({ nodeDirId: deps.nodeDirId, clock: deps.clock, platform })
  if (left.historyIds.length > 0)
    deps.log.warn(`processes of earlier runs were ended: ${left.historyIds.join(', ')}`)
  if (left.survivors.length === 0) return new Map()
  deps.log.error(
    `processes of earlier runs could not be killed and may still work: ${left.survivors.join(', ')}; ` +
      'their runs are reported Lost all the same',
  )
  return survivorsByRun(left.survivors, listProcesses(platform))
}

export const survivorsByRun = (
  pids: readonly number[],
  processes: readonly Pick<ProcessInfo, 'pid' | 'historyId'>[],
): Survivors => {
  const byRun = new Map<string, number[]>()
  for (const { pid, historyId } of processes)
    if (historyId !== null && pids.includes(pid)) byRun.set(historyId, [...(byRun.get(historyId) ?? []), pid])
  return byRun
}
