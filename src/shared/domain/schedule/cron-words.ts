import { CronPattern } from 'croner'
import cronstrue from 'cronstrue'
import { duration, every, list } from './words.ts'

/** A cron expression in words: ours for what most people write, cronstrue's for the rest. */

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** `Mon–Fri at 08:10`, `every 30 min`, `at 00:00, on the last day of the month`; invalid text is quoted. */
export function cronWords(text: string): string {
  try {
    const fields = new CronPattern(text, 'UTC', { mode: '5-or-6-parts' }).pattern.trim().split(/\s+/)
    const six = fields.length === 5 ? ['0', ...fields] : fields
    return plainWords(six) ?? lowerFirst(cronstrue.toString(fields.join(' '), { use24HourTimeFormat: true }))
  } catch {
    // Invalid, or croner's `+` (day of month AND weekday), which cronstrue does not read.
    return `cron "${text}"`
  }
}

/** Null when the expression is not one of the plain forms. */
function plainWords([second = '', minute = '', hour = '', day, month, weekday = '']: string[]):
  string | null {
  if (day !== '*' || month !== '*') return null
  const days = weekdayWords(weekday)
  if (days === null) return null
  const pace = paceWords(second, minute, hour)
  if (pace !== null) return days ? `${pace}, ${days}` : pace
  const times = timeWords(second, minute, hour)
  return times === null ? null : `${days || 'daily'} at ${times}`
}

/** An even pace round the clock. `*\/7` minutes is none: it starts anew with each hour. */
function paceWords(second: string, minute: string, hour: string): string | null {
  const open = (...fields: string[]): boolean => fields.every((field) => field === '*')
  if (open(minute, hour) && second !== '0') return evenPace(second, 60, 1)
  if (open(hour) && second === '0' && minute !== '0') return evenPace(minute, 60, 60)
  if (second === '0' && minute === '0') return evenPace(hour, 24, 3600)
  return null
}

function evenPace(field: string, size: number, unitSeconds: number): string | null {
  const step = field === '*' ? 1 : Number(/^\*\/(\d+)$/.exec(field)?.[1])
  return step > 0 && step < size && size % step === 0 ? every(step * unitSeconds) : null
}

/** More times than this read worse than cronstrue's sentence. */
const MAX_TIMES = 6

function timeWords(second: string, minute: string, hour: string): string | null {
  if (![second, minute, hour].every((field) => /^\d+(,\d+)*$/.test(field)) || second.includes(','))
    return null
  const two = (text: string): string => text.padStart(2, '0').slice(-2)
  const tail = Number(second) === 0 ? '' : `:${two(second)}`
  const times = hour.split(',').flatMap((h) => minute.split(',').map((m) => `${two(h)}:${two(m)}${tail}`))
  return times.length <= MAX_TIMES ? list(times.sort()) : null
}

/** `Mon–Fri`, `Sat, Sun`; empty for every day, null when it takes more than names. */
function weekdayWords(field: string): string | null {
  if (field === '*') return ''
  const parts = field.split(',').map((part) => {
    const match = /^([0-7]|[a-z]{3})(?:-([0-7]|[a-z]{3}))?$/i.exec(part)
    if (!match) return null
    const names = match.slice(1).flatMap((name) => (name ? [dayName(name)] : []))
    return names.join('–')
  })
  return parts.includes(null) ? null : parts.join(', ')
}

const dayName = (text: string): string =>
  DAYS[Number(text)] ?? `${text.charAt(0).toUpperCase()}${text.slice(1).toLowerCase()}`

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

/** `paused for 8 h (daily at 22:00)` */
export const pauseWords = (cron: string, minutes: number): string =>
  `paused for ${duration(minutes * 60)} (${cronWords(cron)})`
