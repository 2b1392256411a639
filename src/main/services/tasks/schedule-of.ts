import { AppError } from '../../../shared/domain/errors.ts'
import { NODE_ZONE } from '../../../shared/domain/task.ts'
import {
  isTimeZone,
  parseSchedule,
  systemTimeZone,
  type Schedule,
  type ScheduleSpec,
} from '../../../shared/domain/schedule.ts'

export interface Scheduled {
  schedule: ScheduleSpec | null
  timeZone: string
}

/** @throws AppError BAD_REQUEST with paths below `schedule`, or at `timeZone`. */
export const scheduleOf = (task: Scheduled): Schedule | null => {
  const zone = task.timeZone === NODE_ZONE ? systemTimeZone() : task.timeZone
  if (!isTimeZone(zone)) {
    const message = `"${zone}" is not a time zone; write an IANA name like Europe/Berlin or UTC`
    throw new AppError('BAD_REQUEST', `timeZone: ${message}`, { issues: [{ path: ['timeZone'], message }] })
  }
  if (task.schedule === null) return null
  try {
    return parseSchedule(task.schedule, zone)
  } catch (error) {
    if (!(error instanceof AppError) || !error.issues) throw error
    const issues = error.issues.map((issue) => ({ ...issue, path: ['schedule', ...issue.path] }))
    throw new AppError('BAD_REQUEST', `schedule: ${error.message}`, { issues })
  }
}

/**
 * Parsed schedules by what they say and where, so that a tick does not parse the same cron again and again:
 * thousands of tasks share a few. Bounded: the oldest entries go first.
 */
export const createScheduleCache = (size = 20_000) => {
  const cache = new Map<string, Schedule | null>()
  return (task: Scheduled): Schedule | null => {
    const key = `${task.timeZone} ${JSON.stringify(task.schedule)}`
    const known = cache.get(key)
    if (known !== undefined) return known
    const schedule = scheduleOf(task)
    if (cache.size >= size) cache.delete(cache.keys().next().value ?? '')
    cache.set(key, schedule)
    return schedule
  }
}
export type ScheduleCache = ReturnType<typeof createScheduleCache>
