import type { ImportItem } from '../import-result.ts'
import type { Task, TaskField, TaskInput, TaskInputRaw, TaskPatch } from '../task.ts'

/** What the import works on: files in, drafts between, a plan out. Nothing here touches a disk or a table. */

export interface SourceFile {
  /** As the caller names it; `/` or `\`. Below `root` when that is known. */
  path: string
  content: string
  /** The installation's folder on this machine, absolute; null when only the content is known. */
  root?: string | null | undefined
}

/** A task as it stands, secrets hidden as `{ "secret": true }`. */
export type ExistingTask = Pick<Task, 'taskId' | TaskField>

/** One entry of a file in our words, holding only the fields that its source has. */
export interface Draft {
  source: string
  name: string | null
  appName: string
  fields: Partial<TaskInputRaw>
  /** A schedule in PSWebHost's cron; its two readings are decided later. */
  cronText?: string
  warnings: string[]
}

/** An entry that cannot become a task, and why. */
export interface Rejected {
  source: string
  name: string | null
  appName: string | null
  reason: string
  warnings?: string[]
}

export type Entry = { kind: 'draft'; draft: Draft } | { kind: 'rejected'; rejected: Rejected }

export const draftEntry = (draft: Draft): Entry => ({ kind: 'draft', draft })
export const rejectedEntry = (rejected: Rejected): Entry => ({ kind: 'rejected', rejected })

export interface PlanInput {
  files: readonly SourceFile[]
  /** Which reading of PSWebHost's cron expressions is taken where the two differ. */
  cron: 'standard' | 'legacy'
  existing: readonly ExistingTask[]
  /** Absolute; scripts outside of all of them are imported with a warning. */
  scriptRoots: readonly string[]
  /** The zone of the importing node: the old system knew only its server's local time. */
  timeZone: string
  /** Epoch ms, for the next runs of both readings. */
  now: number
}

export type PlannedWrite =
  { kind: 'create'; input: TaskInput } | { kind: 'update'; taskId: string; patch: TaskPatch }

export interface PlanItem {
  item: ImportItem
  /** Null for `unchanged` and `skipped`. */
  write: PlannedWrite | null
}

export interface ImportPlan {
  items: PlanItem[]
  /** `WebServer.guid` of the installation, and the file it was read from. */
  node: { nodeId: string; source: string } | null
}
