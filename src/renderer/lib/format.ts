/** One format for times and durations in the whole window. A narrow no-break space stands before units. */

const NARROW = '\u202f'
/** `07`. */
export const two = (n: number): string => String(n).padStart(2, '0')
const MINUTE = 60
const HOUR = 3600
const DAY = 86_400

/** Seconds as `0.21 s`, `4.1 s`, `42 s`, `1 m 25 s`, `1 h 26 m`, `3 d 04 h`. */
export const duration = (seconds: number): string => {
  if (seconds < 10) return `${seconds.toFixed(seconds < 1 ? 2 : 1)}${NARROW}s`
  const s = Math.round(seconds)
  if (s < MINUTE) return `${s}${NARROW}s`
  if (s < HOUR) return `${Math.floor(s / MINUTE)}${NARROW}m ${two(s % MINUTE)}${NARROW}s`
  if (s < DAY) return `${Math.floor(s / HOUR)}${NARROW}h ${two(Math.floor((s % HOUR) / MINUTE))}${NARROW}m`
  return `${Math.floor(s / DAY)}${NARROW}d ${two(Math.floor((s % DAY) / HOUR))}${NARROW}h`
}

const oneUnit = (seconds: number): string => {
  if (seconds < MINUTE) return `${Math.floor(seconds)}${NARROW}s`
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)}${NARROW}m`
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)}${NARROW}h`
  return `${Math.floor(seconds / DAY)}${NARROW}d`
}

/** `2 m ago`, `in 28 s`, `now`. Coarse on purpose: one unit, so that ticking never changes a column's width. */
export const relative = (at: number, now: number): string => {
  const seconds = (at - now) / 1000
  if (Math.abs(seconds) < 1) return 'now'
  return seconds < 0 ? `${oneUnit(-seconds)} ago` : `in ${oneUnit(seconds)}`
}

/** `for 1 m`: how long something that is going on has taken. */
export const since = (from: number, now: number): string => `for ${oneUnit(Math.max(0, (now - from) / 1000))}`

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const startOfDay = (time: Date): number =>
  new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime()

/** Whole local days from `now`'s day to `at`'s; a day of 23 or 25 hours counts as one. */
const daysBetween = (at: Date, now: Date): number =>
  Math.round((startOfDay(at) - startOfDay(now)) / (DAY * 1000))

const dayAndMonth = (time: Date, now: Date): string =>
  `${time.getDate()}${NARROW}${MONTHS[time.getMonth()]}${time.getFullYear() === now.getFullYear() ? '' : ` ${time.getFullYear()}`}`

/** `Tue 24 Nov`, with the year only if another. */
export const weekdayAndDate = (time: Date, now: Date): string =>
  `${DAYS[time.getDay()]} ${dayAndMonth(time, now)}`

/** `Today, 24 Nov`, `Yesterday, 23 Nov`, `Sun, 22 Nov`: the head of a day in a list. */
export const dayName = (time: Date, now: Date): string => {
  const days = daysBetween(time, now)
  const date = dayAndMonth(time, now)
  if (days === 0) return `Today, ${date}`
  if (days === -1) return `Yesterday, ${date}`
  return `${DAYS[time.getDay()]}, ${date}`
}

export type Precision = 'minutes' | 'seconds' | 'milliseconds'

const clockText = (time: Date, precision: Precision): string => {
  const minutes = `${two(time.getHours())}:${two(time.getMinutes())}`
  if (precision === 'minutes') return minutes
  const seconds = `${minutes}:${two(time.getSeconds())}`
  return precision === 'seconds' ? seconds : `${seconds}.${String(time.getMilliseconds()).padStart(3, '0')}`
}

/** Local time: `14:05` today, `Wed 02:30` within six days, `1 Dec 03:00`, with the year only if another. */
export const clock = (at: Date, now: Date, precision: Precision = 'minutes'): string => {
  const days = daysBetween(at, now)
  const time = clockText(at, precision)
  if (days === 0) return time
  return Math.abs(days) <= 6 ? `${DAYS[at.getDay()]} ${time}` : `${dayAndMonth(at, now)} ${time}`
}

/** `Tue 24 Nov 14:05:22.118`: one moment in full, as heads of details show it. */
export const moment = (at: Date, now: Date, precision: Precision = 'seconds'): string =>
  `${DAYS[at.getDay()]} ${dayAndMonth(at, now)} ${clockText(at, precision)}`

const ISO = /\d{4}-\d\d-\d\dT[\d:.]+Z/g

/** The node's own words, their times as the window shows times. */
export const localTimes = (words: string, now = new Date()): string =>
  words.replace(ISO, (at) => clock(new Date(at), now))

/** For the hover of every local time. */
export const utc = (at: Date): string => `${at.toISOString().replace('T', ' ').replace('Z', '')} UTC`

/** `48 211` */
export const count = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, NARROW)

/** `1.9 kB` */
export const bytes = (n: number): string => {
  if (n < 1000) return `${n}${NARROW}B`
  const [value, unit] = n < 1e6 ? [n / 1e3, 'kB'] : n < 1e9 ? [n / 1e6, 'MB'] : [n / 1e9, 'GB']
  return `${value.toFixed(value < 10 ? 1 : 0)}${NARROW}${unit}`
}

/** `3 fields`, `1 field`: numbers of things say the thing. */
export const things = (n: number, thing: string, plural = `${thing}s`): string =>
  `${count(n)} ${n === 1 ? thing : plural}`
