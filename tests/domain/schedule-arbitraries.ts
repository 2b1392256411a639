import fc from 'fast-check'
import type { BlackoutSpec } from '../../src/shared/domain/schedule/spec.ts'
import type { ScheduleSpec } from '../../src/shared/domain/schedule.ts'

/** Random schedules, zones and moments; moments crowd around the changes of the clock, where mistakes live. */

const upTo = (max: number) => fc.integer({ min: 0, max })
const range = (min: number, max: number) =>
  fc
    .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
    .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)

/** One cron field; `names` are written as numbers only, names are tested by table. */
const field = (min: number, max: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constant('*'),
    fc.integer({ min, max }).map(String),
    fc
      .uniqueArray(fc.integer({ min, max }), { minLength: 2, maxLength: 4 })
      .map((values) => values.join(',')),
    range(min, max).map(([a, b]) => `${a}-${b}`),
    fc.integer({ min: 2, max: Math.floor(max / 2) }).map((step) => `*/${step}`),
    fc
      .tuple(range(min, max), fc.integer({ min: 2, max: 9 }))
      .map(([[a, b], step]) => `${a}-${b}/${Math.min(step, max)}`),
  )

const often = (text: string, other: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(text) }, { weight: 1, arbitrary: other })

/** 5 fields; hours lean to the night, when clocks change. Some day always matches. */
export const cronText = fc
  .tuple(
    field(0, 59),
    fc.oneof(field(0, 23), field(0, 4)),
    often('*', fc.oneof(field(1, 28), fc.constant('L'))),
    often('*', field(1, 12)),
    often('*', field(0, 6)),
  )
  .map((fields) => fields.join(' '))

export const secondsCronText = fc.tuple(often('0', field(0, 59)), cronText).map((fields) => fields.join(' '))

/** A bare cron string, of 5 or 6 fields. */
export const cronSpec: fc.Arbitrary<string> = fc.oneof(cronText, secondsCronText)

export const intervalSpec: fc.Arbitrary<ScheduleSpec> = fc
  .record({ everySeconds: fc.oneof(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 200_000 })) })
  .map(({ everySeconds }) => ({ type: 'interval', everySeconds, anchor: '2026-01-01T00:00:07Z' }))

const blackouts = fc.constantFrom<BlackoutSpec[]>(
  [{ from: '2026-03-29T00:00', to: '2026-03-29T03:30' }],
  [{ cron: '0 2 * * *', minutes: 90 }],
  [
    { from: '2026-10-01T00:00Z', to: '2026-10-20T00:00Z' },
    { cron: '*/30 * * * *', minutes: 7 },
  ],
)

export const anySpec: fc.Arbitrary<ScheduleSpec> = fc.oneof(
  cronSpec,
  intervalSpec,
  fc
    .tuple(cronText, blackouts)
    .map(([cron, windows]) => ({ type: 'cron' as const, cron, blackouts: windows })),
  fc.constant<ScheduleSpec>({
    type: 'calendar',
    dates: ['2026-03-08', '2026-03-29', '2026-10-04', '2026-10-25', '2026-11-01', '2026-12-24'],
    time: '02:15',
  }),
)

/** The instants at which a clock changes, with the zone it does so in. */
export const CHANGES = [
  ['Europe/Berlin', '2026-03-29T01:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00Z'],
  ['America/New_York', '2026-03-08T07:00Z'],
  ['America/New_York', '2026-11-01T06:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
  ['America/Sao_Paulo', '2018-02-18T02:00Z'],
  ['America/Sao_Paulo', '2018-11-04T03:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00Z'],
  ['Africa/Casablanca', '2026-02-15T02:00Z'],
  ['Asia/Kolkata', '2026-06-01T00:00Z'],
] as const

/** A zone and a moment within a day and a half of its change. */
export const moment = fc
  .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -129_600, max: 129_600 }), upTo(999))
  .map(([[zone, change], seconds, ms]) => ({ zone, at: Date.parse(change) + seconds * 1000 + ms }))
