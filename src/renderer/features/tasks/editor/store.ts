import { createStore } from 'zustand/vanilla'
import type { Task } from '../../../../shared/domain/task.ts'
import { idle, loading, settle, type Loadable } from '../../../lib/loadable.ts'
import { readTimeline } from '../../../lib/read-timeline.ts'
import { storeContext } from '../../../lib/store-context.ts'
import { throttle } from '../../../lib/throttle.ts'
import { createChecker } from './check-draft.ts'
import { changedFields, copyOf, isDraftField, merged } from './draft.ts'
import {
  reset,
  savedTask,
  type EditorApi,
  type EditorClient,
  type EditorState,
  type Slice,
} from './editor-state.ts'
import { noRecord, readChoices, readPlaces, readRecord, readTrendOf } from './read-record.ts'
import { save } from './save-draft.ts'

/** A new task's form, filled like another task where one is named. */
const startNew = async (client: EditorClient, from: string | null): Promise<Partial<EditorState>> => {
  const empty = reset(null)
  if (from === null) return empty
  const model = await settle<Task>(idle, client.tasks.get({ taskId: from }))
  if (model.status !== 'ready') return { task: model as Loadable<null> }
  const draft = copyOf(model.data)
  return { ...empty, draft, changed: changedFields(empty.base, draft) }
}

/** What is done to the draft; each time it is checked anew. */
const draftActs = (
  { getState: get, setState: set }: EditorApi,
  check: () => void,
): Slice<'edit' | 'discard' | 'takeTheirs' | 'keepMine'> => ({
  edit: (part) => {
    const { base, draft: before, touched: was } = get()
    const draft = { ...before, ...part }
    const typed = Object.keys(part)
      .filter(isDraftField)
      .filter((field) => draft[field] !== before[field])
    const touched = was === 'all' ? was : new Set([...was, ...typed])
    set({ draft, changed: changedFields(base, draft), touched })
    check()
  },
  discard: () => {
    set(reset(savedTask(get())))
    check()
  },
  takeTheirs: () => {
    set(reset(get().theirs))
    check()
  },
  keepMine: () => {
    const { theirs, base, draft: mine, touched } = get()
    if (!theirs) return
    const fresh = reset(theirs)
    const draft = merged(base, mine, fresh.base)
    set({ ...fresh, draft, changed: changedFields(fresh.base, draft), touched })
    check()
  },
})

const TREND_MS = 10_000

/** What happens to the saved task elsewhere. What was typed stays: only an untouched form follows what is saved. */
const outsideActs = (
  client: EditorClient,
  { getState: get, setState: set }: EditorApi,
  check: () => void,
): Slice<'onChanged' | 'onNodes' | 'stopAll'> => {
  const isInHand = (): boolean => get().saving || get().changed.length > 0
  const follow = async (taskId: string): Promise<void> => {
    if (isInHand()) return
    const { task } = get()
    const fresh = await settle<Task | null>(task, client.tasks.get({ taskId }))
    if (isInHand()) return
    set(fresh.status === 'ready' ? reset(fresh.data) : { task: fresh })
  }
  const readAround = async (taskId: string): Promise<void> => set(await readRecord(client, taskId))
  const trendSoon = throttle(() => {
    const task = savedTask(get())
    if (task) void readTrendOf(client, task.taskId).then(set)
  }, TREND_MS)
  return {
    onChanged: async () => {
      const task = savedTask(get())
      if (!task) return
      trendSoon()
      await Promise.all([follow(task.taskId), readAround(task.taskId)])
    },
    onNodes: async () => {
      const task = savedTask(get())
      set(await readChoices(client))
      if (task) set(await readPlaces(client, task.taskId))
      check()
    },
    stopAll: async () => {
      const task = savedTask(get())
      if (!task) return 0
      const { historyIds } = await client.tasks.stop({ taskId: task.taskId })
      await readAround(task.taskId)
      return historyIds.length
    },
  }
}

/** One editor: of a saved task, or of a new one when `taskId` is null, perhaps a copy of `from`. */
export const createEditorStore = (
  client: EditorClient,
  taskId: string | null,
  from: string | null = null,
): EditorApi => {
  const checker = createChecker(client, () => store)
  const store: EditorApi = createStore<EditorState>()((set, _, api) => ({
    ...reset(null),
    task: idle,
    issues: [],
    warnings: [],
    matchingNodes: null,
    placements: [],
    preview: idle,
    ...noRecord,
    nodes: [],
    locks: [],
    saving: false,
    readTimeline: (...asked) => readTimeline(client, { task: taskId === null ? [] : [taskId] }, ...asked),
    readScript: (scriptPath) => client.scripts.preview({ scriptPath }),
    load: async () => {
      void readChoices(client).then(set)
      if (taskId === null) set(await startNew(client, from))
      else {
        set({ task: loading })
        const task = await settle<Task>(idle, client.tasks.get({ taskId }))
        set(task.status === 'ready' ? reset(task.data) : { task })
        if (task.status === 'ready') {
          void readTrendOf(client, taskId).then(set)
          set(await readRecord(client, taskId))
        }
      }
      checker.start()
    },
    ...draftActs(api, checker.start),
    ...outsideActs(client, api, checker.start),
    save: (reason) => save(client, api, reason),
    close: checker.stop,
  }))
  return store
}

export const editorContext = storeContext<EditorState>('editor')
