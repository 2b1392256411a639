import { z } from 'zod'
import { calendarInputSchema, calendarSchema } from '../domain/calendar.ts'
import { taskStopSchema } from '../domain/cluster.ts'
import { pageInput, pageSchema } from '../domain/fields.ts'
import { exportSchema, importInputSchema, importResultSchema } from '../domain/import-result.ts'
import { placementsSchema } from '../domain/node.ts'
import { previewInputSchema, previewSchema } from '../domain/preview.ts'
import { runFilterSchema, runSchema } from '../domain/run.ts'
import { parametersSchema } from '../domain/secret.ts'
import {
  scheduleRowSchema,
  taskFilterSchema,
  taskInputSchema,
  taskPatchSchema,
  taskSchema,
  validationSchema,
} from '../domain/task.ts'
import { upcomingInputSchema, upcomingSchema } from '../domain/upcoming.ts'
import { byTask, procedure } from './base.ts'

const tags = ['tasks']

export const tasks = {
  list: procedure
    .route({ method: 'GET', path: '/tasks', tags, summary: 'Tasks by name, filtered, a page at a time' })
    .input(taskFilterSchema)
    .output(pageSchema(taskSchema)),
  create: procedure
    .route({ method: 'POST', path: '/tasks', tags, successStatus: 201, summary: 'Create a task' })
    .input(taskInputSchema)
    .output(taskSchema),
  get: procedure
    .route({ method: 'GET', path: '/tasks/{taskId}', tags, summary: 'One task' })
    .input(byTask)
    .output(taskSchema),
  update: procedure
    .route({
      method: 'PUT',
      path: '/tasks/{taskId}',
      tags,
      summary: 'Change any subset of a task’s fields',
      description: 'A stale `If-Match` (or a stale `version` in the body) is 409 with the current record.',
    })
    .input(taskPatchSchema.required({ taskId: true }))
    .output(taskSchema),
  remove: procedure
    .route({ method: 'DELETE', path: '/tasks/{taskId}', tags, successStatus: 204, summary: 'Delete a task' })
    .input(byTask)
    .output(z.void()),
  run: procedure
    .route({
      method: 'POST',
      path: '/tasks/{taskId}/run',
      tags,
      successStatus: 202,
      summary: 'Run now, here or on a node, perhaps with other parameters',
    })
    .input(byTask.extend({ nodeId: z.string().max(36).nullish(), parameters: parametersSchema.nullish() }))
    .output(z.object({ historyId: z.string(), historyIds: z.array(z.string()) })),
  stop: procedure
    .route({
      method: 'POST',
      path: '/tasks/{taskId}/stop',
      tags,
      successStatus: 202,
      summary: 'Stop every run of a task, on all nodes; waiting ones are cancelled',
    })
    .input(byTask)
    .output(taskStopSchema),
  nodes: procedure
    .route({
      method: 'GET',
      path: '/tasks/{taskId}/nodes',
      tags,
      summary: 'On which nodes a task runs, and why not on the others',
    })
    .input(byTask)
    .output(placementsSchema),
  schedule: procedure
    .route({ method: 'GET', path: '/tasks/{taskId}/schedule', tags, summary: 'The schedule rows of a task' })
    .input(byTask)
    .output(z.object({ items: z.array(scheduleRowSchema) })),
  history: procedure
    .route({
      method: 'GET',
      path: '/tasks/{taskId}/history',
      tags,
      summary: 'Runs of one task, newest first',
    })
    .input(runFilterSchema.omit({ task: true }).extend(byTask.shape).extend(pageInput))
    .output(pageSchema(runSchema)),
  validate: procedure
    .route({ method: 'POST', path: '/tasks/validate', tags, summary: 'What saving this task would mean' })
    .input(z.record(z.string(), z.json()))
    .output(validationSchema),
  import: procedure
    .route({ method: 'POST', path: '/tasks/import', tags, summary: 'Import PSWebHost files or an export' })
    .input(importInputSchema)
    .output(importResultSchema),
  export: procedure
    .route({ method: 'GET', path: '/tasks/export', tags, summary: 'Every task as one document' })
    .input(z.strictObject({}))
    .output(exportSchema),
}

export const schedules = {
  preview: procedure
    .route({
      method: 'POST',
      path: '/schedules/preview',
      tags,
      summary: 'A schedule in words and its next runs',
    })
    .input(previewInputSchema)
    .output(previewSchema),
  upcoming: procedure
    .route({ method: 'GET', path: '/schedules/upcoming', tags, summary: 'What the next hours bring' })
    .input(upcomingInputSchema)
    .output(upcomingSchema),
  calendar: procedure
    .route({
      method: 'GET',
      path: '/schedules/calendar',
      tags,
      summary: 'What comes, by day and hour, and where it will clash',
      description:
        'Slots of one task in one hour are one entry. All tasks count for what clashes, `node` and `task` say which are shown. Nodes do not tell their time zone: times of tasks in the zone `node` are those of the node that answers, and marked where they are of others too (`assumedZone`).',
    })
    .input(calendarInputSchema)
    .output(calendarSchema),
}
