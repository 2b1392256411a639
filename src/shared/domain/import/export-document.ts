import { z } from 'zod'
import { isoTimeSchema } from '../fields.ts'
import { taskFields, taskInputSchema, type Task, type TaskField } from '../task.ts'
import { EXPORT_FORMAT } from './source-kind.ts'
import { draftEntry, rejectedEntry, type Draft, type Entry } from './types.ts'
import { isLoose, kindOf, property, textOf } from './values.ts'

/** Our own export: every field a caller may write, secrets as `{ "secret": true }`. */

export const EXPORT_VERSION = 1
/** Relative: the schema is published beside the documents (resources/export.schema.json). */
export const EXPORT_SCHEMA = './export.schema.json'

export const exportDocumentSchema = z.strictObject({
  $schema: z.string().optional(),
  format: z.literal(EXPORT_FORMAT),
  version: z.literal(EXPORT_VERSION),
  exportedAt: isoTimeSchema,
  tasks: z.array(taskInputSchema),
})

const FIELDS = Object.keys(taskFields) as TaskField[]

/** A task as it is exported: what may be written, and nothing of its running state. */
export const exportedTask = (task: Pick<Task, TaskField>): Record<string, z.core.util.JSONType> =>
  Object.fromEntries(FIELDS.map((field) => [field, task[field] as z.core.util.JSONType]))

/** The published JSON schema of what an import accepts. */
export const exportJsonSchema = (): Record<string, unknown> => ({
  ...z.toJSONSchema(exportDocumentSchema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // The one custom type among the fields: a secret value of `environment`.
      if (zodSchema._zod.def.type === 'custom') Object.assign(jsonSchema, SECRET)
    },
  }),
  title: 'Tasks of PSWebHost Cluster',
})

const SECRET = {
  type: 'object',
  properties: { secret: { anyOf: [{ type: 'string' }, { const: true }] } },
  required: ['secret'],
  additionalProperties: false,
}

export const readExport = (value: unknown, source: string): Entry[] => {
  const version = isLoose(value) ? property(value, 'version') : undefined
  if (version !== EXPORT_VERSION)
    return [
      rejectedFile(
        source,
        `version: is ${textOf(version) ?? kindOf(version)}, this program reads ${EXPORT_VERSION}`,
      ),
    ]
  const tasks = isLoose(value) ? property(value, 'tasks') : undefined
  if (!Array.isArray(tasks)) return [rejectedFile(source, `tasks: is ${kindOf(tasks)}, not a list`)]
  return tasks.map((task: unknown) => readExported(task, source))
}

const readExported = (task: unknown, source: string): Entry => {
  if (!isLoose(task)) return rejectedFile(source, `the entry is ${kindOf(task)}, not a task`)
  const name = textOf(task['taskName']) ?? null
  const appName = textOf(task['appName']) ?? ''
  if (!name) return rejectedEntry({ source, name: null, appName, reason: 'taskName: is missing' })
  // The planner validates every field, so the entry is a draft of unproven fields here.
  const fields = task as Draft['fields']
  return draftEntry({ source, name, appName, fields: { ...fields, appName }, warnings: [] })
}

const rejectedFile = (source: string, reason: string): Entry =>
  rejectedEntry({ source, name: null, appName: null, reason })
