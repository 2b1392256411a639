import type { Task } from '../../../shared/domain/task.ts'
import { describeSchedule } from '../../../shared/domain/schedule/describe.ts'

/** `manual only`, `every 30 min`, `Mon–Fri at 08:10`. */
export const scheduleWords = (task: Pick<Task, 'schedule' | 'timeZone'>): string =>
  describeSchedule(task.schedule, task.timeZone)

/** `this · that`, leaving out what is not there. */
export const joined = (...parts: (string | null | undefined | false)[]): string =>
  parts.filter(Boolean).join(' · ')
