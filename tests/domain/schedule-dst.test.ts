import { describe, expect, it } from 'vitest'
import {
  countSlotsBetween,
  nextSlot,
  parseSchedule,
  slotsBetween,
  type ScheduleSpec,
} from '../../src/shared/domain/schedule.ts'

/*
 * Instants worked out by hand from the rules of the zones:
 *   Europe/Berlin        +01:00, +02:00 from 2026-03-29 01:00Z to 2026-10-25 01:00Z
 *   America/New_York     -05:00, -04:00 from 2026-03-08 07:00Z to 2026-11-01 06:00Z
 *   Australia/Lord_Howe  +11:00, +10:30 from 2026-04-04 15:00Z to 2026-10-03 15:30Z: half an hour
 *   America/Sao_Paulo    -03:00, -02:00 until 2018-02-18 02:00Z and from 2018-11-04 03:00Z: at midnight
 *   Asia/Kolkata         +05:30 always
 *   Pacific/Apia         -10:00 until 2011-12-30 10:00Z, then +14:00: no 30 December
 */
type Case = [title: string, zone: string, spec: ScheduleSpec, after: string, until: string, slots: string[]]

const at = (text: string): number => Date.parse(text)
const instants = (zone: string, spec: ScheduleSpec, after: string, until: string): string[] =>
  slotsBetween(parseSchedule(spec, zone), at(after), at(until), 100).map((slot) =>
    new Date(slot.at).toISOString().replace(':00.000Z', 'Z'),
  )

// One case is a title line and a line of instants; a formatter would spread it over eight.
// prettier-ignore
const spring: Case[] = [
  ['a fixed time in the gap runs at its end', 'Europe/Berlin', '30 2 * * *', '2026-03-28T12:00Z', '2026-03-30T12:00Z',
    ['2026-03-29T01:00Z', '2026-03-30T00:30Z']],
  ['two fixed times in one gap are one slot', 'Europe/Berlin', '0,30 2 * * *', '2026-03-28T12:00Z', '2026-03-29T23:00Z',
    ['2026-03-29T01:00Z']],
  ['a fixed time moved onto another slot is that slot', 'Europe/Berlin', '0 2,3 * * *', '2026-03-28T12:00Z', '2026-03-29T23:00Z',
    ['2026-03-29T01:00Z']],
  ['a fixed time moved before another keeps both', 'America/New_York', '30 2,3 * * *', '2026-03-08T00:00Z', '2026-03-08T23:00Z',
    ['2026-03-08T07:00Z', '2026-03-08T07:30Z']],
  ['every ten minutes neither stops nor bunches up', 'Europe/Berlin', '*/10 * * * *', '2026-03-29T00:35Z', '2026-03-29T01:20Z',
    ['2026-03-29T00:40Z', '2026-03-29T00:50Z', '2026-03-29T01:00Z', '2026-03-29T01:10Z', '2026-03-29T01:20Z']],
  ['a phase within the hour is not made up for', 'Europe/Berlin', '5-59/10 * * * *', '2026-03-29T00:45Z', '2026-03-29T01:15Z',
    ['2026-03-29T00:55Z', '2026-03-29T01:05Z', '2026-03-29T01:15Z']],
  ['once an hour stays once an hour', 'America/New_York', '30 * * * *', '2026-03-08T06:00Z', '2026-03-08T08:30Z',
    ['2026-03-08T06:30Z', '2026-03-08T07:30Z', '2026-03-08T08:30Z']],
  ['every two hours does not lose the swallowed one', 'Europe/Berlin', '0 */2 * * *', '2026-03-28T22:30Z', '2026-03-29T04:00Z',
    ['2026-03-28T23:00Z', '2026-03-29T01:00Z', '2026-03-29T02:00Z', '2026-03-29T04:00Z']],
  ['a pace in a swallowed hour runs once that day', 'Europe/Berlin', '*/15 2 * * *', '2026-03-28T12:00Z', '2026-03-30T00:10Z',
    ['2026-03-29T01:00Z', '2026-03-30T00:00Z']],
  ['half an hour swallows one fixed time only', 'Australia/Lord_Howe', '0,15,45 2 * * *', '2026-10-03T12:00Z', '2026-10-04T12:00Z',
    ['2026-10-03T15:30Z', '2026-10-03T15:45Z']],
  ['half an hour leaves no hole in an hourly schedule', 'Australia/Lord_Howe', '15 * * * *', '2026-10-03T14:00Z', '2026-10-03T17:00Z',
    ['2026-10-03T14:45Z', '2026-10-03T15:30Z', '2026-10-03T16:15Z']],
  ['midnight does not exist: the day begins at one', 'America/Sao_Paulo', '@daily', '2018-11-03T00:00Z', '2018-11-05T12:00Z',
    ['2018-11-03T03:00Z', '2018-11-04T03:00Z', '2018-11-05T02:00Z']],
  ['a whole day that never was', 'Pacific/Apia', '0 9 * * *', '2011-12-29T00:00Z', '2012-01-01T00:00Z',
    ['2011-12-29T19:00Z', '2011-12-30T10:00Z', '2011-12-30T19:00Z', '2011-12-31T19:00Z']],
  ['hourly over a day that never was', 'Pacific/Apia', '0 * * * *', '2011-12-30T08:30Z', '2011-12-30T11:00Z',
    ['2011-12-30T09:00Z', '2011-12-30T10:00Z', '2011-12-30T11:00Z']],
]

// prettier-ignore
const autumn: Case[] = [
  ['a fixed time that happens twice runs the first time', 'Europe/Berlin', '30 2 * * *', '2026-10-24T12:00Z', '2026-10-26T12:00Z',
    ['2026-10-25T00:30Z', '2026-10-26T01:30Z']],
  ['a range of hours names fixed times', 'America/New_York', '30 0-3 * * *', '2026-11-01T04:00Z', '2026-11-01T12:00Z',
    ['2026-11-01T04:30Z', '2026-11-01T05:30Z', '2026-11-01T07:30Z', '2026-11-01T08:30Z']],
  ['a list of minutes names fixed times', 'Europe/Berlin', '0,20,40 2 * * *', '2026-10-24T22:00Z', '2026-10-25T12:00Z',
    ['2026-10-25T00:00Z', '2026-10-25T00:20Z', '2026-10-25T00:40Z']],
  ['a wildcard hour runs in both', 'America/New_York', '30 * * * *', '2026-11-01T04:00Z', '2026-11-01T07:30Z',
    ['2026-11-01T04:30Z', '2026-11-01T05:30Z', '2026-11-01T06:30Z', '2026-11-01T07:30Z']],
  ['a stepped minute runs in both', 'Europe/Berlin', '*/30 2 * * *', '2026-10-24T22:00Z', '2026-10-25T12:00Z',
    ['2026-10-25T00:00Z', '2026-10-25T00:30Z', '2026-10-25T01:00Z', '2026-10-25T01:30Z']],
  ['a stepped range runs in both', 'Europe/Berlin', '0 0-4/2 * * *', '2026-10-24T20:00Z', '2026-10-25T12:00Z',
    ['2026-10-24T22:00Z', '2026-10-25T00:00Z', '2026-10-25T01:00Z', '2026-10-25T03:00Z']],
  ['half an hour happens twice', 'Australia/Lord_Howe', '45 1 * * *', '2026-04-04T12:00Z', '2026-04-05T20:00Z',
    ['2026-04-04T14:45Z', '2026-04-05T15:15Z']],
  ['half an hour twice, every fifteen minutes', 'Australia/Lord_Howe', '*/15 * * * *', '2026-04-04T14:15Z', '2026-04-04T15:30Z',
    ['2026-04-04T14:30Z', '2026-04-04T14:45Z', '2026-04-04T15:00Z', '2026-04-04T15:15Z', '2026-04-04T15:30Z']],
  ['the last hour of a day happens twice', 'America/Sao_Paulo', '30 23 * * *', '2018-02-17T00:00Z', '2018-02-19T12:00Z',
    ['2018-02-17T01:30Z', '2018-02-18T01:30Z', '2018-02-19T02:30Z']],
]

// prettier-ignore
const steady: Case[] = [
  ['a zone without changes keeps its offset', 'Asia/Kolkata', '30 2 * * *', '2026-03-28T00:00Z', '2026-03-30T00:00Z',
    ['2026-03-28T21:00Z', '2026-03-29T21:00Z']],
  ['an interval knows no wall clock in spring', 'Europe/Berlin', { type: 'interval', everySeconds: 7200, anchor: '2026-03-28T23:00Z' },
    '2026-03-28T22:00Z', '2026-03-29T04:00Z', ['2026-03-28T23:00Z', '2026-03-29T01:00Z', '2026-03-29T03:00Z']],
  ['an interval knows no wall clock in autumn', 'Europe/Berlin', { type: 'interval', everySeconds: 3600 },
    '2026-10-24T23:30Z', '2026-10-25T02:00Z', ['2026-10-25T00:00Z', '2026-10-25T01:00Z', '2026-10-25T02:00Z']],
  ['once in a gap runs at its end', 'Europe/Berlin', { type: 'once', at: '2026-03-29T02:30' },
    '2026-03-01T00:00Z', '2026-04-01T00:00Z', ['2026-03-29T01:00Z']],
  ['once with an offset is that instant', 'Europe/Berlin', { type: 'once', at: '2026-10-25T02:30+01:00' },
    '2026-10-01T00:00Z', '2026-11-01T00:00Z', ['2026-10-25T01:30Z']],
  ['calendar days keep the wall time', 'America/New_York', { type: 'calendar', dates: ['2026-11-01', '2026-03-08'], time: '02:30' },
    '2026-01-01T00:00Z', '2027-01-01T00:00Z', ['2026-03-08T07:00Z', '2026-11-01T07:30Z']],
  ['calendar dates that fall on one instant are one slot', 'Pacific/Apia', { type: 'calendar', dates: ['2011-12-30', '2011-12-31'], time: '00:00' },
    '2011-01-01T00:00Z', '2013-01-01T00:00Z', ['2011-12-30T10:00Z']],
]

describe.each([
  ['spring gap', spring],
  ['autumn fold', autumn],
  ['clock changes elsewhere', steady],
])('%s', (_, cases) => {
  it.each(cases)('%s (%s %j)', (_title, zone, spec, after, until, expected) => {
    expect(instants(zone, spec, after, until)).toEqual(expected)
    expect(countSlotsBetween(parseSchedule(spec, zone), at(after), at(until)).count).toBe(expected.length)
  })
})

describe('a search that begins amid a change', () => {
  it('does not run a fixed time again when it begins in the second pass', () => {
    const schedule = parseSchedule('30 2 * * *', 'Europe/Berlin')
    expect(nextSlot(schedule, at('2026-10-25T01:10Z'))?.at).toBe(at('2026-10-26T01:30Z'))
  })

  it('finds the second pass of a wildcard from within the first', () => {
    const schedule = parseSchedule('30 * * * *', 'Europe/Berlin')
    expect(nextSlot(schedule, at('2026-10-25T00:30Z'))?.at).toBe(at('2026-10-25T01:30Z'))
  })

  it('finds a moved time up to the last millisecond before the gap, and not at its end', () => {
    const schedule = parseSchedule('30 2 * * *', 'Europe/Berlin')
    const end = at('2026-03-29T01:00Z')
    expect(nextSlot(schedule, end - 1)?.at).toBe(end)
    expect(nextSlot(schedule, end)?.at).toBe(at('2026-03-30T00:30Z'))
  })
})

describe('notes', () => {
  const note = (zone: string, spec: ScheduleSpec, after: string): string | undefined =>
    nextSlot(parseSchedule(spec, zone), at(after))?.note

  it('say that a time was moved out of a gap', () => {
    expect(note('Europe/Berlin', '30 2 * * *', '2026-03-28T12:00Z')).toBe(
      'clock jumps 02:00→03:00: moved to 03:00',
    )
    expect(note('Australia/Lord_Howe', { type: 'once', at: '2026-10-04T02:15' }, '2026-01-01T00:00Z')).toBe(
      'clock jumps 02:00→02:30: moved to 02:30',
    )
  })

  it('say which of two equal times it is', () => {
    expect(note('Europe/Berlin', '30 2 * * *', '2026-10-24T12:00Z')).toBe(
      '02:00–03:00 happens twice: first one',
    )
    expect(note('Europe/Berlin', '30 * * * *', '2026-10-25T00:00Z')).toBe(
      '02:00–03:00 happens twice: first of two',
    )
    expect(note('Europe/Berlin', '30 * * * *', '2026-10-25T01:00Z')).toBe(
      '02:00–03:00 happens twice: second of two',
    )
  })

  it('name the days when a whole one is left out', () => {
    expect(note('Pacific/Apia', '0 9 * * *', '2011-12-29T20:00Z')).toBe(
      'clock jumps 2011-12-30 00:00→2011-12-31 00:00: moved to 2011-12-31 00:00',
    )
  })

  it('are absent from every ordinary slot, also right beside a change', () => {
    expect(note('Europe/Berlin', '0 3 * * *', '2026-03-28T12:00Z')).toBeUndefined()
    expect(note('Europe/Berlin', '0 3 * * *', '2026-10-24T12:00Z')).toBeUndefined()
    expect(note('Europe/Berlin', '0 2,3 * * *', '2026-03-28T12:00Z')).toBeUndefined()
    expect(note('Europe/Berlin', '59 1 * * *', '2026-10-24T12:00Z')).toBeUndefined()
  })
})
