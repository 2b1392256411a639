import { setImmediate } from 'node:timers/promises'
import { countSlotsBetween, slotsBetween, type Schedule } from '../../../shared/domain/schedule.ts'
import {
  UPCOMING_BUCKET_MS,
  UPCOMING_ROWS,
  type Upcoming,
  type UpcomingInput,
} from '../../../shared/domain/upcoming.ts'
import type { Database } from '../../data/db.ts'
import { rowsDueBefore } from '../../data/repos/schedules.ts'
import { isoOf } from '../../platform/clock.ts'
import { createScheduleCache } from '../tasks/schedule-of.ts'

const HOUR_MS = 60 * 60_000
/** Slots of one schedule that are looked at one by one; one that fires more often is counted by half hours. */
const FEW = 100
/** So many rows are some milliseconds of the main loop: then others have their turn. */
const SLICE = 20
const NAMED = 3

interface Bucket {
  count: number
  tasks: string[]
}

/** The slots of the next hours by half hours, from what each schedule says and not only its next run. */
export const createUpcoming = (db: Pick<Database, 'read' | 'now'>) => {
  const scheduleFor = createScheduleCache(UPCOMING_ROWS * 2)
  return async ({ hours }: UpcomingInput): Promise<Upcoming> => {
    const from = await db.now()
    const start = Date.parse(from)
    const end = start + hours * HOUR_MS
    const rows = await rowsDueBefore(db.read, isoOf(end), UPCOMING_ROWS + 1)
    const buckets = new Map<number, Bucket>()
    for (const [i, row] of rows.slice(0, UPCOMING_ROWS).entries()) {
      const schedule = scheduleFor(row)
      if (schedule) addSlots(buckets, row.taskName, schedule, { after: start, until: end - 1 })
      if (i % SLICE === SLICE - 1) await setImmediate()
    }
    const sorted = [...buckets].sort(([a], [b]) => a - b)
    return {
      from,
      until: isoOf(end),
      buckets: sorted.map(([at, bucket]) => ({ at: isoOf(at), ...bucket })),
      slots: sorted.reduce((sum, [, { count }]) => sum + count, 0),
      capped: rows.length > UPCOMING_ROWS,
    }
  }
}

const bucketOf = (at: number): number => Math.floor(at / UPCOMING_BUCKET_MS) * UPCOMING_BUCKET_MS

const add = (buckets: Map<number, Bucket>, at: number, count: number, name: string): void => {
  const bucket = buckets.get(at) ?? { count: 0, tasks: [] }
  bucket.count += count
  if (bucket.tasks.length < NAMED && !bucket.tasks.includes(name)) bucket.tasks.push(name)
  buckets.set(at, bucket)
}

const addSlots = (
  buckets: Map<number, Bucket>,
  name: string,
  schedule: Schedule,
  { after, until }: { after: number; until: number },
): void => {
  const slots = slotsBetween(schedule, after, until, FEW)
  if (slots.length < FEW) {
    for (const { at } of slots) add(buckets, bucketOf(at), 1, name)
    return
  }
  for (let at = bucketOf(after); at <= until; at += UPCOMING_BUCKET_MS) {
    const last = Math.min(at + UPCOMING_BUCKET_MS - 1, until)
    const { count } = countSlotsBetween(schedule, Math.max(at - 1, after), last)
    if (count > 0) add(buckets, at, count, name)
  }
}
