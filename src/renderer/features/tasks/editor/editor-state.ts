import type { StoreApi } from 'zustand/vanilla'
import type { Change } from '../../../../shared/domain/change.ts'
import type { TaskLock } from '../../../../shared/domain/cluster.ts'
import type { AppError, Issue } from '../../../../shared/domain/errors.ts'
import type { ClusterNode, Placement, Placements } from '../../../../shared/domain/node.ts'
import type { Preview } from '../../../../shared/domain/preview.ts'
import type { Run } from '../../../../shared/domain/run.ts'
import type { ScriptPreview } from '../../../../shared/domain/script.ts'
import type { Task, Validation } from '../../../../shared/domain/task.ts'
import type { AppClient } from '../../../client.ts'
import { dataOf, type Loadable } from '../../../lib/loadable.ts'
import type { ReadSpan } from '../../../lib/read-timeline.ts'
import type { TrendData } from '../../../ui/duration-trend/trend.ts'
import { draftOf, emptyDraft, type Draft, type DraftField } from './draft.ts'

/** What one editor knows, and what may be asked of it. */
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
  /** How long its latest runs took. */
  trend: TrendData | null
  saving: boolean
  failure: AppError | null
  /** Somebody saved meanwhile: the record as it is now. */
  theirs: Task | null
  load: () => Promise<void>
  /** The runs of a saved task in a span of time. */
  readTimeline: ReadSpan
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

export type EditorClient = Pick<
  AppClient,
  'tasks' | 'schedules' | 'scripts' | 'nodes' | 'changes' | 'locks' | 'history'
>
export type Slice<K extends keyof EditorState> = Pick<EditorState, K>
export type EditorApi = StoreApi<EditorState>

/** The form as it is once `task` is saved, or empty. */
export const reset = (
  task: Task | null,
): Slice<'task' | 'base' | 'draft' | 'changed' | 'touched' | 'theirs' | 'failure'> => {
  const base = task ? draftOf(task) : emptyDraft
  const ready = { status: 'ready', data: task } as const
  return { task: ready, base, draft: base, changed: [], touched: new Set(), theirs: null, failure: null }
}

/** What is saved of it; null while nothing is. */
export const savedTask = ({ task }: Pick<EditorState, 'task'>): Task | null => dataOf(task)
