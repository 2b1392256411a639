import { Cron } from 'croner'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  countSlotsBetween,
  jitterMs,
  lastSlotsBetween,
  nextSlot,
  parseSchedule,
  planDue,
  slotsBetween,
  type Schedule,
  type ScheduleSpec,
  type Slot,
} from '../../src/shared/domain/schedule.ts'
import { anySpec, cronSpec, moment } from './schedule-arbitraries.ts'

const HOUR = 3_600_000

/** Random cron fields may meet in a day that no month has (31 2): those are no schedule. */
function parsed(spec: ScheduleSpec, zone: string): Schedule {
  try {
    return parseSchedule(spec, zone)
  } catch {
    return fc.pre(false) as never
  }
}

const schedules = fc.tuple(anySpec, moment)

describe('any schedule in any zone', () => {
  it('has slots that are strictly later than asked for and strictly increase', () => {
    fc.assert(
      fc.property(schedules, ([spec, { zone, at }]) => {
        const slots = slotsBetween(parsed(spec, zone), at, Infinity, 50).map((slot) => slot.at)
        for (const [index, slot] of slots.entries()) expect(slot).toBeGreaterThan(slots[index - 1] ?? at)
      }),
      { numRuns: 300 },
    )
  })

  it('gives the same slots whether asked for at once or one by one, from anywhere in between', () => {
    fc.assert(
      fc.property(schedules, fc.integer({ min: 0, max: 12 * HOUR }), ([spec, { zone, at }], cut) => {
        const schedule = parsed(spec, zone)
        const until = at + 12 * HOUR
        const all = slotsBetween(schedule, at, until, Infinity)
        const first = slotsBetween(schedule, at, at + cut, Infinity)
        expect([...first, ...slotsBetween(schedule, at + cut, until, Infinity)]).toEqual(all)
        expect(nextSlot(schedule, at)).toEqual(all[0] ?? nextSlot(schedule, until))
      }),
      { numRuns: 200 },
    )
  })

  it('lists the slots that one finds by asking for the next again and again', () => {
    fc.assert(
      fc.property(
        schedules,
        fc.integer({ min: 0, max: 30 * HOUR }),
        fc.integer({ min: 1, max: 200 }),
        ([spec, { zone, at }], span, limit) => {
          const schedule = parsed(spec, zone)
          const walked: Slot[] = []
          let slot = nextSlot(schedule, at)
          for (; slot && slot.at <= at + span && walked.length < limit; slot = nextSlot(schedule, slot.at))
            walked.push(slot)
          expect(slotsBetween(schedule, at, at + span, limit)).toEqual(walked)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('counts exactly the slots it lists, and gives the newest of them', () => {
    fc.assert(
      fc.property(
        schedules,
        fc.integer({ min: 0, max: 30 * HOUR }),
        fc.integer({ min: 1, max: 20 }),
        ([spec, { zone, at }], span, limit) => {
          const schedule = parsed(spec, zone)
          const all = slotsBetween(schedule, at, at + span, Infinity)
          expect(countSlotsBetween(schedule, at, at + span)).toEqual({ count: all.length, atLeast: false })
          expect(lastSlotsBetween(schedule, at, at + span, limit)).toEqual({
            slots: all.slice(-limit),
            leftOut: Math.max(0, all.length - limit),
            atLeast: false,
          })
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('cron', () => {
  it.each(['UTC', 'Asia/Kolkata'])('agrees with croner where the clock never changes (%s)', (zone) => {
    fc.assert(
      fc.property(cronSpec, moment, (spec, { at }) => {
        const cron = new Cron(spec, { timezone: zone, mode: '5-or-6-parts' })
        expect(slotsBetween(parsed(spec, zone), at, Infinity, 20).map((slot) => slot.at)).toEqual(
          cron.nextRuns(20, new Date(at)).map((date) => date.getTime()),
        )
      }),
      { numRuns: 200 },
    )
  })
})

describe('planDue', () => {
  const policies = fc.record({
    misfirePolicy: fc.constantFrom('Skip', 'Last', 'All'),
    misfireWindowSeconds: fc.integer({ min: 1, max: 40_000 }),
    toleranceMs: fc.constantFrom(0, 1000, 60_000),
  })

  it('makes every due slot a run or a skipped one, once', () => {
    fc.assert(
      fc.property(
        schedules,
        policies,
        fc.integer({ min: 0, max: 20 * HOUR }),
        ([spec, { zone, at }], policy, away) => {
          const schedule = parsed(spec, zone)
          const nextRun = nextSlot(schedule, at)?.at
          fc.pre(nextRun !== undefined)
          const now = nextRun + away
          const due = slotsBetween(schedule, nextRun - 1, now, Infinity).map((slot) => slot.at)
          const plan = planDue({ schedule, nextRun, now, ...policy })
          const skipped = due.slice(0, due.length - plan.run.length)
          expect(plan.run.map((run) => run.at)).toEqual(due.slice(skipped.length))
          expect(plan.skipped).toEqual(
            skipped.length === 0
              ? null
              : { firstAt: skipped[0], lastAt: skipped.at(-1), count: skipped.length, atLeast: false },
          )
          expect(plan.nextRun).toBe(nextSlot(schedule, now)?.at ?? null)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('never skips what is on time, and catches up within window and limit only', () => {
    fc.assert(
      fc.property(
        schedules,
        policies,
        fc.integer({ min: 0, max: 20 * HOUR }),
        ([spec, { zone, at }], policy, away) => {
          const schedule = parsed(spec, zone)
          const nextRun = nextSlot(schedule, at)?.at
          fc.pre(nextRun !== undefined)
          const now = nextRun + away
          const { run, skipped } = planDue({ schedule, nextRun, now, ...policy })
          const onTime = (slot: number): boolean => slot >= now - policy.toleranceMs
          const caughtUp = run.filter((slot) => slot.catchUp)
          if (skipped) expect(onTime(skipped.lastAt)).toBe(false)
          for (const slot of run) expect(slot.catchUp).toBe(!onTime(slot.at))
          for (const slot of caughtUp)
            expect(slot.at).toBeGreaterThanOrEqual(now - policy.misfireWindowSeconds * 1000)
          expect(caughtUp.length).toBeLessThanOrEqual({ Skip: 0, Last: 1, All: 100 }[policy.misfirePolicy])
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('jitterMs', () => {
  it('stays in range and depends on nothing but its arguments', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer(), fc.integer({ min: 1, max: 86_400 }), (seed, at, seconds) => {
        const delay = jitterMs(seed, at, seconds)
        expect(Number.isInteger(delay) && delay >= 0 && delay < seconds * 1000).toBe(true)
        expect(jitterMs(seed, at, seconds)).toBe(delay)
      }),
    )
  })
})
