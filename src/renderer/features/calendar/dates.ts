import { two } from '../../lib/format.ts'
/** Days as text, `2026-11-30`, in the time of this window. */

export const dateOf = (time: Date): string =>
  `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`

/** Its midnight. */
export const startOf = (date: string): Date => {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  return new Date(year, month - 1, day)
}

export const isDate = (text: string | null): text is string =>
  text !== null && /^\d{4}-\d\d-\d\d$/.test(text) && dateOf(startOf(text)) === text

/** Whole days, whatever their length. */
export const addDays = (date: string, days: number): string => {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  return dateOf(new Date(year, month - 1, day + days))
}

/** Weeks begin on Monday. */
export const mondayOf = (date: string): string => addDays(date, -((startOf(date).getDay() + 6) % 7))

const HALF_HOUR = 30 * 60_000

/** How often the clock shows each hour of a day, in half hours: 2 as a rule, none or 4 where it changes. */
export const halvesOf = (date: string): readonly number[] => {
  const halves = Array.from({ length: 24 }, () => 0)
  const end = startOf(addDays(date, 1)).getTime()
  for (let at = startOf(date).getTime(); at < end; at += HALF_HOUR) {
    const hour = new Date(at).getHours()
    halves[hour] = (halves[hour] ?? 0) + 1
  }
  return halves
}
