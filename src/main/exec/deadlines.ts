import type { Clock } from '../platform/clock.ts'
import { cpuSecondsOf } from './cgroup.ts'
import type { Launch } from './launch.ts'
import type { StopReason } from './run-spec.ts'

/** setTimeout overflows beyond this and would fire at once. */
const LONGEST_TIMER_MS = 2_147_483_647
/** Between two looks at what a group has used. */
const CPU_LOOK_MS = 500

/** Stops a run once its time, or the CPU time of all its processes together, is used up; answers how to call it off. */
export const startDeadlines = (
  { timeoutMs, group }: Pick<Launch, 'timeoutMs' | 'group'>,
  clock: Clock,
  stop: (reason: StopReason) => void,
): (() => void) => {
  const off = new AbortController()
  if (timeoutMs !== null) void waitFor(timeoutMs, clock, off.signal, () => stop('timeout'))
  if (group && group.cpuSeconds !== null) {
    const limit = group.cpuSeconds
    const isUsedUp = (): boolean => cpuSecondsOf(group) > limit
    void watch(isUsedUp, clock, off.signal, () => stop('cpu'))
  }
  return () => off.abort()
}

/** Calls back once after `ms`, however long that is. */
const waitFor = async (ms: number, clock: Clock, signal: AbortSignal, late: () => void): Promise<void> => {
  const at = clock.monotonic() + ms
  for (let left = ms; left > 0 && !signal.aborted; left = at - clock.monotonic())
    await clock.sleep(Math.min(left, LONGEST_TIMER_MS), signal)
  if (!signal.aborted) late()
}

const watch = async (
  isOver: () => boolean,
  clock: Clock,
  signal: AbortSignal,
  late: () => void,
): Promise<void> => {
  while (!signal.aborted) {
    await clock.sleep(CPU_LOOK_MS, signal)
    if (!signal.aborted && isOver()) return late()
  }
}
