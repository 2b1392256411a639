import type { AppError } from '../../../shared/domain/errors.ts'
import type { Task } from '../../../shared/domain/task.ts'
import type { AppClient } from '../../client.ts'
import { toAppError } from '../../lib/app-error.ts'

/** Acts on many tasks at once: each task for itself, so that one refusal stops none of the others. */

export type BulkAct =
  | { kind: 'enable'; enabled: boolean }
  | { kind: 'run' }
  | { kind: 'tag'; add: readonly string[]; remove: readonly string[] }
  | { kind: 'delete' }

export interface BulkResult {
  done: readonly Task[]
  failed: readonly { task: Task; error: AppError }[]
  /** Takes back what was done; null where that cannot be (a run has run). */
  undo: (() => Promise<void>) | null
}

type BulkClient = Pick<AppClient, 'tasks' | 'changes'>
type Undo = (() => Promise<unknown>) | null

const tagsAfter = (task: Task, act: Extract<BulkAct, { kind: 'tag' }>): string[] => [
  ...new Set([...task.tags.filter((tag) => !act.remove.includes(tag)), ...act.add]),
]

/** Writes some fields; undone by writing what was there, over this very version. */
const edit = async (
  client: BulkClient,
  task: Task,
  part: Pick<Partial<Task>, 'enabled' | 'tags'>,
): Promise<Undo> => {
  const { taskId, version } = task
  const before = Object.fromEntries(Object.keys(part).map((name) => [name, task[name as keyof typeof part]]))
  const saved = await client.tasks.update({ taskId, version, ...part })
  return () => client.tasks.update({ taskId, version: saved.version, ...before })
}

/** Taking a deletion back is reverting its change, which restores the whole transaction. */
export const undoDelete = async (client: BulkClient, { taskId }: Task): Promise<void> => {
  const { items } = await client.changes.list({
    table: ['Tasks'],
    record: [taskId],
    action: ['DELETE'],
    limit: 1,
  })
  const change = items[0]
  if (change) await client.changes.revert({ changeId: change.changeId })
}

const doOne = async (client: BulkClient, task: Task, act: BulkAct): Promise<Undo> => {
  switch (act.kind) {
    case 'enable':
      return task.enabled === act.enabled ? null : edit(client, task, { enabled: act.enabled })
    case 'tag':
      return edit(client, task, { tags: tagsAfter(task, act) })
    case 'run':
      await client.tasks.run({ taskId: task.taskId })
      return null
    case 'delete':
      await client.tasks.remove({ taskId: task.taskId }, { context: { ifMatch: task.version } })
      return () => undoDelete(client, task)
  }
}

/** @param onProgress told after each task how many are through */
export const bulk = async (
  client: BulkClient,
  tasks: readonly Task[],
  act: BulkAct,
  onProgress: (done: number) => void,
): Promise<BulkResult> => {
  const done: Task[] = []
  const failed: { task: Task; error: AppError }[] = []
  const undos: NonNullable<Undo>[] = []
  for (const task of tasks) {
    try {
      const undo = await doOne(client, task, act)
      done.push(task)
      if (undo) undos.push(undo)
    } catch (thrown) {
      failed.push({ task, error: toAppError(thrown) })
    }
    onProgress(done.length + failed.length)
  }
  const takeBack = async (): Promise<void> => {
    for (const undo of undos.toReversed()) await undo()
  }
  return { done, failed, undo: undos.length > 0 ? takeBack : null }
}
