import type { BlackoutSpec, ScheduleObject, ScheduleSpec } from '../../../../shared/domain/schedule/spec.ts'

/** A schedule as the form holds it: every kind's fields side by side, so that switching kinds loses nothing. */
export type ScheduleKind = 'manual' | ScheduleObject['type']

export interface ScheduleDraft {
  kind: ScheduleKind
  cron: string
  every: number | ''
  unit: Unit
  anchor: string
  at: string
  /** `2026-12-24, 2026-12-31` */
  dates: string
  time: string
  start: string
  end: string
  jitterSeconds: number | ''
  /** One a line: `2026-12-24T00:00 to 2026-12-27T00:00`, or `0 22 * * * for 480 min`. */
  blackouts: string
}

export const UNITS = { s: 1, min: 60, h: 3600, d: 86_400 } as const
export type Unit = keyof typeof UNITS

export const emptySchedule: ScheduleDraft = {
  kind: 'manual',
  cron: '',
  every: 15,
  unit: 'min',
  anchor: '',
  at: '',
  dates: '',
  time: '08:00',
  start: '',
  end: '',
  jitterSeconds: '',
  blackouts: '',
}

/** The largest unit that shows the interval as a whole number. */
const split = (seconds: number): { every: number; unit: Unit } => {
  const unit = (['d', 'h', 'min'] as const).find((one) => seconds % UNITS[one] === 0) ?? 's'
  return { every: seconds / UNITS[unit], unit }
}

const ownFields = (spec: ScheduleObject): Partial<ScheduleDraft> => {
  switch (spec.type) {
    case 'cron':
      return { cron: spec.cron }
    case 'interval':
      return { ...split(spec.everySeconds), anchor: spec.anchor ?? '' }
    case 'once':
      return { at: spec.at }
    case 'calendar':
      return { dates: spec.dates.join(', '), time: spec.time }
  }
}

const blackoutLine = (blackout: BlackoutSpec): string =>
  'cron' in blackout ? `${blackout.cron} for ${blackout.minutes} min` : `${blackout.from} to ${blackout.to}`

export const draftOfSchedule = (spec: ScheduleSpec | null): ScheduleDraft => {
  if (spec === null) return emptySchedule
  const fields: ScheduleObject = typeof spec === 'string' ? { type: 'cron', cron: spec } : spec
  return {
    ...emptySchedule,
    ...ownFields(fields),
    kind: fields.type,
    start: fields.start ?? '',
    end: fields.end ?? '',
    jitterSeconds: fields.jitterSeconds ?? '',
    blackouts: (fields.blackouts ?? []).map(blackoutLine).join('\n'),
  }
}

/** A line that is neither form becomes a window without an end: the node says what it may be. */
const blackoutOf = (line: string): BlackoutSpec => {
  const window = /^(.*) for (\d+) ?min$/.exec(line)
  if (window) return { cron: (window[1] ?? '').trim(), minutes: Number(window[2]) }
  const [from = '', to = ''] = line.split(/ to /)
  return { from: from.trim(), to: to.trim() }
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

/** What every kind may have besides its own fields. */
const common = (draft: ScheduleDraft) => {
  const blackouts = linesOf(draft.blackouts).map(blackoutOf)
  return {
    ...(draft.start && { start: draft.start }),
    ...(draft.end && { end: draft.end }),
    ...(draft.jitterSeconds !== '' && { jitterSeconds: draft.jitterSeconds }),
    ...(blackouts.length > 0 && { blackouts }),
  }
}

/** The schedule as it would be saved; a plain cron stays the string that people write. */
export const scheduleOf = (draft: ScheduleDraft): ScheduleSpec | null => {
  const extra = common(draft)
  switch (draft.kind) {
    case 'manual':
      return null
    case 'cron':
      return Object.keys(extra).length === 0 ? draft.cron : { type: 'cron', cron: draft.cron, ...extra }
    case 'interval': {
      const everySeconds = draft.every === '' ? NaN : draft.every * UNITS[draft.unit]
      return { type: 'interval', everySeconds, ...(draft.anchor && { anchor: draft.anchor }), ...extra }
    }
    case 'once':
      return { type: 'once', at: draft.at, ...extra }
    case 'calendar': {
      const dates = draft.dates.split(/[\s,]+/).filter(Boolean)
      return { type: 'calendar', dates, time: draft.time, ...extra }
    }
  }
}
