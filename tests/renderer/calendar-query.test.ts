import { describe, expect, it } from 'vitest'
import { asView, queryOf, type CalendarQuery } from '../../src/renderer/features/calendar/query.ts'

const TODAY = '2026-12-01'
const of = (params: string, today = TODAY): CalendarQuery => queryOf(new URLSearchParams(params), today)

describe("the calendar's address", () => {
  it('without days shows the week of today, which goes on at midnight', () => {
    expect(of('')).toMatchObject({ view: 'week', date: '2026-11-30' })
    expect(of('', '2026-12-07').date).toBe('2026-12-07')
    expect(of('week=2026-12-16').date).toBe('2026-12-14')
  })

  it('keeps the day that is looked at from view to view', () => {
    const week = asView(of('day=2026-12-17'), 'week', TODAY)
    expect(week).toMatchObject({ view: 'week', date: '2026-12-14', at: { date: '2026-12-17', hour: 8 } })
    expect(asView(week, 'day', TODAY)).toMatchObject({ view: 'day', date: '2026-12-17' })
    expect(asView(of('day=2026-12-17&at=2026-12-17T03'), 'week', TODAY).at?.hour).toBe(3)
    expect(asView(of('day=2026-12-18&at=2026-12-17T03'), 'week', TODAY).at?.date).toBe('2026-12-18')
    // Of today the present hour is looked at, without being named.
    expect(asView(of(`day=${TODAY}`), 'week', TODAY)).toMatchObject({ date: '2026-11-30', at: null })
  })

  it('leads from a week to today where that is one of its days, else to its first', () => {
    expect(asView(of(''), 'day', TODAY).date).toBe(TODAY)
    expect(asView(of('week=2026-12-14'), 'day', TODAY).date).toBe('2026-12-14')
  })
})
