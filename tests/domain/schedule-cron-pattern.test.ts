import { expect, it } from 'vitest'
import { cronOf, type CronPattern } from '../../src/shared/domain/schedule/cron-pattern.ts'
import { parseSchedule } from '../../src/shared/domain/schedule/parse.ts'

const BASE: CronPattern = { kind: 'daily', every: 15, minute: 5, time: '02:30', days: ['1', '5'], day: 13 }

it.each([
  ['minutes', '*/15 * * * *'],
  ['hourly', '5 * * * *'],
  ['daily', '30 2 * * *'],
  ['weekly', '30 2 * * 1,5'],
  ['monthly', '30 2 13 * *'],
  ['lastDay', '30 2 L * *'],
] as const)('the choice %s is written as %s, which the schedule understands', (kind, cron) => {
  expect(cronOf({ ...BASE, kind })).toBe(cron)
  expect(() => parseSchedule(cron, 'UTC')).not.toThrow()
})

it.each([
  ['no time', { kind: 'daily', time: '' }],
  ['no day', { kind: 'weekly', days: [] }],
  ['a day that no month has', { kind: 'monthly', day: 32 }],
  ['an empty number', { kind: 'minutes', every: NaN }],
] as const)('%s gives no expression', (_, part) => {
  expect(cronOf({ ...BASE, ...part, days: 'days' in part ? [] : BASE.days })).toBeNull()
})
