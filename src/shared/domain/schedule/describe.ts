import { cronWords, pauseWords } from './cron-words.ts'
import { asObject, type BlackoutSpec, type ScheduleObject, type ScheduleSpec } from './spec.ts'
import { parseTimeText } from './time-text.ts'
import { isTimeZone, openZone } from './time-zone.ts'
import { formatLocal } from './wall-time.ts'
import { duration, every, list } from './words.ts'

/**
 * A schedule in words: `every 30 min`, `Mon–Fri at 08:10`, `manual only` for null. Never throws: what
 * cannot be read is shown as written. Times are those of `timeZone`, or UTC when that is no IANA name
 * (the task's own `node`).
 */
export function describeSchedule(spec: ScheduleSpec | null, timeZone: string): string {
  if (spec === null) return 'manual only'
  const fields = asObject(spec)
  const shown = (text: string): string => timeWords(text, timeZone)
  return [
    mainWords(fields, shown),
    ...(fields.start === undefined ? [] : [`from ${shown(fields.start)}`]),
    ...(fields.end === undefined ? [] : [`until ${shown(fields.end)}`]),
    ...(fields.jitterSeconds ? [`up to ${duration(fields.jitterSeconds)} later`] : []),
    ...(fields.blackouts ?? []).map((blackout) => blackoutWords(blackout, shown)),
  ].join(', ')
}

function mainWords(fields: ScheduleObject, shown: (text: string) => string): string {
  switch (fields.type) {
    case 'cron':
      return cronWords(fields.cron)
    case 'interval':
      return every(fields.everySeconds)
    case 'once':
      return `once at ${shown(fields.at)}`
    case 'calendar':
      return `on ${dateWords(fields.dates)} at ${fields.time}`
  }
}

const MAX_DATES = 3

const dateWords = (dates: string[]): string =>
  dates.length <= MAX_DATES
    ? list(dates)
    : list([...dates.slice(0, MAX_DATES - 1), `${dates.length - MAX_DATES + 1} more dates`])

const blackoutWords = (blackout: BlackoutSpec, shown: (text: string) => string): string =>
  'cron' in blackout
    ? pauseWords(blackout.cron, blackout.minutes)
    : `paused ${shown(blackout.from)} to ${shown(blackout.to)}`

/** `2026-12-24 08:30`, with seconds only when there are some. */
function timeWords(text: string, timeZone: string): string {
  const time = parseTimeText(text)
  if (!time) return text
  const named = isTimeZone(timeZone)
  const local =
    time.kind === 'wall'
      ? new Date(time.wall).toISOString().slice(0, 19).replace('T', ' ')
      : formatLocal(openZone(named ? timeZone : 'UTC'), time.at).slice(0, 19)
  return `${local.replace(/:00$/, '')}${time.kind === 'instant' && !named ? ' UTC' : ''}`
}
