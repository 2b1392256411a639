import {
  applyTo,
  homeless,
  readEnvironment,
  readSchedule,
  readTaskEntry,
  type EntryContext,
} from './pswebhost-task.ts'
import { draftEntry, rejectedEntry, type Draft, type Entry, type ExistingTask } from './types.ts'
import { booleanOf, isAbsent, isLoose, kindOf, property, textOf, type Loose } from './values.ts'

/**
 * `PsWebHost_Data/config/tasks.json` (C): what administrators changed at run time. PSWebHost compared names
 * without case, took `schedule` and `environment` whole, and treated `custom` entries, and entries with a
 * script that nobody defined, as tasks of their own.
 */

const sameText = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

const OVERRIDABLE = new Set(['name', 'appname', 'enabled', 'schedule', 'environment', 'deleted'])
const BOOKKEEPING = new Set(['lastmodified', 'modifiedby', 'overridden', 'source', 'sourcefile'])

interface Overridden {
  value: Loose
  name: string
  appName: string
}

/** Definitions with their overrides applied, then the tasks that only the overrides know. */
export const applyOverrides = (
  definitions: readonly Entry[],
  values: readonly unknown[],
  context: EntryContext,
  existing: readonly ExistingTask[],
): Entry[] => {
  const entries = [...definitions]
  for (const value of values) {
    if (!isLoose(value) || isAbsent(textOf(property(value, 'name')))) {
      const reason = isLoose(value) ? 'name: is missing' : `the entry is ${kindOf(value)}, not a task`
      entries.push(rejectedEntry({ source: context.source, name: null, appName: null, reason }))
      continue
    }
    const override = {
      value,
      name: textOf(property(value, 'name')) ?? '',
      appName: textOf(property(value, 'appName')) ?? '',
    }
    const index = entries.findIndex((entry) => isDefinitionOf(entry, override))
    const definition = entries[index]
    if (definition?.kind === 'draft') entries[index] = overridden(definition.draft, override, context.source)
    else entries.push(ownTask(override, context, existing))
  }
  return entries
}

const isDefinitionOf = (entry: Entry, { name, appName }: Overridden): boolean =>
  entry.kind === 'draft' &&
  entry.draft.name !== null &&
  sameText(entry.draft.name, name) &&
  sameText(entry.draft.appName, appName)

const overridden = (draft: Draft, { value }: Overridden, source: string): Entry => {
  const both = `${draft.source} + ${source}`
  const { name, appName } = draft
  if (booleanOf(property(value, 'deleted')) === true)
    return rejectedEntry({ source: both, name, appName, reason: 'was deleted in PSWebHost (deleted: true)' })
  const next: Draft = { ...draft, source: both, fields: { ...draft.fields }, warnings: [...draft.warnings] }
  const problem = applyTo(next, (target) => applyFields(value, target))
  return problem === null ? draftEntry(next) : rejectedEntry({ source: both, name, appName, reason: problem })
}

const applyFields = (value: Loose, draft: Draft): void => {
  const enabled = booleanOf(property(value, 'enabled'))
  if (enabled !== undefined) {
    draft.fields.enabled = enabled
    draft.warnings = draft.warnings.filter((warning) => !warning.startsWith('enabled is not set'))
  }
  const schedule = property(value, 'schedule')
  if (!isAbsent(schedule)) {
    delete draft.fields.schedule
    draft.warnings = draft.warnings.filter((warning) => !warning.startsWith('there is no cron'))
    readSchedule(schedule, draft)
  }
  readEnvironment(property(value, 'environment'), draft)
  const custom = booleanOf(property(value, 'custom')) === true
  const others = Object.keys(value).filter((key) => {
    const lower = key.toLowerCase()
    return !OVERRIDABLE.has(lower) && !BOOKKEEPING.has(lower) && !(lower === 'custom' && !custom)
  })
  if (others.length > 0) draft.warnings.push(`the override’s ${homeless(others)}`)
}

const ownTask = (override: Overridden, context: EntryContext, existing: readonly ExistingTask[]): Entry => {
  const { value, name, appName } = override
  const at = { source: context.source, name, appName }
  if (booleanOf(property(value, 'deleted')) === true)
    return rejectedEntry({ ...at, reason: 'was deleted in PSWebHost (deleted: true)' })
  // Custom tasks belong to an app by name only: their script was always looked up from the project root.
  if (booleanOf(property(value, 'custom')) === true || !isAbsent(property(value, 'scriptPath')))
    return readTaskEntry(value, { ...context, appName, base: '' })
  const known = existing.find((task) => sameText(task.taskName, name) && sameText(task.appName, appName))
  if (!known)
    return rejectedEntry({
      ...at,
      reason: 'overrides a task that is neither among these files nor on this cluster',
    })
  const fields = { taskName: known.taskName, appName: known.appName }
  return overridden(
    { ...at, name: known.taskName, appName: known.appName, fields, warnings: [] },
    override,
    context.source,
  )
}
