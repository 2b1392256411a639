import { environmentSchema } from '../environment-schema.ts'
import { placeScript } from './script-path.ts'
import { draftEntry, rejectedEntry, type Draft, type Entry } from './types.ts'
import {
  booleanOf,
  isAbsent,
  isLoose,
  kindOf,
  numberOf,
  property,
  sameJson,
  textOf,
  type Loose,
} from './values.ts'

/** One entry of a PSWebHost task list, flat (A), nested (B) or custom (C), in our words. */

export interface EntryContext {
  source: string
  appName: string
  /** The folder that a flat `scriptPath` is relative to, below the installation: `apps/<App>` or ''. */
  base: string
  root: string | null
  scriptRoots: readonly string[]
}

/** The fields read below; all others have no home here and are named in a warning. */
const READ = new Set(
  'name appName description enabled schedule scriptPath script termination environment tags custom'
    .toLowerCase()
    .split(' '),
)
/** Keys that PSWebHost itself writes into the list at run time: no setting of the user is lost with them. */
const BOOKKEEPING = new Set('source sourcefile approot overridden deleted lastmodified modifiedby'.split(' '))

/** Thrown by the readers below and turned into a skipped item; never leaves this file. */
class BadField extends Error {}

const bad = (field: string, value: unknown, may: string): BadField =>
  new BadField(`${field}: is ${kindOf(value)}, but ${may}`)

export const readTaskEntry = (value: unknown, context: EntryContext): Entry => {
  const { source, appName } = context
  if (!isLoose(value))
    return rejectedEntry({ source, name: null, appName, reason: `the entry is ${kindOf(value)}, not a task` })
  const name = textOf(property(value, 'name')) ?? ''
  if (name === '') return rejectedEntry({ source, name: null, appName, reason: 'name: is missing' })
  try {
    return draftEntry(readDraft(value, name, context))
  } catch (failure) {
    if (!(failure instanceof BadField)) throw failure
    return rejectedEntry({ source, name, appName, reason: failure.message })
  }
}

const readDraft = (value: Loose, name: string, context: EntryContext): Draft => {
  const { source, appName } = context
  const draft: Draft = { source, name, appName, fields: { taskName: name, appName }, warnings: [] }
  readText(value, draft)
  readScript(value, draft, context)
  readEnabled(value, draft)
  readSchedule(property(value, 'schedule'), draft)
  readTermination(value, draft)
  readEnvironment(property(value, 'environment'), draft)
  readTags(property(value, 'tags'), draft)
  nameHomeless(value, draft)
  return draft
}

const readText = (value: Loose, draft: Draft): void => {
  const description = property(value, 'description')
  if (isAbsent(description)) return
  const text = textOf(description)
  if (text === undefined) throw bad('description', description, 'must be text')
  draft.fields.description = text
}

/** Flat paths are relative to the app, nested ones to the whole installation. */
const readScript = (value: Loose, draft: Draft, context: EntryContext): void => {
  const flat = property(value, 'scriptPath')
  const nested = property(value, 'script')
  if (!isAbsent(flat)) return setScript(flat, 'scriptPath', context.base, draft, context)
  if (typeof nested === 'string' && !isAbsent(nested))
    return setScript(nested, 'script', context.base, draft, context)
  if (!isLoose(nested)) throw new BadField('scriptPath: is missing, so there is nothing to run')
  const type = textOf(property(nested, 'type')) ?? 'file'
  if (type.toLowerCase() !== 'file')
    throw new BadField(`script.type: is "${type}", but only script files can be run here; save it as a file`)
  setScript(property(nested, 'path'), 'script.path', '', draft, context)
}

const setScript = (
  value: unknown,
  field: string,
  base: string,
  draft: Draft,
  { root, scriptRoots }: EntryContext,
): void => {
  const text = textOf(value)
  if (!text) throw bad(field, value, 'must name a script')
  const { path, warning } = placeScript(text, base, root, scriptRoots)
  draft.fields.scriptPath = path
  if (warning) draft.warnings.push(warning)
}

const readEnabled = (value: Loose, draft: Draft): void => {
  const enabled = property(value, 'enabled')
  if (isAbsent(enabled)) {
    draft.warnings.push('enabled is not set: PSWebHost did not start such a task, here it is enabled')
    return
  }
  const flag = booleanOf(enabled)
  if (flag === undefined) throw bad('enabled', enabled, 'must be true or false')
  draft.fields.enabled = flag
}

/** `"0 4 * * 0"` or `{ cron: "0 4 * * 0" }`; absent means manual, as it did. */
export const readSchedule = (schedule: unknown, draft: Draft): void => {
  if (schedule === undefined) return
  const cron = isLoose(schedule) ? property(schedule, 'cron') : schedule
  if (isAbsent(cron)) {
    draft.fields.schedule = null
    draft.warnings.push('there is no cron expression: the task runs only when someone starts it')
    return
  }
  if (typeof cron !== 'string') throw bad('schedule', cron, 'must be a cron expression like "30 2 * * *"')
  draft.cronText = cron
  if (!isLoose(schedule)) return
  const others = Object.keys(schedule).filter((key) => key.toLowerCase() !== 'cron')
  if (others.length > 0) draft.warnings.push(homeless(others.map((key) => `schedule.${key}`)))
}

const readTermination = (value: Loose, draft: Draft): void => {
  const termination = property(value, 'termination')
  if (isAbsent(termination)) return
  if (!isLoose(termination))
    throw bad('termination', termination, 'must be an object like { maxRuntime: 900 }')
  const runtime = property(termination, 'maxRuntime')
  // Zero meant "no limit" in PSWebHost, and does so here as null.
  if (!isAbsent(runtime)) draft.fields.timeout = seconds(runtime)
  const others = Object.keys(termination).filter((key) => key.toLowerCase() !== 'maxruntime')
  // A run that exceeds its timeout is always killed here, which is what killOnTimeout: true asks for.
  const lost = others.filter(
    (key) => key.toLowerCase() !== 'killontimeout' || booleanOf(termination[key]) !== true,
  )
  if (lost.length > 0) draft.warnings.push(homeless(lost.map((key) => `termination.${key}`)))
}

const seconds = (value: unknown): number | null => {
  const number = numberOf(value)
  if (number === undefined || number < 0)
    throw bad('termination.maxRuntime', value, 'must be a number of seconds like 900')
  return number === 0 ? null : Math.ceil(number)
}

/** Values become text; a name that may not be set here is left out and named. */
export const readEnvironment = (environment: unknown, draft: Draft): void => {
  if (isAbsent(environment)) return
  if (!isLoose(environment)) throw bad('environment', environment, 'must be an object of names and values')
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(environment)) {
    const text = value === null ? '' : (textOf(value) ?? JSON.stringify(value))
    const problem = environmentSchema.safeParse({ [name]: text }).error?.issues[0]?.message
    if (problem) draft.warnings.push(`environment.${name} is not taken: ${problem}`)
    else kept[name] = typeof value === 'string' ? value : text
    if (typeof value === 'object' && value !== null)
      draft.warnings.push(`environment.${name} is ${kindOf(value)} and is passed as JSON text`)
  }
  draft.fields.environment = kept
}

const readTags = (tags: unknown, draft: Draft): void => {
  if (isAbsent(tags)) return
  const list = Array.isArray(tags) ? (tags as unknown[]) : [tags]
  const texts = list.map(textOf)
  if (texts.some((text) => text === undefined)) throw bad('tags', tags, 'must be a list of words')
  draft.fields.tags = [...new Set(texts.filter((text) => text !== undefined && text !== ''))] as string[]
}

const nameHomeless = (value: Loose, draft: Draft): void => {
  const others = Object.keys(value).filter((key) => {
    const lower = key.toLowerCase()
    return !READ.has(lower) && !BOOKKEEPING.has(lower) && !isAbsent(value[key]) && !sameJson(value[key], [])
  })
  if (others.length > 0) draft.warnings.push(homeless(others))
}

export const homeless = (fields: string[]): string =>
  `${fields.join(', ')} ${fields.length === 1 ? 'has' : 'have'} no home here and ${fields.length === 1 ? 'is' : 'are'} not imported`

/** Runs a reader on an existing draft: its refusal as text, or null. */
export const applyTo = (draft: Draft, apply: (draft: Draft) => void): string | null => {
  try {
    apply(draft)
    return null
  } catch (failure) {
    if (failure instanceof BadField) return failure.message
    throw failure
  }
}
