import type { Task } from '../../../shared/domain/task.ts'
import { useRefusal } from '../../lib/role.ts'
import { href, useRouter } from '../../lib/router.ts'
import { toastDone, toastError } from '../../lib/toast.ts'
import { tasksContext } from './store.ts'

/** What can be done to a task from wherever it is shown, with what the person sees of it. */
export const useTaskActs = () => {
  const router = useRouter()
  const tasks = tasksContext.useApi()
  const refusal = { operator: useRefusal('operator'), admin: useRefusal('admin') }

  const run = (task: Pick<Task, 'taskId' | 'taskName'>): void => {
    if (refusal.operator) return toastDone(refusal.operator)
    tasks
      .getState()
      .run(task.taskId)
      // Where its output appears as it comes.
      .then((historyId) => router.go(href(['history', historyId])))
      .catch((thrown: unknown) => toastError(`${task.taskName} was not started`, thrown))
  }
  const toggle = (task: Task): void => {
    if (refusal.admin) return toastDone(refusal.admin)
    const enabled = !task.enabled
    const words = enabled ? 'Enabled' : 'Disabled'
    const back = (): Promise<void> =>
      tasks.getState().setEnabled({ ...task, version: task.version + 1 }, task.enabled)
    tasks
      .getState()
      .setEnabled(task, enabled)
      .then(() =>
        toastDone(`${words} ${task.taskName}`, {
          act: back,
          done: `${task.taskName} is ${enabled ? 'disabled' : 'enabled'} again`,
        }),
      )
      .catch((thrown: unknown) => toastError(`${task.taskName} was not changed`, thrown))
  }
  const remove = async (task: Task): Promise<void> => {
    const act = await tasks.getState().remove(task)
    toastDone(`Deleted ${task.taskName}; its history is kept`, { act, done: `${task.taskName} is back` })
  }
  return { run, toggle, remove, refusal }
}
