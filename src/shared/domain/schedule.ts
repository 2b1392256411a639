/**
 * Schedules: when a task is due. Pure; times are epoch milliseconds, ISO text only in specs and previews.
 * croner parses cron expressions; what a slot is (DESIGN §5, §13) is decided in ./schedule.
 */
export { scheduleSpecSchema, type ScheduleSpec } from './schedule/spec.ts'
export { parseSchedule } from './schedule/parse.ts'
export { isTimeZone, systemTimeZone } from './schedule/time-zone.ts'
export type { Slot } from './schedule/wall-time.ts'
export {
  countSlotsBetween,
  lastSlotsBetween,
  nextSlot,
  slotsBetween,
  type LastSlots,
  type Schedule,
  type SlotCount,
} from './schedule/slots.ts'
export { jitterMs } from './schedule/jitter.ts'
export { describeSchedule } from './schedule/describe.ts'
export { preview, type PreviewSlot } from './schedule/preview.ts'
export {
  planDue,
  type DueInput,
  type DuePlan,
  type DueRun,
  type MisfirePolicy,
  type SkippedSlots,
} from './schedule/misfire.ts'
