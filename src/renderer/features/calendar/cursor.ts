import { addDays, dateOf } from './dates.ts'
import { lengthOf, type CalendarQuery, type HourOfDay } from './query.ts'

/** The hour that is looked at: the address's, else the present one, else the first morning of a week, the start of a day. */
export const cursorOf = (query: Pick<CalendarQuery, 'view' | 'date' | 'at'>, now: Date): HourOfDay => {
  const isShown = (date: string): boolean => date >= query.date && date < addDays(query.date, lengthOf(query))
  if (query.at && isShown(query.at.date)) return query.at
  const today = dateOf(now)
  return isShown(today)
    ? { date: today, hour: now.getHours() }
    : { date: query.date, hour: query.view === 'week' ? 8 : 0 }
}
