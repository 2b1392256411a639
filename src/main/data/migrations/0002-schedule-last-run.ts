import type { SchemaStep } from './schema-step.ts'

/** Lists of tasks by their last run walk the schedule rows in that order (repos/task-stretches.ts). */
export const scheduleLastRun: SchemaStep = {
  name: '0002_schedule_last_run',
  minProgram: '0.1.0',
  up: (schema) => {
    schema.index('Task_Schedule', { name: 'idx_schedule_lastrun', columns: ['LastRun'] })
  },
}
