import { z } from 'zod'
import { SCHEDULE_HELP } from '../task-help.ts'
import { parseTimeText } from './time-text.ts'

/** What users write for a schedule. Only the shape is judged here; whether it can ever fire, parseSchedule says. */

const TIME = 'must be a time like 2026-12-24T08:30 (in the zone of the task) or 2026-12-24T07:30:00Z'

const text = (message: string) => z.string(message)
const timeText = text(TIME).refine((value) => parseTimeText(value) !== null, TIME)

const CRON = 'must be a cron expression: 5 fields (minute hour day month weekday), or 6 with seconds first'
const cronText = text(CRON).min(1, CRON).max(200, 'must be at most 200 characters')

const wholeNumber = (min: number, max: number, unit: string) => {
  const message = `must be a whole number of ${unit} from ${min} to ${max}`
  return z.number(message).int(message).min(min, message).max(max, message)
}

const DATE = 'must be a date like 2026-12-24'
const dateText = text(DATE).refine(
  (value) => /^\d{4}-\d\d-\d\d$/.test(value) && parseTimeText(`${value}T00:00`) !== null,
  DATE,
)
const CLOCK = 'must be a time of day from 00:00 to 23:59, like 08:30'
const clockText = text(CLOCK).regex(/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/, CLOCK)

/** A strict object whose refusal of an unknown field lists the fields it may have. */
const fields = <T extends z.core.$ZodLooseShape>(shape: T) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `unknown field ${issue.keys.map((key) => `"${key}"`).join(', ')}; it may have ${Object.keys(shape).join(', ')}`
        : undefined,
  })

interface Branch {
  code: string
  message: string
  path: PropertyKey[]
}

/**
 * zod reports a failed union as one issue without a path. Given the branch the writer evidently meant,
 * report that branch's own issues, or `otherwise` when no branch is evident.
 */
const explain =
  (meant: (value: unknown) => number, otherwise: string) =>
  (value: unknown, ctx: z.core.$RefinementCtx): void => {
    const at = ctx.issues.findIndex((issue) => issue.code === 'invalid_union')
    const union = ctx.issues[at]
    if (union?.code !== 'invalid_union') return
    const branch: Branch[] = union.errors[meant(value)] ?? [{ code: 'custom', message: otherwise, path: [] }]
    ctx.issues.splice(at, 1)
    for (const { message, path } of branch)
      ctx.addIssue({ code: 'custom', message, path: [...path], continue: false })
  }
const always = { when: () => true }

const has = (value: unknown, ...keys: string[]): boolean =>
  typeof value === 'object' && value !== null && keys.some((key) => key in value)

const BLACKOUT = 'must be { "from": time, "to": time } or { "cron": "0 22 * * *", "minutes": 480 }'

const blackoutSchema = z
  .union([
    fields({ from: timeText, to: timeText }),
    fields({ cron: cronText, minutes: wholeNumber(1, 44_640, 'minutes') }),
  ])
  .superRefine(
    explain((value) => (has(value, 'from', 'to') ? 0 : has(value, 'cron', 'minutes') ? 1 : -1), BLACKOUT),
    always,
  )

const common = {
  start: timeText.optional().describe(SCHEDULE_HELP.start),
  end: timeText.optional().describe(SCHEDULE_HELP.end),
  jitterSeconds: wholeNumber(0, 86_400, 'seconds').optional().describe(SCHEDULE_HELP.jitterSeconds),
  blackouts: z
    .array(blackoutSchema)
    .max(50, 'at most 50 blackouts')
    .optional()
    .describe(SCHEDULE_HELP.blackouts),
}

const TYPES = ['cron', 'interval', 'once', 'calendar']
const SPEC =
  'must be a cron string, or an object whose type is "cron", "interval", "once" or "calendar", like { "type": "interval", "everySeconds": 300 }'

const dates = z.array(dateText, 'must be a list of dates').min(1, 'must name at least one date')

/**
 * A cron string, or an object by `type`, each with optional `start`, `end`, `jitterSeconds`, `blackouts`.
 * Times without an offset are wall times in the zone of the task.
 */
export const scheduleSpecSchema = z
  .union([
    cronText,
    z.discriminatedUnion(
      'type',
      [
        fields({ type: z.literal('cron'), cron: cronText.describe(SCHEDULE_HELP.cron), ...common }),
        fields({
          type: z.literal('interval'),
          everySeconds: wholeNumber(1, 316_224_000, 'seconds').describe(SCHEDULE_HELP.everySeconds),
          anchor: timeText.optional().describe(SCHEDULE_HELP.anchor),
          ...common,
        }),
        fields({ type: z.literal('once'), at: timeText.describe(SCHEDULE_HELP.at), ...common }),
        fields({
          type: z.literal('calendar'),
          dates: dates.max(1000, 'at most 1000 dates').describe(SCHEDULE_HELP.dates),
          time: clockText.describe(SCHEDULE_HELP.time),
          ...common,
        }),
      ],
      { error: `must be one of ${TYPES.join(', ')}` },
    ),
  ])
  .superRefine(
    explain((value) => (typeof value === 'string' ? 0 : has(value, 'type') ? 1 : -1), SPEC),
    always,
  )

export type ScheduleSpec = z.infer<typeof scheduleSpecSchema>
export type ScheduleObject = Exclude<ScheduleSpec, string>
export type BlackoutSpec = z.infer<typeof blackoutSchema>

/** The object form of a spec: a bare string is a cron schedule without further fields. */
export const asObject = (spec: ScheduleSpec): ScheduleObject =>
  typeof spec === 'string' ? { type: 'cron', cron: spec } : spec
