import { describeSchedule } from '../../shared/domain/schedule/describe.ts'
import type { Image } from '../../shared/domain/change.ts'
import type { ScheduleSpec } from '../../shared/domain/schedule/spec.ts'

/** Values of records as they are shown wherever two of them are compared. */

export const isObject = (value: unknown): value is Image =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isSecret = (value: unknown): boolean => isObject(value) && value['secret'] === true

/** A value as it is compared: text as it is, everything else as JSON. */
export const valueText = (value: unknown): string => {
  if (typeof value === 'string') return value
  if (isObject(value) || Array.isArray(value)) return JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ')
  return String(value)
}

/** What a machine form means: a schedule in words. */
export const meaningOf = (field: string, value: unknown): string | null =>
  // describeSchedule shows what it cannot read as written.
  field === 'schedule' && value !== null ? describeSchedule(value as ScheduleSpec, 'UTC') : null
