import type { Task } from '../../shared/domain/task.ts'
import { looks } from '../theme/states.tsx'
import { Clock, Relative, Since } from '../ui/time.tsx'

/** How a task is, as short as can be: disabled, running, how it failed, or when it runs next. */
export function TaskAside({ task }: { task: Task }) {
  const look = looks[task.lastState ?? 'Never']
  if (!task.enabled) return 'disabled'
  if (task.isRunning) return task.lastRun ? <Since at={task.lastRun} /> : 'running'
  if (look.loud && task.lastRun)
    return (
      <>
        {look.word.toLowerCase()} <Relative at={task.lastRun} />
      </>
    )
  return task.nextRun ? (
    <>
      next <Clock at={task.nextRun} />
    </>
  ) : null
}
