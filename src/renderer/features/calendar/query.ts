import { href } from '../../lib/router.ts'
import { addDays, dateOf, isDate, mondayOf } from './dates.ts'

/** What the address says: `#/calendar?week=2026-11-30&node=…&at=2026-12-01T02`. */
export interface CalendarQuery {
  view: 'day' | 'week'
  /** The day, or the Monday of the week. */
  date: string
  node: string | null
  task: string | null
  /** The hour that is looked at, `2026-12-01T02`. */
  at: HourOfDay | null
}

export interface HourOfDay {
  date: string
  hour: number
}

export const queryOf = (params: URLSearchParams, today: string): CalendarQuery => {
  const day = params.get('day')
  const week = params.get('week')
  const view = isDate(day) ? 'day' : 'week'
  const date = isDate(day) ? day : mondayOf(isDate(week) ? week : today)
  return { view, date, node: params.get('node'), task: params.get('task'), at: readHour(params.get('at')) }
}

/** Of `2026-12-01T02`; null of anything else. */
export const readHour = (text: string | null): HourOfDay | null => {
  const [, date = '', hour = ''] = /^(\d{4}-\d\d-\d\d)T(\d\d)$/.exec(text ?? '') ?? []
  return isDate(date) && Number(hour) < 24 ? { date, hour: Number(hour) } : null
}

export const hourText = ({ date, hour }: HourOfDay): string => `${date}T${String(hour).padStart(2, '0')}`

export const addressOf = ({ view, date, node, task, at }: CalendarQuery): string =>
  href(['calendar'], { [view]: date, node, task, at: at && hourText(at) })

export const lengthOf = ({ view }: Pick<CalendarQuery, 'view'>): number => (view === 'week' ? 7 : 1)

/** The day or week before (-1) or after (1), with the same hour of it. */
export const moved = (query: CalendarQuery, step: number): CalendarQuery => {
  const days = step * lengthOf(query)
  const { date, at } = query
  return { ...query, date: addDays(date, days), at: at && { ...at, date: addDays(at.date, days) } }
}

/** Another view of the same day: the one that is looked at, in the morning where no hour of it is. */
export const asView = (query: CalendarQuery, view: 'day' | 'week', today: string): CalendarQuery => {
  if (query.view === view) return query
  if (view === 'week') {
    const hour = query.at?.date === query.date ? query.at : { date: query.date, hour: 8 }
    const at = query.date === today && query.at === null ? null : hour
    return { ...query, view, date: mondayOf(query.date), at }
  }
  const isThere = today >= query.date && today < addDays(query.date, 7)
  return { ...query, view, date: query.at?.date ?? (isThere ? today : query.date) }
}

export const atToday = (query: CalendarQuery, now: Date): CalendarQuery => {
  const today = dateOf(now)
  const date = query.view === 'week' ? mondayOf(today) : today
  return { ...query, date, at: { date: today, hour: now.getHours() } }
}

/** Where the arrows lead: to hours of the day, and over its days into the next week. */
export const withHour = (query: CalendarQuery, at: HourOfDay): CalendarQuery => ({
  ...query,
  at,
  date: query.view === 'week' ? mondayOf(at.date) : at.date,
})
