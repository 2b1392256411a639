import { describeSchedule, preview } from '../../shared/domain/schedule.ts'
import type { Clock } from '../platform/clock.ts'
import type { Services } from './services.ts'
import type { createCalendar } from './schedules/calendar.ts'
import type { createUpcoming } from './schedules/upcoming.ts'
import { scheduleOf } from './tasks/schedule-of.ts'

/** POST /schedules/preview: a schedule in words and its next runs, odd days explained. */
export const createSchedules = (deps: {
  clock: Clock
  timeZone: string
  upcoming: ReturnType<typeof createUpcoming>
  calendar: ReturnType<typeof createCalendar>
}): Services['schedules'] => ({
  upcoming: deps.upcoming,
  calendar: deps.calendar,
  preview: ({ schedule: spec, timeZone = deps.timeZone, from, count }) => {
    const schedule = scheduleOf({ schedule: spec, timeZone })
    const start = from ? Date.parse(from) : deps.clock.now()
    return {
      text: describeSchedule(spec, timeZone),
      timeZone,
      runs: schedule ? preview(schedule, start, count) : [],
    }
  },
})
