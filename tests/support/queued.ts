import { insertRun } from '../../src/main/data/repos/runs.ts'
import type { TaskRow } from '../../src/main/data/repos/tasks.ts'
import { newRun } from '../../src/main/services/engine/new-run.ts'
import type { EngineDatabase } from './engine-database.ts'

/** A run of the task waits, as if somebody had asked for it at `scheduledFor`. */
export const queue = async (
  { db }: EngineDatabase,
  task: TaskRow,
  scheduledFor: string,
  more: Parameters<typeof newRun>[1] | object = {},
): Promise<string> => {
  const origin = { scheduleId: null, targetNodeId: null, triggeredBy: 'API' as const }
  const run = newRun(task, { ...origin, scheduledFor, notBefore: scheduledFor, now: scheduledFor, ...more })
  await db.write({ actor: 'test' }, (tx) => insertRun(tx, run))
  return run.historyId
}
