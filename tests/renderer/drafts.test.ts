import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linesWith, nextOf, previousOf } from '../../src/renderer/features/history/find.ts'
import { createOutputBuffer } from '../../src/renderer/features/history/output.ts'
import { sumOf, sumsBetween } from '../../src/renderer/features/overview/sums.ts'
import { draftOfSchedule, scheduleOf } from '../../src/renderer/features/tasks/editor/schedule-draft.ts'
import { rowIssues, rowsOf, valuesOf } from '../../src/renderer/features/tasks/editor/value-draft.ts'
import type { ScheduleSpec } from '../../src/shared/domain/schedule/spec.ts'

describe('the schedule builder', () => {
  it.each<[string, ScheduleSpec | null]>([
    ['nothing', null],
    ['a plain cron', '30 2 * * *'],
    ['an interval', { type: 'interval', everySeconds: 900 }],
    ['an odd interval with an anchor', { type: 'interval', everySeconds: 61, anchor: '2026-01-01T00:00' }],
    ['one time', { type: 'once', at: '2026-12-24T08:30' }],
    ['dates', { type: 'calendar', dates: ['2026-12-24', '2026-12-31'], time: '08:30' }],
    [
      'a cron with everything',
      {
        type: 'cron',
        cron: '0 8 * * 1-5',
        start: '2026-01-01T00:00',
        end: '2026-12-31T00:00',
        jitterSeconds: 30,
        blackouts: [
          { from: '2026-12-24T00:00', to: '2026-12-27T00:00' },
          { cron: '0 22 * * *', minutes: 480 },
        ],
      },
    ],
  ])('gives back %s as it was', (_, spec) => {
    expect(scheduleOf(draftOfSchedule(spec))).toEqual(spec)
  })

  it('gives back any interval in the largest unit that shows it whole', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), (everySeconds) => {
        const spec = { type: 'interval', everySeconds } as const
        const draft = draftOfSchedule(spec)
        expect(scheduleOf(draft)).toEqual(spec)
        expect(Number.isInteger(draft.every)).toBe(true)
      }),
    )
  })
})

describe('parameters in the form', () => {
  it('come back as they were, secrets as set', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.stringMatching(/^[a-z]\w{0,8}$/),
          fc.oneof(fc.string({ minLength: 1 }), fc.integer(), fc.boolean()),
        ),
        (values) => {
          expect(valuesOf(rowsOf(values))).toEqual(values)
        },
      ),
    )
    expect(valuesOf(rowsOf({ key: { secret: true } }))).toEqual({ key: { secret: true } })
  })

  it('name what is there twice, has no name or is no JSON', () => {
    const [one, two] = rowsOf({ a: 'x', b: 2 })
    if (!one || !two) throw new Error('two values are two rows')
    const messages = rowIssues('parameters', [
      one,
      { ...one, id: 7 },
      { ...two, value: '{' },
      { ...one, id: 8, name: '' },
    ]).map(({ message }) => message)
    expect(messages).toEqual([
      'a is there twice',
      'is not valid JSON; write it as text, or mend it',
      'must have a name',
    ])
  })
})

describe('searching an output', () => {
  const buffer = createOutputBuffer()
  buffer.push('start\n\u001b[31mError\u001b[0m one\nrest\nan ERROR two\n')
  const { lines } = buffer.read()

  it('finds lines whatever their case and colour', () => {
    expect(linesWith(lines, 'error')).toEqual([1, 3])
    expect(linesWith(lines, '')).toEqual([])
  })

  it('goes round at both ends', () => {
    expect(nextOf([1, 3], 1)).toBe(3)
    expect(nextOf([1, 3], 3)).toBe(1)
    expect(previousOf([1, 3], 1)).toBe(3)
    expect(previousOf([], 1)).toBeNull()
  })
})

describe('how a day went', () => {
  const at = (minute: number): string => new Date(minute * 60_000).toISOString()

  it('counts what ended of its own, and of that what ended badly', () => {
    const counts = [
      { at: at(0), state: 'Success', count: 5 },
      { at: at(0), state: 'Failed', count: 2 },
      { at: at(0), state: 'Stopped', count: 9 },
      { at: at(0), state: 'Running', count: 1 },
    ] as const
    expect(sumOf([...counts])).toEqual({ ended: 7, bad: 2 })
  })

  it('puts each count into its stretch of time and leaves out what lies outside', () => {
    const counts = [0, 9, 10, 25, 99].map((minute) => ({
      at: at(minute),
      state: 'Success' as const,
      count: 1,
    }))
    const sums = sumsBetween(counts, 0, 10 * 60_000, 3)
    expect(sums.map(({ ended }) => ended)).toEqual([2, 1, 1])
  })
})
