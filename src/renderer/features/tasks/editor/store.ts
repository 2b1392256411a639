import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Change } from '../../../../shared/domain/change.ts'
import type { AppError, Issue } from '../../../../shared/domain/errors.ts'
import type { TaskLock } from '../../../../shared/domain/cluster.ts'
import type { ClusterNode, Placement, Placements } from '../../../../shared/domain/node.ts'
import type { Preview } from '../../../../shared/domain/preview.ts'
import type { Run } from '../../../../shared/domain/run.ts'
import type { ScriptPreview } from '../../../../shared/domain/script.ts'
import type { Parameters } from '../../../../shared/domain/secret.ts'
import type { Task, Validation } from '../../../../shared/domain/task.ts'
import type { AppClient } from '../../../client.ts'
import { toAppError } from '../../../lib/app-error.ts'
import { idle, loading, settle, type Loadable } from '../../../lib/loadable.ts'
import { storeContext } from '../../../lib/store-context.ts'
import {
  changedFields,
  copyOf,
  draftIssues,
  draftOf,
  emptyDraft,
  inputOf,
  merged,
  type Draft,
  type DraftField,
} from './draft.ts'
import { noRecord, readChoices, readPlaces, readRecord } from './read-record.ts'
import { scheduleOf } from './schedule-draft.ts'

export interface EditorState {
  /** What is saved; null for a task that is written anew. */
  task: Loadable<Task | null>
  base: Draft
  draft: Draft
  changed: DraftField[]
  /** Fields whose errors are shown: typed in, or all once saving was tried. */
  touched: ReadonlySet<DraftField> | 'all'
  /** Errors first from the form itself, then from the node. */
  issues: Issue[]
  warnings: Issue[]
  matchingNodes: Validation['matchingNodes'] | null
  /** What each node would do with the draft. */
  placements: readonly Placement[]
  preview: Loadable<Preview>
  nodes: ClusterNode[]
  /** Lock groups there are, for the limits. */
  locks: readonly TaskLock[]
  /** Of a saved task: where it runs, what of it goes on or waits now, its latest runs and changes. */
  places: Placements | null
  active: readonly Run[]
  runs: readonly Run[]
  changes: readonly Change[]
  saving: boolean
  failure: AppError | null
  /** Somebody saved meanwhile: the record as it is now. */
  theirs: Task | null
  load: () => Promise<void>
  readScript: (scriptPath: string) => Promise<ScriptPreview>
  edit: (part: Partial<Draft>) => void
  discard: () => void
  /** @returns the saved task, or null when it was refused */
  save: (reason: string) => Promise<Task | null>
  takeTheirs: () => void
  keepMine: () => void
  onChanged: () => Promise<void>
  /** A node came, went or is another one now. */
  onNodes: () => Promise<void>
  /** Stops every run of the saved task, on all nodes. @returns how many */
  stopAll: () => Promise<number>
  close: () => void
}

type Json = Parameters[string]
type EditorClient = Pick<AppClient, 'tasks' | 'schedules' | 'scripts' | 'nodes' | 'changes' | 'locks'>
type Slice<K extends keyof EditorState> = Pick<EditorState, K>

const CHECK_MS = 350

const reset = (
  task: Task | null,
): Slice<'task' | 'base' | 'draft' | 'changed' | 'touched' | 'theirs' | 'failure'> => {
  const base = task ? draftOf(task) : emptyDraft
  const ready = { status: 'ready', data: task } as const
  return { task: ready, base, draft: base, changed: [], touched: new Set(), theirs: null, failure: null }
}

/** The node takes any JSON here and says itself what is wrong with it; NaN and undefined are not JSON. */
const jsonOf = (draft: Draft) => JSON.parse(JSON.stringify(inputOf(draft))) as Record<string, Json> // just written

/** While other fields are missing, validation does not get as far as the schedule: its preview does. */
const refusalsOf = (preview: Loadable<Preview>): Issue[] =>
  preview.status === 'failed' ? (preview.error.issues ?? []) : []

const distinct = (issues: readonly Issue[]): Issue[] => [
  ...new Map(issues.map((issue) => [JSON.stringify(issue), issue])).values(),
]

/** Asks the node what saving would mean, and when the task would run. Its refusals are answers here. */
const check = async (
  client: EditorClient,
  { draft, task }: EditorState,
  signal: AbortSignal,
): Promise<Slice<'issues' | 'warnings' | 'matchingNodes' | 'placements' | 'preview'>> => {
  const schedule = scheduleOf(draft.schedule)
  const zone = draft.timeZone && draft.timeZone !== 'node' ? { timeZone: draft.timeZone } : {}
  const saved = task.status === 'ready' && task.data ? { taskId: task.data.taskId } : {}
  const [validation, preview] = await Promise.all([
    settle<Validation>(idle, client.tasks.validate({ ...jsonOf(draft), ...saved }, { signal })),
    schedule === null
      ? idle
      : settle<Preview>(idle, client.schedules.preview({ schedule, ...zone, count: 10 }, { signal })),
  ])
  const found = [...draftIssues(draft), ...refusalsOf(preview)]
  if (validation.status !== 'ready') {
    const refused = validation.status === 'failed' ? (validation.error.issues ?? []) : []
    return { issues: [...found, ...refused], warnings: [], matchingNodes: null, placements: [], preview }
  }
  const { ok, errors, warnings, matchingNodes, placements } = validation.data
  const unknown = !ok && matchingNodes.length === 0
  return {
    issues: distinct([...found, ...errors]),
    warnings,
    matchingNodes: unknown ? null : matchingNodes,
    placements,
    preview,
  }
}

type Api = StoreApi<EditorState>

/** Checks the draft once typing pauses; a newer check drops the one under way. */
const createChecker = (client: EditorClient, api: () => Api) => {
  let timer: ReturnType<typeof setTimeout> | undefined
  let running = new AbortController()
  const stop = (): void => {
    clearTimeout(timer)
    running.abort()
  }
  const start = (): void => {
    stop()
    const control = (running = new AbortController())
    timer = setTimeout(() => {
      void check(client, api().getState(), control.signal).then((result) => {
        if (!control.signal.aborted) api().setState(result)
      })
    }, CHECK_MS)
  }
  return { start, stop }
}

const write = (client: EditorClient, state: EditorState, reason: string): Promise<Task> => {
  const context = reason.trim() ? { context: { reason: reason.trim() } } : {}
  const input = inputOf(state.draft)
  const saved = state.task.status === 'ready' ? state.task.data : null
  if (!saved) return client.tasks.create(input, context)
  const part = Object.fromEntries(state.changed.map((field) => [field, input[field]]))
  return client.tasks.update({ ...part, taskId: saved.taskId, version: saved.version }, context)
}

/** The current record that came with a refused save, if that is why it was refused. */
const currentOf = (error: AppError): Task | null =>
  error.code === 'CONFLICT' && error.current ? (error.current as Task) : null // the contract says what `current` is

const save = async (client: EditorClient, api: Api, reason: string): Promise<Task | null> => {
  api.setState({ saving: true, touched: 'all', failure: null })
  try {
    const task = await write(client, api.getState(), reason)
    api.setState(reset(task))
    // A lock group that was new has a row now, and the task may run elsewhere.
    void readChoices(client).then((choices) => api.setState(choices))
    void readRecord(client, task.taskId).then((record) => api.setState(record))
    return task
  } catch (thrown) {
    const failure = toAppError(thrown)
    const issues = failure.issues ?? api.getState().issues
    api.setState({ failure, issues, theirs: currentOf(failure) })
    return null
  } finally {
    api.setState({ saving: false })
  }
}

/** A new task's form, filled like another task where one is named. */
const startNew = async (client: EditorClient, from: string | null): Promise<Partial<EditorState>> => {
  const empty = reset(null)
  if (from === null) return empty
  const model = await settle<Task>(idle, client.tasks.get({ taskId: from }))
  if (model.status !== 'ready') return { task: model as Loadable<null> }
  const draft = copyOf(model.data)
  return { ...empty, draft, changed: changedFields(empty.base, draft) }
}

/** One editor: of a saved task, or of a new one when `taskId` is null, perhaps a copy of `from`. */
export const createEditorStore = (
  client: EditorClient,
  taskId: string | null,
  from: string | null = null,
): Api => {
  const checker = createChecker(client, () => store)
  const store: Api = createStore<EditorState>()((set, get) => ({
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
    readScript: (scriptPath) => client.scripts.preview({ scriptPath }),
    load: async () => {
      void readChoices(client).then(set)
      if (taskId === null) set(await startNew(client, from))
      else {
        set({ task: loading })
        const task = await settle<Task>(idle, client.tasks.get({ taskId }))
        set(task.status === 'ready' ? reset(task.data) : { task })
        if (task.status === 'ready') set(await readRecord(client, taskId))
      }
      checker.start()
    },
    edit: (part) => {
      const { base, draft: before, touched: was } = get()
      const draft = { ...before, ...part }
      const touched = was === 'all' ? was : new Set([...was, ...(Object.keys(part) as DraftField[])]) // keys of a Draft
      set({ draft, changed: changedFields(base, draft), touched })
      checker.start()
    },
    discard: () => {
      const { task } = get()
      set(reset(task.status === 'ready' ? task.data : null))
      checker.start()
    },
    save: (reason) => save(client, store, reason),
    takeTheirs: () => {
      set(reset(get().theirs))
      checker.start()
    },
    keepMine: () => {
      const { theirs, base, draft: mine, touched } = get()
      if (!theirs) return
      const fresh = reset(theirs)
      const draft = merged(base, mine, fresh.base)
      set({ ...fresh, draft, changed: changedFields(fresh.base, draft), touched })
      checker.start()
    },
    onChanged: async () => {
      const { task, changed, saving } = get()
      if (saving || task.status !== 'ready' || !task.data || changed.length > 0) return
      const fresh = await settle<Task | null>(task, client.tasks.get({ taskId: task.data.taskId }))
      if (get().changed.length > 0) return
      set(fresh.status === 'ready' ? reset(fresh.data) : { task: fresh })
      set(await readRecord(client, task.data.taskId))
    },
    onNodes: async () => {
      const { task } = get()
      set(await readChoices(client))
      if (task.status === 'ready' && task.data) set(await readPlaces(client, task.data.taskId))
      checker.start()
    },
    stopAll: async () => {
      const { task } = get()
      if (task.status !== 'ready' || !task.data) return 0
      const { historyIds } = await client.tasks.stop({ taskId: task.data.taskId })
      set(await readRecord(client, task.data.taskId))
      return historyIds.length
    },
    close: checker.stop,
  }))
  return store
}

export const editorContext = storeContext<EditorState>('editor')
