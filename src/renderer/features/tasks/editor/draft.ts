import { sameJson } from '../../../../shared/domain/diff.ts'
import type { Issue } from '../../../../shared/domain/errors.ts'
import type { Limits, ScriptType, Task, TaskInputRaw } from '../../../../shared/domain/task.ts'
import { draftOfSchedule, scheduleOf, type ScheduleDraft } from './schedule-draft.ts'
import { kindOf, TARGET_FIELDS, targetIssues, type TargetDraft } from './target-draft.ts'
import { rowIssues, rowsOf, valuesOf, type ValueRow } from './value-draft.ts'

/** A task as the form holds it: texts instead of nulls, numbers that may be empty while they are typed. */
export interface Draft extends TargetDraft {
  taskName: string
  appName: string
  description: string
  enabled: boolean
  scriptPath: string
  scriptType: ScriptType | ''
  scriptHash: string
  schedule: ScheduleDraft
  timeZone: string
  timeout: number | ''
  maxRetries: number | ''
  retryDelay: number | ''
  retryBackoff: number | ''
  overlapPolicy: Task['overlapPolicy']
  misfirePolicy: Task['misfirePolicy']
  misfireWindow: number | ''
  onLeaseLost: Task['onLeaseLost']
  priority: number | ''
  limits: LimitsDraft
  parameters: ValueRow[]
  environment: ValueRow[]
  tags: string[]
}

/** What a task has, too; the kind of its target is the form's own. */
export type DraftField = Exclude<keyof Draft, 'targetKind'>

/** Limits while they are typed; empty: none. */
export type LimitName = Exclude<keyof Limits, 'locks'>
export type LimitsDraft = Record<LimitName, number | ''> & Pick<Limits, 'locks'>

const noLimits: LimitsDraft = {
  maxConcurrent: '',
  memoryMb: '',
  cpuSeconds: '',
  processes: '',
  outputBytes: '',
  locks: [],
}
const LIMIT_NAMES = Object.keys(noLimits).filter((name): name is LimitName => name !== 'locks')

const limitsDraftOf = (limits: Limits | null): LimitsDraft =>
  limits
    ? {
        ...noLimits,
        locks: limits.locks ?? [],
        ...Object.fromEntries(LIMIT_NAMES.map((name) => [name, limits[name] ?? ''])),
      }
    : noLimits

/** No limit at all is null, as tasks without limits have it. */
const limitsOf = (draft: LimitsDraft): TaskInputRaw['limits'] => {
  const set = LIMIT_NAMES.filter((name) => draft[name] !== '')
  if (set.length === 0 && draft.locks.length === 0) return null
  const numbers = LIMIT_NAMES.map((name) => [name, draft[name] === '' ? null : draft[name]] as const)
  return { ...Object.fromEntries<number | null>(numbers), locks: draft.locks }
}

/** The defaults of the interface, for a task that is written anew. */
export const emptyDraft: Draft = {
  taskName: '',
  appName: '',
  description: '',
  enabled: true,
  scriptPath: '',
  scriptType: '',
  scriptHash: '',
  schedule: draftOfSchedule(null),
  timeZone: '',
  targetKind: 'any',
  assignedNodeId: '',
  assignedNodeGroup: '',
  assignedNodeRole: '',
  runOn: '',
  timeout: '',
  maxRetries: 0,
  retryDelay: 60,
  retryBackoff: 1,
  overlapPolicy: 'Skip',
  misfirePolicy: 'Last',
  misfireWindow: 86_400,
  onLeaseLost: 'Finish',
  priority: 0,
  limits: noLimits,
  parameters: [],
  environment: [],
  tags: [],
}

export const draftOf = (task: Task): Draft => ({
  ...task,
  description: task.description ?? '',
  scriptType: task.scriptType ?? '',
  scriptHash: task.scriptHash ?? '',
  schedule: draftOfSchedule(task.schedule),
  targetKind: kindOf(task),
  assignedNodeId: task.assignedNodeId ?? '',
  assignedNodeGroup: task.assignedNodeGroup ?? '',
  assignedNodeRole: task.assignedNodeRole ?? '',
  runOn: task.runOn ?? '',
  timeout: task.timeout ?? '',
  limits: limitsDraftOf(task.limits),
  parameters: rowsOf(task.parameters),
  environment: rowsOf(task.environment),
})

/**
 * A new task that starts as another one is. Its secrets cannot be read, so they are to be typed again; it is
 * disabled, or the same work would be done twice.
 */
export const copyOf = (task: Task): Draft => {
  const forget = (rows: ValueRow[]): ValueRow[] => rows.map((row) => ({ ...row, stored: false }))
  const draft = draftOf(task)
  return {
    ...draft,
    taskName: `${task.taskName} (copy)`,
    enabled: false,
    parameters: forget(draft.parameters),
    environment: forget(draft.environment),
  }
}

/** An empty number goes out as what is no number: the node refuses it in its own words. */
const number = (value: number | ''): number => (value === '' ? NaN : value)
const orNull = <T extends string>(text: T | ''): T | null => (text === '' ? null : text)

/** The task as it would be saved. */
export const inputOf = (draft: Draft): Required<Omit<TaskInputRaw, 'timeZone'>> & { timeZone?: string } => ({
  taskName: draft.taskName,
  appName: draft.appName,
  description: orNull(draft.description),
  enabled: draft.enabled,
  scriptPath: draft.scriptPath,
  scriptType: orNull(draft.scriptType),
  scriptHash: orNull(draft.scriptHash),
  schedule: scheduleOf(draft.schedule),
  ...(draft.timeZone && { timeZone: draft.timeZone }),
  assignedNodeId: orNull(draft.assignedNodeId),
  assignedNodeGroup: orNull(draft.assignedNodeGroup),
  assignedNodeRole: orNull(draft.assignedNodeRole),
  runOn: orNull(draft.runOn),
  timeout: draft.timeout === '' ? null : draft.timeout,
  maxRetries: number(draft.maxRetries),
  retryDelay: number(draft.retryDelay),
  retryBackoff: number(draft.retryBackoff),
  overlapPolicy: draft.overlapPolicy,
  misfirePolicy: draft.misfirePolicy,
  misfireWindow: number(draft.misfireWindow),
  onLeaseLost: draft.onLeaseLost,
  priority: number(draft.priority),
  limits: limitsOf(draft.limits) ?? null,
  parameters: valuesOf(draft.parameters),
  // The contract narrows this to text and secrets; what else the form let through, the node refuses by name.
  environment: valuesOf(draft.environment) as NonNullable<TaskInputRaw['environment']>,
  tags: draft.tags,
})

export type DraftInput = ReturnType<typeof inputOf>

export const isDraftField = (name: string | number | undefined): name is DraftField =>
  typeof name === 'string' && name in FIELD_LABELS

/**
 * The fields of `draft` that would be saved with another value than `base` has, and the one that another kind of
 * target asks for and that is empty yet.
 */
export const changedFields = (base: Draft, draft: Draft): DraftField[] => {
  const [before, after] = [inputOf(base), inputOf(draft)]
  const asked =
    draft.targetKind === base.targetKind ? [] : targetIssues(draft).map(({ path: [field] }) => field)
  return Object.keys(draft)
    .filter(isDraftField) // draftOf's extra ones are not in the input
    .filter((field) => asked.includes(field) || !sameJson(before[field], after[field]))
}

/** What only the form can see, and the node would save. */
export const draftIssues = (draft: Draft): Issue[] => [
  ...targetIssues(draft),
  ...rowIssues('parameters', draft.parameters),
  ...rowIssues('environment', draft.environment),
]

/** Mine where I changed it since `base`, theirs everywhere else; of a target all or nothing. */
export const merged = (base: Draft, mine: Draft, theirs: Draft): Draft => {
  const changed = changedFields(base, mine)
  const isTargetMine = TARGET_FIELDS.some((field) => changed.includes(field))
  const kept = isTargetMine ? ([...changed, ...TARGET_FIELDS, 'targetKind'] as const) : changed
  return { ...theirs, ...(Object.fromEntries(kept.map((field) => [field, mine[field]])) as Partial<Draft>) } // pairs of a Draft's own fields
}

/** The words of the form for each field: the change log and the stale save say the same. */
export const FIELD_LABELS: Record<DraftField, string> = {
  taskName: 'Name',
  appName: 'App',
  description: 'Description',
  enabled: 'Enabled',
  scriptPath: 'Script',
  scriptType: 'Script type',
  scriptHash: 'Pinned hash',
  schedule: 'Schedule',
  timeZone: 'Time zone',
  assignedNodeId: 'Node',
  assignedNodeGroup: 'Group',
  assignedNodeRole: 'Role',
  runOn: 'How often',
  timeout: 'Timeout',
  maxRetries: 'Retries',
  retryDelay: 'Retry delay',
  retryBackoff: 'Backoff',
  overlapPolicy: 'Overlap',
  misfirePolicy: 'If missed',
  misfireWindow: 'Missed within',
  onLeaseLost: 'If cut off',
  priority: 'Priority',
  limits: 'Limits',
  parameters: 'Parameters',
  environment: 'Environment',
  tags: 'Tags',
}

/** `Name: `, before what is wrong with it; nothing where it is of no field. */
export const labelOf = ({ path: [first] }: Issue): string =>
  isDraftField(first) ? `${FIELD_LABELS[first]}: ` : ''
