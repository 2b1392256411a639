import { beforeAll, describe, expect, it } from 'vitest'
import { createOpenApi } from '../../src/main/api/openapi.ts'
import { limitsSchema, taskFields, taskInputSchema, taskPatchSchema } from '../../src/shared/domain/task.ts'
import { LIMIT_HELP, SCHEDULE_HELP, TASK_HELP } from '../../src/shared/domain/task-help.ts'

type Json = Record<string, unknown>

const objectsIn = (value: unknown): Json[] =>
  typeof value !== 'object' || value === null
    ? []
    : [value as Json, ...Object.values(value).flatMap(objectsIn)] // any JSON

/** What is said of a property of this name, wherever it is. */
const saidOf = (schema: unknown, name: string): unknown[] =>
  objectsIn(schema)
    .map(({ properties }) => (properties as Record<string, Json> | undefined)?.[name])
    .filter((property) => property !== undefined)
    .map((property) => property['description'])

describe('the help texts of a task', () => {
  let document: Awaited<ReturnType<typeof createOpenApi>>
  beforeAll(async () => {
    document = await createOpenApi('1.0.0')
  })
  const bodies = (): [string, unknown][] => [
    ['a task', document.components?.schemas?.['Task']],
    ['POST', document.paths?.['/tasks']?.post?.requestBody],
    ['PUT', document.paths?.['/tasks/{taskId}']?.put?.requestBody],
  ]

  it('are in the schemas of what is read and written', () => {
    for (const [name, text] of Object.entries(TASK_HELP)) {
      expect(taskFields, name).toHaveProperty([name, 'description'], text)
      expect(taskPatchSchema.shape, name).toHaveProperty(name)
      expect(taskInputSchema.shape, name).toHaveProperty(name)
    }
    for (const [name, text] of Object.entries(LIMIT_HELP))
      expect(limitsSchema.shape, name).toHaveProperty([name, 'description'], text)
  })

  it('are the descriptions in the API’s document, for what is read, created and changed', () => {
    for (const [where, schema] of bodies()) {
      expect(schema, where).toBeDefined()
      for (const [name, text] of Object.entries({ ...TASK_HELP, ...LIMIT_HELP, ...SCHEDULE_HELP }))
        expect(saidOf(schema, name), `${name} of ${where}`).toContain(text)
    }
  })

  it('say the default of whatever may be left out', () => {
    for (const [name, field] of Object.entries(taskInputSchema.shape))
      if (field.safeParse(undefined).success)
        expect(TASK_HELP[name as keyof typeof TASK_HELP], name).toMatch(/Default: /) // the shape has these keys
  })
})
