import { AppError, type Issue } from '../errors.ts'
import { fixedBlackout, repeatedBlackout, type Blackout } from './blackouts.ts'
import { parseCron, type CronWalls } from './cron.ts'
import { cronProblem } from './cron-problem.ts'
import { cronSource } from './cron-source.ts'
import { intervalSource, listSource, type SlotSource } from './slot-source.ts'
import { nextSlot, type Schedule, type ScheduleParts } from './slots.ts'
import {
  asObject,
  scheduleSpecSchema,
  type BlackoutSpec,
  type ScheduleObject,
  type ScheduleSpec,
} from './spec.ts'
import { parseTimeText, resolveTimeText } from './time-text.ts'
import { isTimeZone, openZone, type Zone } from './time-zone.ts'
import { wallToSlot } from './wall-time.ts'

type Path = Issue['path']

interface Context {
  zone: Zone
  issues: Issue[]
}

const NEVER: SlotSource = { next: () => null, count: () => 0, between: () => [] }

/**
 * Makes a schedule of what a user wrote, in an IANA zone. Throws AppError BAD_REQUEST whose issues name
 * each wrong field, relative to the spec (`[]` is the cron string itself, `['timeZone']` the zone), and
 * what it may be; also for a schedule that can never fire. A schedule that has merely ended is fine.
 */
export function parseSchedule(spec: ScheduleSpec, timeZone: string): Schedule {
  const shape = scheduleSpecSchema.safeParse(spec)
  const issues: Issue[] = (shape.error?.issues ?? []).map(({ path, message }) => ({
    path: path.filter((key) => typeof key !== 'symbol'),
    message,
  }))
  if (!isTimeZone(timeZone)) issues.push({ path: ['timeZone'], message: zoneProblem(timeZone) })
  if (issues.some(({ path }) => path[0] !== 'timeZone')) throw refuse(issues)

  const context = { zone: openZone(isTimeZone(timeZone) ? timeZone : 'UTC'), issues }
  const fields = asObject(spec)
  const parts = readParts(fields, typeof spec === 'string' ? [] : ['cron'], context)
  if (issues.length > 0) throw refuse(issues)
  const schedule = { spec, timeZone, jitterSeconds: fields.jitterSeconds ?? 0, parts }
  const never = neverFires(schedule, fields)
  if (never) throw refuse([never])
  return schedule
}

function refuse(issues: Issue[]): AppError {
  const message = issues
    .map((issue) => [...issue.path, issue.message].join(issue.path.length > 0 ? ': ' : ''))
    .join('; ')
  return new AppError('BAD_REQUEST', message, { issues })
}

function zoneProblem(zone: string): string {
  const wanted = zone.toLowerCase().replaceAll(' ', '_')
  const near =
    wanted && Intl.supportedValuesOf('timeZone').find((name) => name.toLowerCase().endsWith(`/${wanted}`))
  const may = near ? `did you mean ${near}?` : 'write a name like Europe/Berlin, America/New_York or UTC'
  return `"${zone}" is not an IANA time zone: ${may}`
}

function readParts(fields: ScheduleObject, cronPath: Path, context: Context): ScheduleParts {
  const start = readTime(fields.start, context) ?? -Infinity
  const end = readTime(fields.end, context) ?? Infinity
  if (end < start) context.issues.push({ path: ['end'], message: 'must not be before start' })
  const blackouts = (fields.blackouts ?? []).map((blackout, index) =>
    readBlackout(blackout, ['blackouts', index], context),
  )
  return { zone: context.zone, source: readSource(fields, cronPath, start, context), start, end, blackouts }
}

const readTime = (text: string | undefined, { zone }: Context): number | null =>
  text === undefined ? null : resolveTimeText(text, zone)

function readSource(fields: ScheduleObject, cronPath: Path, start: number, context: Context): SlotSource {
  const { zone } = context
  switch (fields.type) {
    case 'cron':
      return readCron(fields.cron, cronPath, context)
    case 'interval': {
      const anchor = readTime(fields.anchor, context) ?? (start === -Infinity ? 0 : start)
      return intervalSource(fields.everySeconds * 1000, anchor)
    }
    case 'once': {
      const time = parseTimeText(fields.at)
      if (!time) return NEVER
      return listSource([time.kind === 'instant' ? { at: time.at } : wallToSlot(zone, time.wall)])
    }
    case 'calendar':
      return listSource(
        fields.dates.flatMap((date) => {
          const time = parseTimeText(`${date}T${fields.time}`)
          return time?.kind === 'wall' ? [wallToSlot(zone, time.wall)] : []
        }),
      )
  }
}

function readCron(text: string, path: Path, { zone, issues }: Context): SlotSource {
  const cron = tryCron(text)
  if (cron === null) {
    issues.push({ path, message: cronProblem(text) })
    return NEVER
  }
  if (cron.next(Date.UTC(2000, 0, 1)) !== null) return cronSource(cron, zone)
  issues.push({ path, message: 'never fires: no year has such a day (is it 31 February?)' })
  return NEVER
}

function tryCron(text: string): CronWalls | null {
  try {
    return parseCron(text)
  } catch {
    return null
  }
}

function readBlackout(blackout: BlackoutSpec, path: Path, context: Context): Blackout {
  if ('cron' in blackout)
    return repeatedBlackout(readCron(blackout.cron, [...path, 'cron'], context), blackout.minutes * 60_000)
  const from = readTime(blackout.from, context) ?? 0
  const to = readTime(blackout.to, context) ?? 0
  if (to <= from) context.issues.push({ path: [...path, 'to'], message: 'must be after from' })
  return fixedBlackout(from, to)
}

/** Twelve years hold every leap-day pattern but the rarest, even across 2100. */
const LOOK_BACK = 12 * 366 * 86_400_000

/** The field to blame when no slot is left between start, end and blackouts. */
function neverFires(schedule: Schedule, fields: ScheduleObject): Issue | null {
  const { start, end, source } = schedule.parts
  const open = fields.type === 'once' || fields.type === 'calendar' ? -8e15 : Date.UTC(2000, 0, 1)
  const from = start === -Infinity ? Math.min(open, end - LOOK_BACK) : start - 1
  if (nextSlot(schedule, from)) return null
  const unhindered = source.next(from)
  if (unhindered && unhindered.at <= end)
    return { path: ['blackouts'], message: 'never fires: the blackouts cover every slot' }
  if (fields.type === 'once') return { path: ['at'], message: 'never fires: must lie between start and end' }
  if (fields.type === 'calendar')
    return { path: ['dates'], message: 'never fires: no date lies between start and end' }
  return { path: ['end'], message: 'never fires: there is no slot between start and end' }
}
