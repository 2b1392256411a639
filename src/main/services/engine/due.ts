import type { DuePlan } from '../../../shared/domain/schedule.ts'
import type { ScheduleRowRow } from '../../data/repos/schedules.ts'
import type { TaskRow } from '../../data/repos/tasks.ts'

/** A schedule row whose slot has come, and what it belongs to. */
export interface Due {
  row: ScheduleRowRow & { nextRun: string }
  task: TaskRow
  now: string
}

/** What becomes of a due row; `problem`: its schedule cannot be read. */
export interface Planned extends Due {
  plan: DuePlan
  problem: string | null
}
