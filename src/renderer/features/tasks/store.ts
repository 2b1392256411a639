import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ClusterEvent } from '../../../shared/domain/events.ts'
import type { ClusterNode } from '../../../shared/domain/node.ts'
import type { RunState } from '../../../shared/domain/run.ts'
import type { Parameters } from '../../../shared/domain/secret.ts'
import type { Task } from '../../../shared/domain/task.ts'
import type { AppClient } from '../../client.ts'
import { idle, settle } from '../../lib/loadable.ts'
import { createPagedList, type PagedList } from '../../lib/paged-list.ts'
import { throttle } from '../../lib/throttle.ts'
import { storeContext } from '../../lib/store-context.ts'
import { bulk, undoDelete, type BulkAct, type BulkResult } from './bulk.ts'
import type { EditorState } from './editor/editor-state.ts'
import { createEditorStore } from './editor/store.ts'
import { createFirstStartStore, type FirstStartState } from './first-start/store.ts'

export type TaskState = RunState | 'Never'
export type TaskSort = 'name' | 'nextRun' | 'lastRun' | 'state'

/** What the address says of the list. */
export interface TaskQuery {
  search: string
  enabled: boolean | null
  state: TaskState[]
  app: string[]
  tag: string[]
  node: string[]
  group: string[]
  role: string[]
  sort: TaskSort
}

export interface TasksState extends PagedList<TaskQuery, Task> {
  /** For filters and targets: a task knows the id of its node. */
  nodes: readonly ClusterNode[]
  loadNodes: () => Promise<void>
  firstStart: StoreApi<FirstStartState>
  onEvent: (event: ClusterEvent) => void
  /** @returns the id of the run, to follow it; of the first where it runs on several nodes */
  run: (taskId: string, other?: { parameters?: Parameters; nodeId?: string }) => Promise<string>
  setEnabled: (task: Task, enabled: boolean) => Promise<void>
  /** @returns an act that takes the deletion back */
  remove: (task: Task) => Promise<() => Promise<void>>
  /** Does one act to many tasks, one after the other. */
  bulk: (tasks: readonly Task[], act: BulkAct, onProgress: (done: number) => void) => Promise<BulkResult>
  createEditor: (taskId: string | null, from?: string | null) => StoreApi<EditorState>
  /** From now on the editor hears of changes of its task, until the returned function is called. */
  attach: (editor: StoreApi<EditorState>) => () => void
}

type TasksClient = Pick<
  AppClient,
  'tasks' | 'changes' | 'schedules' | 'scripts' | 'nodes' | 'locks' | 'history' | 'samples'
>

/** Nodes tell of themselves now and then; a form that is open need not know at once. */
const NODES_MS = 3000
const RELEVANT = /^(hello|missed|run\.(queued|started|finished)|task\.changed|schedule\.changed)$/

/** Filters that take several values (or). */
const LISTS = ['state', 'app', 'tag', 'node', 'group', 'role'] as const

const reader = (client: TasksClient) => (query: TaskQuery, page: { limit: number; cursor?: string }) =>
  client.tasks.list({
    ...page,
    sort: query.sort,
    ...(query.search && { search: query.search }),
    ...(query.enabled !== null && { enabled: query.enabled }),
    ...Object.fromEntries(LISTS.filter((name) => query[name].length > 0).map((name) => [name, query[name]])),
  })

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
    const nodesSoon = throttle(() => {
      for (const editor of editors) void editor.getState().onNodes()
    }, NODES_MS)
    return {
      ...part,
      nodes: [],
      firstStart: createFirstStartStore(client),
      loadNodes: async () => {
        const nodes = await settle(idle, client.nodes.list({ limit: 1000 }))
        if (nodes.status === 'ready') set({ nodes: nodes.data.items })
      },
      onEvent: (event) => {
        if (event.type === 'hello' || event.type === 'node.changed') void get().loadNodes()
        if (RELEVANT.test(event.type)) refreshSoon()
        if (event.type === 'node.changed') nodesSoon()
        for (const editor of editors) if (concerns(editor, event)) void editor.getState().onChanged()
      },
      run: async (taskId, other = {}) => (await client.tasks.run({ taskId, ...other })).historyId,
      setEnabled: async (task, enabled) => {
        await client.tasks.update({ taskId: task.taskId, version: task.version, enabled })
        refreshSoon()
      },
      remove: async (task) => {
        await client.tasks.remove({ taskId: task.taskId }, { context: { ifMatch: task.version } })
        refreshSoon()
        return () => undoDelete(client, task)
      },
      bulk: async (tasks, act, onProgress) => {
        const result = await bulk(client, tasks, act, onProgress)
        await part.refresh()
        return result
      },
      createEditor: (taskId, from = null) => createEditorStore(client, taskId, from),
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
