import { z } from 'zod'
import { AppError } from '../errors.ts'
import type { ImportItem } from '../import-result.ts'
import { isTimeZone, parseSchedule } from '../schedule.ts'
import { taskFields, taskInputSchema, type TaskInput, type TaskInputRaw } from '../task.ts'
import { readFiles } from './read-files.ts'
import { decideCron, type CronDecision } from './readings.ts'
import { isSameScript } from './script-path.ts'
import { settleSecrets } from './settle-secrets.ts'
import type { Draft, Entry, ExistingTask, ImportPlan, PlanInput, PlanItem, Rejected } from './types.ts'
import { sameJson } from './values.ts'

/**
 * What an import would do, entry by entry; nothing is written. Never throws for what is in the files: a bad
 * file or entry is `skipped` with its reason and the others go on.
 */
export const planImport = (input: PlanInput): ImportPlan => {
  const steps = planSteps(input)
  const items: PlanItem[] = []
  for (;;) {
    const step = steps.next()
    if (step.done) return { items, node: step.value }
    items.push(step.value)
  }
}

/** The same entry by entry, so that a caller with other things to do can pause in between. */
export function* planSteps(input: PlanInput): Generator<PlanItem, ImportPlan['node'], undefined> {
  const { entries, node } = readFiles(input)
  const known = new Map(input.existing.map((task) => [keyOf(task.taskName, task.appName), task]))
  const seen = new Map<string, string>()
  for (const entry of entries) yield planEntry(entry, input, known, seen)
  return node
}

const keyOf = (name: string, appName: string): string => JSON.stringify([name.trim(), appName.trim()])

const planEntry = (
  entry: Entry,
  input: PlanInput,
  known: ReadonlyMap<string, ExistingTask>,
  seen: Map<string, string>,
): PlanItem => {
  if (entry.kind === 'rejected') return skipped(entry.rejected)
  const { draft } = entry
  const key = keyOf(draft.name ?? '', draft.appName)
  const first = seen.get(key)
  if (first !== undefined)
    return skipped({
      ...draft,
      reason: `the same name and app were already taken from ${first}; the first one wins`,
    })
  const planned = planDraft(draft, known.get(key), input)
  if (planned.item.action !== 'skipped') seen.set(key, draft.source)
  return planned
}

const skipped = (
  { source, name, appName, reason, warnings = [] }: Rejected,
  more: Partial<ImportItem> = {},
): PlanItem => ({
  item: { source, name, appName, action: 'skipped', reason, warnings, ...more },
  write: null,
})

const planDraft = (draft: Draft, existing: ExistingTask | undefined, input: PlanInput): PlanItem => {
  const cron =
    draft.cronText === undefined ? null : decideCron(draft.cronText, input.cron, input.timeZone, input.now)
  const readings = cron?.cronReadings ? { cronReadings: cron.cronReadings } : {}
  const warnings = [...draft.warnings, ...(cron?.warnings ?? [])]
  const refuse = (reason: string): PlanItem => skipped({ ...draft, reason, warnings }, readings)
  if (cron?.reason) return refuse(cron.reason)

  const { fields, withheld } = settle(draft, cron, existing, warnings)
  const schema = existing ? patchSchema : taskInputSchema
  const parsed = schema.safeParse(fields)
  if (!parsed.success) return refuse(inWords(parsed.error.issues))
  const problem = scheduleProblem(parsed.data, existing, input.timeZone)
  if (problem) return refuse(problem)

  const item = { source: draft.source, name: draft.name, appName: draft.appName, warnings, ...readings }
  // The schema for new tasks was the one that judged, so every required field is there.
  if (!existing) return created(item, parsed.data as TaskInput, withheld)
  return compared(item, existing, parsed.data)
}

const patchSchema = z.strictObject(taskFields).partial()
type Patch = z.infer<typeof patchSchema>
type PlainItem = Omit<ImportItem, 'action'>

const created = (item: PlainItem, input: TaskInput, withheld: boolean): PlanItem => ({
  item: { ...item, action: 'created' },
  write: { kind: 'create', input: withheld ? { ...input, enabled: false } : input },
})

const compared = (item: PlainItem, existing: ExistingTask, wanted: Patch): PlanItem => {
  const differing = Object.entries(wanted).filter(([field, value]) => {
    if (field === 'scriptPath') return !isSameScript(existing.scriptPath, wanted.scriptPath ?? '')
    return !sameJson(value, existing[field as keyof Patch])
  })
  const at = { ...item, taskId: existing.taskId }
  if (differing.length === 0) return { item: { ...at, action: 'unchanged' }, write: null }
  const patch = Object.fromEntries(differing) as Patch
  return {
    item: { ...at, action: 'updated', reason: `differs in ${differing.map(([field]) => field).join(', ')}` },
    write: { kind: 'update', taskId: existing.taskId, patch },
  }
}

/** The draft's fields with the schedule decided and secrets settled; says so in `warnings`. */
const settle = (
  draft: Draft,
  cron: CronDecision | null,
  existing: ExistingTask | undefined,
  warnings: string[],
): { fields: Partial<TaskInputRaw>; withheld: boolean } => {
  const fields = { ...draft.fields }
  if (cron) fields.schedule = cron.schedule
  const missing: string[] = []
  for (const field of ['parameters', 'environment'] as const) {
    const values = fields[field]
    if (typeof values !== 'object' || values === null || Array.isArray(values)) continue
    const settled = settleSecrets<unknown>(values, existing?.[field] ?? {})
    // Still unproven: the schema judges the values next.
    fields[field] = settled.values as never
    missing.push(...settled.missing.map((name) => `${field}.${name}`))
    for (const name of settled.kept)
      warnings.push(`${field}.${name} is a secret here: its stored value is kept, the file’s is not taken`)
  }
  if (missing.length > 0) {
    const state = existing ? 'its state is left as it is' : 'the task is created disabled'
    warnings.push(
      `${missing.join(', ')}: the secret is not in the file; ${state}, enter the value and enable it`,
    )
    // Re-enabling a task that still lacks its secret would only make it fail.
    if (existing) delete fields.enabled
  }
  return { fields, withheld: missing.length > 0 }
}

const inWords = (issues: z.core.$ZodIssue[]): string =>
  issues.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message)).join('; ')

/** Whether the schedule can fire at all; null when it can, or when there is none. */
const scheduleProblem = (
  fields: Patch,
  existing: ExistingTask | undefined,
  timeZone: string,
): string | null => {
  const zone = fields.timeZone ?? existing?.timeZone ?? timeZone
  // `node` stands for each node's own zone: any will do to judge the expression.
  const judged = zone === 'node' ? timeZone : zone
  if (!isTimeZone(judged))
    return `timeZone: "${zone}" is not a time zone; write an IANA name like Europe/Berlin`
  if (fields.schedule === undefined || fields.schedule === null) return null
  try {
    parseSchedule(fields.schedule, judged)
    return null
  } catch (failure) {
    if (failure instanceof AppError) return `schedule: ${failure.message}`
    throw failure
  }
}
