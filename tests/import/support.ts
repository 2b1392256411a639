import { readFileSync } from 'node:fs'
import path from 'node:path'
import { planImport } from '../../src/shared/domain/import/plan.ts'
import type { ExistingTask, ImportPlan, PlanInput, SourceFile } from '../../src/shared/domain/import/types.ts'
import { taskInputSchema, type TaskInputRaw } from '../../src/shared/domain/task.ts'
import { hideSecrets, isWrittenSecret } from '../../src/shared/domain/secret.ts'

export const FIXTURES = path.join(import.meta.dirname, 'fixtures')
export const INSTALLATION = path.join(FIXTURES, 'installation')

/** A Monday morning in winter, Berlin. */
export const NOW = Date.parse('2026-01-05T08:00:00.000Z')
export const ZONE = 'Europe/Berlin'

export const fixture = (below: string, root: string | null = '/opt/pswebhost'): SourceFile => ({
  path: below,
  content: readFileSync(path.join(INSTALLATION, below), 'utf8'),
  root,
})

export const plan = (files: SourceFile[], options: Partial<PlanInput> = {}): ImportPlan =>
  planImport({
    files,
    cron: 'standard',
    existing: [],
    scriptRoots: ['/opt/pswebhost'],
    timeZone: ZONE,
    now: NOW,
    ...options,
  })

export const yamlTask = (lines: string): SourceFile => ({
  path: 'config/tasks.yaml',
  content: `tasks:\n  - ${lines.trim().split('\n').join('\n    ')}\n`,
  root: '/opt/pswebhost',
})

/** The item of one task by name. */
export const itemOf = (done: ImportPlan, name: string): ImportPlan['items'][number] => {
  const found = done.items.find(({ item }) => item.name === name)
  if (!found) throw new Error(`no item ${name} among ${done.items.map(({ item }) => item.name).join(', ')}`)
  return found
}

/** What the plan would create under that name. */
export const inputOf = (done: ImportPlan, name: string): TaskInputRaw => {
  const { write } = itemOf(done, name)
  if (write?.kind !== 'create') throw new Error(`${name} is not created`)
  return write.input
}

const shown = (values: Record<string, unknown>): Record<string, never> =>
  hideSecrets(
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        isWrittenSecret(value) ? { secret: true } : value,
      ]),
    ),
  ) as Record<string, never>

/** A task as the service would list it after it was created. */
export const stored = (input: TaskInputRaw, taskId = `id-${input.taskName}`): ExistingTask => {
  const task = taskInputSchema.parse(input)
  return {
    ...task,
    taskId,
    timeZone: task.timeZone ?? ZONE,
    parameters: shown(task.parameters),
    environment: shown(task.environment),
  }
}

/** The tasks there are after a plan was carried out. */
export const afterwards = (done: ImportPlan, before: ExistingTask[] = []): ExistingTask[] => {
  const tasks = new Map(before.map((task) => [task.taskId, task]))
  for (const { write } of done.items) {
    if (write?.kind === 'create') {
      const task = stored(write.input, `id-${write.input.appName}-${write.input.taskName}`)
      tasks.set(task.taskId, task)
    }
    if (write?.kind === 'update') {
      const task = tasks.get(write.taskId)
      if (task) tasks.set(write.taskId, { ...task, ...(write.patch as Partial<ExistingTask>) })
    }
  }
  return [...tasks.values()]
}
