import { describe, expect, it } from 'vitest'
import { AppError, type Issue } from '../../src/shared/domain/errors.ts'
import { parseSchedule, scheduleSpecSchema, type ScheduleSpec } from '../../src/shared/domain/schedule.ts'

/** What parseSchedule says of a spec; specs here are wrong on purpose, so their type is waived. */
function issuesOf(spec: unknown, zone = 'Europe/Berlin'): Issue[] {
  try {
    parseSchedule(spec as ScheduleSpec, zone)
  } catch (error) {
    if (error instanceof AppError && error.code === 'BAD_REQUEST') return error.issues ?? []
    throw error
  }
  return []
}

const cron = (text: string, more = {}) => ({ type: 'cron', cron: text, ...more })

describe('a cron field out of range names the field and its range', () => {
  it.each([
    ['60 * * * *', 'minute "60" must be 0-59'],
    ['* 24 * * *', 'hour "24" must be 0-23'],
    ['* * 32 * *', 'day of month "32" must be 1-31'],
    ['* * 0 * *', 'day of month "0" must be 1-31'],
    ['* * * 13 *', 'month "13" must be 1-12 or JAN-DEC'],
    ['* * * * 8', 'day of week "8" must be 0-7 or SUN-SAT'],
    ['* * * * 5#6', 'day of week "5#6" must be'],
    ['61 * * * * *', 'second "61" must be 0-59'],
    ['* * * FOO *', 'month "FOO" must be'],
    ['*/0 * * * *', 'minute "*/0" must be'],
    ['*/90 * * * *', 'minute "*/90" must be'],
    ['0 22-2 * * *', 'hour "22-2" runs backwards (split it into two ranges)'],
    ['0 5/10 * * *', 'hour "5/10" has a step without a range (write 5-23/10 or */n)'],
    ['0 8, * * *', 'hour "8," must be'],
    ['0 0 L-3 * *', 'day of month "L-3" must be'],
    ['* * * *', 'has 4 fields: a cron expression has 5'],
    ['* * * * * * 2030', 'has 7 fields'],
    ['   ', 'has 0 fields'],
    ['@reboot', 'unknown nickname "@reboot": may be @yearly,'],
    ['@every 5m', 'write { "type": "interval", "everySeconds": 300 }'],
    ['0 0 31 2 *', 'never fires: no year has such a day'],
    ['0 0 31 4,6,9,11 *', 'never fires'],
  ])('%s', (text, message) => {
    expect(issuesOf(text)).toEqual([{ path: [], message: expect.stringContaining(message) as string }])
    expect(issuesOf(cron(text))).toEqual([
      { path: ['cron'], message: expect.stringContaining(message) as string },
    ])
  })

  it('names every wrong field at once', () => {
    const [issue] = issuesOf('99 99 * 99 *')
    expect(issue?.message).toMatch(/minute "99" .*; hour "99" .*; month "99" /)
  })
})

// One line a case reads as a table.
// prettier-ignore
describe('a wrong field is named with its path and what it may be', () => {
  it.each<[unknown, Issue['path'], string]>([
    ['', [], 'must be a cron expression: 5 fields'],
    [5, [], 'must be a cron string, or an object whose type is'],
    [{}, [], 'must be a cron string, or an object whose type is'],
    [null, [], 'must be a cron string, or an object whose type is'],
    [{ type: 'hourly' }, ['type'], 'must be one of cron, interval, once, calendar'],
    [{ type: 'cron' }, ['cron'], 'must be a cron expression'],
    [cron('* * * * *', { every: 5 }), [], 'unknown field "every"; it may have type, cron, start, end'],
    [{ type: 'interval' }, ['everySeconds'], 'must be a whole number of seconds from 1'],
    [{ type: 'interval', everySeconds: 0 }, ['everySeconds'], 'must be a whole number of seconds from 1'],
    [{ type: 'interval', everySeconds: 0.5 }, ['everySeconds'], 'must be a whole number'],
    [{ type: 'interval', everySeconds: '60' }, ['everySeconds'], 'must be a whole number'],
    [{ type: 'interval', everySeconds: 60, anchor: 'noon' }, ['anchor'], 'must be a time like 2026-12-24T08:30'],
    [{ type: 'once', at: '2026-02-30T10:00' }, ['at'], 'must be a time like'],
    [{ type: 'once', at: '2026-02-28' }, ['at'], 'must be a time like'],
    [{ type: 'once', at: '2026-02-28T24:00' }, ['at'], 'must be a time like'],
    [{ type: 'once', at: '2026-02-28T10:00', start: '2026-03-01T00:00' }, ['at'], 'must lie between start and end'],
    [{ type: 'calendar', dates: [], time: '08:30' }, ['dates'], 'must name at least one date'],
    [{ type: 'calendar', dates: ['2026-13-01'], time: '08:30' }, ['dates', 0], 'must be a date like 2026-12-24'],
    [{ type: 'calendar', dates: ['2026-12-24'], time: '8:30' }, ['time'], 'must be a time of day from 00:00 to 23:59'],
    [{ type: 'calendar', dates: ['2026-12-24'], time: '08:30', end: '2026-01-01T00:00' }, ['dates'], 'no date lies between'],
    [cron('0 0 * * *', { start: '2026-02-01T00:00', end: '2026-01-01T00:00' }), ['end'], 'must not be before start'],
    [cron('0 0 * * *', { start: '2026-01-01T01:00', end: '2026-01-01T02:00' }), ['end'], 'no slot between start and end'],
    [cron('0 0 * * *', { jitterSeconds: -1 }), ['jitterSeconds'], 'must be a whole number of seconds from 0'],
    [cron('0 0 * * *', { blackouts: {} }), ['blackouts'], 'expected array'],
    [cron('0 0 * * *', { blackouts: [{}] }), ['blackouts', 0], 'must be { "from": time, "to": time } or'],
    [cron('0 0 * * *', { blackouts: [{ from: '2026-01-01T00:00' }] }), ['blackouts', 0, 'to'], 'must be a time like'],
    [cron('0 0 * * *', { blackouts: [{ cron: '0 22 * * *' }] }), ['blackouts', 0, 'minutes'], 'must be a whole number of minutes'],
    [cron('0 0 * * *', { blackouts: [{ cron: '0 25 * * *', minutes: 5 }] }), ['blackouts', 0, 'cron'], 'hour "25"'],
    [cron('0 0 * * *', { blackouts: [{ from: '2026-01-02T00:00', to: '2026-01-01T00:00' }] }), ['blackouts', 0, 'to'], 'must be after from'],
    [cron('0 0 * * *', { blackouts: [{ cron: '* * * * *', minutes: 1 }] }), ['blackouts'], 'the blackouts cover every slot'],
  ])('%j', (spec, path, message) => {
    expect(issuesOf(spec)).toContainEqual({ path, message: expect.stringContaining(message) as string })
  })

  it('names several at once', () => {
    const spec = { type: 'interval', everySeconds: 0, anchor: 'x', foo: 1 }
    expect(issuesOf(spec, 'Nowhere').map((issue) => issue.path.join())).toEqual(['everySeconds', 'anchor', '', 'timeZone'])
  })
})

describe('a wrong zone', () => {
  it.each([
    ['Mars/Olympus', 'write a name like Europe/Berlin'],
    ['berlin', 'did you mean Europe/Berlin?'],
    ['new york', 'did you mean America/New_York?'],
    ['+02:00', 'write a name like'],
    ['', 'write a name like'],
  ])('"%s" is refused', (zone, message) => {
    expect(issuesOf('0 0 * * *', zone)).toEqual([
      { path: ['timeZone'], message: expect.stringContaining(message) as string },
    ])
  })
})

describe('what is merely over or far away is accepted', () => {
  it.each<[ScheduleSpec]>([
    [{ type: 'once', at: '1999-12-31T23:59' }],
    [{ type: 'cron', cron: '0 0 * * *', end: '1985-01-01T00:00' }],
    [{ type: 'calendar', dates: ['2001-01-01'], time: '00:00' }],
    ['0 0 29 2 *'],
    [{ type: 'cron', cron: '0 0 * * *', blackouts: [{ from: '1990-01-01T00:00', to: '2190-01-01T00:00' }] }],
  ])('%j', (spec) => {
    expect(issuesOf(spec)).toEqual([])
  })
})

describe('scheduleSpecSchema', () => {
  it('hands a good spec through unchanged, so that it reads back as it was written', () => {
    const spec = {
      type: 'once',
      at: '2026-01-01T08:00',
      jitterSeconds: 5,
      blackouts: [{ cron: '@daily', minutes: 5 }],
    }
    expect(scheduleSpecSchema.parse(spec)).toEqual(spec)
    expect(scheduleSpecSchema.parse(' @Daily ')).toBe(' @Daily ')
  })

  it('puts the paths of a nested spec below the field it is in', () => {
    const task = scheduleSpecSchema.nullable()
    expect(task.safeParse(null).success).toBe(true)
    const result = task.safeParse({ type: 'interval', everySeconds: 0 })
    expect(result.error?.issues.map((issue) => issue.path)).toEqual([['everySeconds']])
  })
})
