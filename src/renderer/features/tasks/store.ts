import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ClusterEvent } from '../../../shared/domain/events.ts'
import type { RunState } from '../../../shared/domain/run.ts'
import type { Task } from '../../../shared/domain/task.ts'
import type { AppClient } from '../../client.ts'
import { createPagedList, type PagedList } from '../../lib/paged-list.ts'
import { storeContext } from '../../lib/store-context.ts'
import { createEditorStore, type EditorState } from './editor/store.ts'

export type TaskState = RunState | 'Never'
export type TaskSort = 'name' | 'nextRun' | 'lastRun' | 'state'

/** What the address says of the list. */
export interface TaskQuery {
  search: string
  enabled: boolean | null
  state: TaskState[]
  sort: TaskSort
}

export interface TasksState extends PagedList<TaskQuery, Task> {
  onEvent: (event: ClusterEvent) => void
  /** @returns the id of the run, to follow it */
  run: (taskId: string) => Promise<string>
  setEnabled: (task: Task, enabled: boolean) => Promise<void>
  /** @returns an act that takes the deletion back */
  remove: (task: Task) => Promise<() => Promise<void>>
  createEditor: (taskId: string | null) => StoreApi<EditorState>
  /** From now on the editor hears of changes of its task, until the returned function is called. */
  attach: (editor: StoreApi<EditorState>) => () => void
}

type TasksClient = Pick<AppClient, 'tasks' | 'changes' | 'schedules' | 'nodes'>

const RELEVANT = /^(hello|missed|run\.(queued|started|finished)|task\.changed|schedule\.changed)$/

const reader = (client: TasksClient) => (query: TaskQuery, page: { limit: number; cursor?: string }) =>
  client.tasks.list({
    ...page,
    sort: query.sort,
    ...(query.search && { search: query.search }),
    ...(query.enabled !== null && { enabled: query.enabled }),
    ...(query.state.length > 0 && { state: query.state }),
  })

/** Taking a deletion back is reverting its change, which restores the whole transaction. */
const undoDelete = async (client: TasksClient, task: Task): Promise<void> => {
  const { items } = await client.changes.list({
    table: ['Tasks'],
    record: [task.taskId],
    action: ['DELETE'],
    limit: 1,
  })
  const change = items[0]
  if (change) await client.changes.revert({ changeId: change.changeId })
}

/** Changes of the task itself, and its runs: the head of the editor tells its last state. */
const concerns = (editor: StoreApi<EditorState>, event: ClusterEvent): boolean => {
  const { task } = editor.getState()
  const taskId = task.status === 'ready' ? task.data?.taskId : undefined
  return (
    taskId !== undefined && (event.taskId === taskId || event.type === 'hello' || event.type === 'missed')
  )
}

export const createTasksStore = (client: TasksClient) =>
  createStore<TasksState>()((set, get) => {
    const editors = new Set<StoreApi<EditorState>>()
    const { part, refreshSoon } = createPagedList(reader(client), set, get)
    return {
      ...part,
      onEvent: (event) => {
        if (RELEVANT.test(event.type)) refreshSoon()
        for (const editor of editors) if (concerns(editor, event)) void editor.getState().onChanged()
      },
      run: async (taskId) => (await client.tasks.run({ taskId })).historyId,
      setEnabled: async (task, enabled) => {
        await client.tasks.update({ taskId: task.taskId, version: task.version, enabled })
        refreshSoon()
      },
      remove: async (task) => {
        await client.tasks.remove({ taskId: task.taskId }, { context: { ifMatch: task.version } })
        refreshSoon()
        return () => undoDelete(client, task)
      },
      createEditor: (taskId) => createEditorStore(client, taskId),
      attach: (editor) => {
        editors.add(editor)
        return () => {
          editors.delete(editor)
          editor.getState().close()
        }
      },
    }
  })

export const tasksContext = storeContext<TasksState>('tasks')
