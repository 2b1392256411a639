import { homeless, type EntryContext } from './pswebhost-task.ts'
import { placeScript } from './script-path.ts'
import { draftEntry, rejectedEntry, type Draft, type Entry } from './types.ts'
import { isAbsent, isLoose, kindOf, property, textOf, type Loose } from './values.ts'

/**
 * `apps/<App>/jobs/<Job>/job.json` (D). PSWebHost showed `default_schedule` but never acted on it, so the
 * task is imported for manual runs. `template_variables` tells the person who starts the job what each
 * `{{Var}}` means: in names it reads as that description, values for it are the person's to give.
 */
export const readCatalogJob = (value: unknown, jobName: string, context: EntryContext): Entry => {
  const { source, appName } = context
  if (!isLoose(value))
    return rejectedEntry({
      source,
      name: jobName,
      appName,
      reason: `the file is ${kindOf(value)}, not a job`,
    })
  const variables = property(value, 'template_variables')
  const fill = filler(isLoose(variables) ? variables : {})
  const name = fill(textOf(property(value, 'Name')) || jobName)
  const script = textOf(property(value, 'ScriptRelativePath'))
  if (!script) return rejectedEntry({ source, name, appName, reason: 'ScriptRelativePath: is missing' })

  const place = placeScript(fill(script), context.base, context.root, context.scriptRoots)
  const draft: Draft = {
    source,
    name,
    appName,
    fields: { taskName: name, appName, scriptPath: place.path, schedule: null },
    warnings: place.warning ? [place.warning] : [],
  }
  const description = textOf(property(value, 'Description'))
  if (description) draft.fields.description = fill(description)
  readArguments(property(value, 'argumentlist'), draft)
  warnOfSchedule(property(value, 'default_schedule'), draft)
  warnOfVariables(value, draft)
  nameHomeless(value, draft)
  return draftEntry(draft)
}

/** Replaces `{{Var}}` by its description; a variable that nothing describes keeps its name. */
const filler =
  (variables: Loose) =>
  (text: string): string =>
    text.replace(/\{\{(\w+)\}\}/g, (_whole, name: string) => textOf(property(variables, name)) || name)

const readArguments = (list: unknown, draft: Draft): void => {
  if (isAbsent(list) || (Array.isArray(list) && list.length === 0)) return
  if (isLoose(list)) {
    draft.fields.parameters = list as NonNullable<Draft['fields']['parameters']>
    return
  }
  const count = Array.isArray(list) ? list.length : 1
  // The values are not repeated: arguments of old jobs hold passwords now and then.
  draft.warnings.push(`argumentlist has ${count} value(s) without names: set them as parameters of the task`)
}

const warnOfSchedule = (schedule: unknown, draft: Draft): void => {
  const text = textOf(schedule)
  if (text)
    draft.warnings.push(
      `default_schedule "${text}" was only displayed by PSWebHost and never acted on: the task is imported for manual runs; set the schedule here if it should run by itself`,
    )
}

const warnOfVariables = (value: Loose, draft: Draft): void => {
  const used = [...new Set([...JSON.stringify(value).matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name))]
  if (used.length > 0)
    draft.warnings.push(
      `${used.map((name) => `{{${name}}}`).join(', ')} was given at each start by the person or by init-job.ps1: add it as a parameter of the task if the script needs it`,
    )
}

const READ = new Set(
  'name description scriptrelativepath argumentlist default_schedule template_variables'.split(' '),
)

const nameHomeless = (value: Loose, draft: Draft): void => {
  const others = Object.keys(value).filter((key) => !READ.has(key.toLowerCase()) && !isAbsent(value[key]))
  if (others.length > 0) draft.warnings.push(homeless(others))
}
