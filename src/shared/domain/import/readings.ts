import { CronPattern } from 'croner'
import { messageOf } from '../errors.ts'
import type { ImportItem } from '../import-result.ts'
import { describeSchedule, parseSchedule, preview } from '../schedule.ts'
import { translateLegacy } from './legacy-cron.ts'

/** One expression, two readers: what PSWebHost did with it and what every other cron does. */

const SHOWN_RUNS = 5

export interface CronDecision {
  /** What is stored: a cron string, or null for "never by itself". */
  schedule: string | null
  /** Why the entry cannot be imported with the chosen reading. */
  reason?: string
  warnings: string[]
  cronReadings?: NonNullable<ImportItem['cronReadings']>
}

interface Reading {
  cron: string | null
  next: () => string[]
  words: () => string
  problem?: string
}

const NEVER = 'never'

const readingOf = (cron: string | null, timeZone: string, now: number): Reading => {
  if (cron === null) return { cron, next: () => [], words: () => NEVER }
  try {
    const schedule = parseSchedule(cron, timeZone)
    const next = (): string[] => preview(schedule, now, SHOWN_RUNS).map(({ at }) => at)
    return { cron, next, words: () => describeSchedule(cron, timeZone) }
  } catch (failure) {
    return { cron: null, next: () => [], words: () => 'not a valid expression', problem: messageOf(failure) }
  }
}

/** What decides when an expression fires, and nothing of how it was written. */
const meaning = (cron: string): string => {
  const { second, minute, hour, day, month, dayOfWeek, ...rest } = new CronPattern(cron, 'UTC', {
    mode: '5-or-6-parts',
  })
  const { lastDayOfMonth, lastWeekday, nearestWeekdays, starDOM, starDOW, useAndLogic } = rest
  const both = useAndLogic && !starDOM && !starDOW
  const days = { day, dayOfWeek, lastDayOfMonth, lastWeekday, nearestWeekdays, starDOM, starDOW, both }
  return JSON.stringify({ second, minute, hour, month, days })
}

const differ = (standard: Reading, legacy: Reading): boolean => {
  if (standard.cron === null || legacy.cron === null)
    return standard.cron !== legacy.cron || !!standard.problem
  return meaning(standard.cron) !== meaning(legacy.cron)
}

/** Decides one expression of PSWebHost; both readings are shown wherever they differ. */
export const decideCron = (
  expression: string,
  wanted: 'standard' | 'legacy',
  timeZone: string,
  now: number,
): CronDecision => {
  const standard = readingOf(expression.trim().replace(/\s+/g, ' '), timeZone, now)
  const legacy = readingOf(translateLegacy(expression), timeZone, now)
  if (!differ(standard, legacy)) return { schedule: standard.cron, warnings: [] }

  const cronReadings = {
    expression,
    standard: { cron: standard.cron, next: standard.next() },
    legacy: { cron: legacy.cron, next: legacy.next() },
  }
  const warnings = [explain(expression, wanted, standard, legacy)]
  if (wanted === 'legacy') return { schedule: legacy.cron, warnings, cronReadings }
  if (standard.cron !== null) return { schedule: standard.cron, warnings, cronReadings }
  const reason = `schedule "${expression}": ${standard.problem ?? 'is not valid'}`
  return { schedule: null, reason, warnings, cronReadings }
}

const explain = (expression: string, wanted: string, standard: Reading, legacy: Reading): string => {
  const old = legacy.cron === null ? NEVER : `${legacy.words()} (${legacy.cron})`
  return (
    `the schedule "${expression}" has two readings: standard cron: ${standard.words()}; ` +
    `PSWebHost: ${old}. Taken: ${wanted}; --cron ${wanted === 'legacy' ? 'standard' : 'legacy'} takes the other`
  )
}
