import { z } from 'zod'
import { idSchema, isoTimeSchema } from './fields.ts'
import { isTimeZone } from './schedule.ts'

/** GET /schedules/calendar: what comes, day by day and hour by hour, and where it will clash. */

export const CALENDAR_DAYS = 7
/** Schedule rows that are planned, those due first. */
export const CALENDAR_ROWS = 20_000

const DATE = 'must be a day like 2026-11-30'

export const calendarInputSchema = z.strictObject({
  /** The first day, in `timeZone`. */
  from: z.iso.date(DATE),
  days: z.coerce.number().int().min(1).max(CALENDAR_DAYS).default(CALENDAR_DAYS),
  /** Whose days and hours; the cluster's when left out. */
  timeZone: z.string().max(64).refine(isTimeZone, 'must be a time zone like Europe/Berlin or UTC').optional(),
  node: idSchema.optional(),
  task: idSchema.optional(),
  /** So many entries of each hour at most, those that clash first. */
  limit: z.coerce.number().int().min(1).max(200).default(12),
})
export type CalendarInput = z.infer<typeof calendarInputSchema>

/** More runs fall due in one minute than may start: the others wait. */
const crowd = { at: isoTimeSchema, due: z.number().int(), room: z.number().int() }

/** What will not go as the schedule alone says. */
export const calendarMarkSchema = z.discriminatedUnion('kind', [
  /** Of `nodeIds` (the first of them) together. */
  z.object({ kind: z.literal('capacity'), ...crowd, nodeIds: z.array(z.string()), nodes: z.number().int() }),
  z.object({ kind: z.literal('lock'), ...crowd, lock: z.string() }),
  /** It usually still runs when its next slot comes: what becomes of the slots, by its overlap policy. */
  z.object({
    kind: z.literal('overlap'),
    policy: z.enum(['Skip', 'Queue', 'Parallel']),
    usualMs: z.number().int(),
    /** How many runs say so. */
    measured: z.number().int(),
    skipped: z.number().int(),
    waiting: z.number().int(),
    beside: z.number().int(),
  }),
  /** No node that takes work may run it. */
  z.object({ kind: z.literal('nowhere') }),
])
export type CalendarMark = z.infer<typeof calendarMarkSchema>

/** The slots of one task in one hour. */
export const calendarEntrySchema = z.object({
  taskId: idSchema,
  taskName: z.string(),
  appName: z.string(),
  first: isoTimeSchema,
  last: isoTimeSchema,
  slots: z.number().int(),
  /** Runs that come of them: of All, one a node. */
  runs: z.number().int(),
  /** Where they come evenly; null: they do not, or there is one. */
  everySeconds: z.number().nullable(),
  /** `any`: one of several nodes; `all`: each of them. */
  where: z.object({
    kind: z.enum(['node', 'all', 'any']),
    nodes: z.number().int(),
    nodeIds: z.array(z.string()),
  }),
  /**
   * Set where its times are each node's own (time zone `node`) and it runs on others than the node that answers, whose
   * zones nobody knows: they are told as if all nodes were in this zone.
   */
  assumedZone: z.string().nullable(),
  /** What a change of the clock does to one of the slots. */
  notes: z.array(z.string()),
  marks: z.array(calendarMarkSchema),
})
export type CalendarEntry = z.infer<typeof calendarEntrySchema>

export const calendarHourSchema = z.object({
  /** As the clock on the wall shows it, 0 to 23; an hour that comes twice is one. */
  hour: z.number().int(),
  tasks: z.number().int(),
  runs: z.number().int(),
  /** Tasks with a mark. */
  marked: z.number().int(),
  /** By time. */
  entries: z.array(calendarEntrySchema),
})
export type CalendarHour = z.infer<typeof calendarHourSchema>

/** A change of the clock, and what becomes of the slots that it touches. */
export const clockChangeSchema = z.object({
  timeZone: z.string(),
  at: isoTimeSchema,
  /** The clock on the wall jumps from one to the other, `02:00`. */
  fromClock: z.string(),
  toClock: z.string(),
  tasks: z.array(
    z.object({
      taskId: idSchema,
      taskName: z.string(),
      /** `moved`: they run at `toClock`; `dropped`: they do not exist; `once`, `twice`: of a repeated hour. */
      effect: z.enum(['moved', 'dropped', 'once', 'twice']),
      slots: z.number().int(),
      /** Its times are each node's own: so it is on nodes in this zone. */
      zoneAssumed: z.boolean(),
    }),
  ),
  /** Further tasks. */
  more: z.number().int(),
})
export type ClockChange = z.infer<typeof clockChangeSchema>

export const calendarDaySchema = z.object({
  date: z.string(),
  from: isoTimeSchema,
  until: isoTimeSchema,
  clock: z.array(clockChangeSchema),
  /** Those with slots to come. */
  hours: z.array(calendarHourSchema),
})
export type CalendarDay = z.infer<typeof calendarDaySchema>

export const calendarSchema = z.object({
  /** Only slots after it are here: what was, history tells. */
  now: isoTimeSchema,
  timeZone: z.string(),
  days: z.array(calendarDaySchema),
  /** More schedule rows were asked for than are planned: those due first are shown. */
  capped: z.boolean(),
  /** There are more schedule rows than are planned: what clashes was looked for among those due first. */
  clashesCapped: z.boolean(),
})
export type Calendar = z.infer<typeof calendarSchema>
