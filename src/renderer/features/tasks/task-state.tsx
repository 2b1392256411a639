import type { Task } from '../../../shared/domain/task.ts'
import { State } from '../../ui/state.tsx'
import { Relative, Since } from '../../ui/time.tsx'

/** What a task does now, else how its last run ended: `Running for 12 s`, `Failed 2 m ago`, `Never run`. */
export function TaskState({ of: task }: { of: Pick<Task, 'isRunning' | 'lastState' | 'lastRun'> }) {
  const { isRunning, lastState, lastRun } = task
  if (isRunning) return <State of="Running" note={lastRun ? <Since at={lastRun} /> : undefined} />
  return <State of={lastState ?? 'Never'} note={lastRun ? <Relative at={lastRun} /> : undefined} />
}
