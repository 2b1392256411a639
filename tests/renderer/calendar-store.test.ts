import { describe, expect, it, onTestFinished } from 'vitest'
import type { AppClient } from '../../src/renderer/client.ts'
import { addDays, dateOf } from '../../src/renderer/features/calendar/dates.ts'
import { createCalendarStore } from '../../src/renderer/features/calendar/store.ts'
import type { CalendarQuery } from '../../src/renderer/features/calendar/query.ts'
import { AppError } from '../../src/shared/domain/errors.ts'
import { clientOf, event } from './support.ts'

const today = dateOf(new Date())
const dayOf = (date: string): CalendarQuery => ({ view: 'day', date, node: null, task: null, at: null })

/** A node that counts what it is asked, and may be away. */
const openStore = () => {
  const node = {
    asked: [] as string[],
    isAway: false,
    capped: false,
    pastCapped: true,
    plan: Promise.resolve(),
  }
  const answer = async <T>(what: string, value: T): Promise<T> => {
    node.asked.push(what)
    if (node.isAway) throw new AppError('UNAVAILABLE', 'The database is away')
    return value
  }
  const client = clientOf<Pick<AppClient, 'schedules' | 'history' | 'nodes'>>({
    schedules: { calendar: () => node.plan.then(() => answer('plan', { days: [], capped: node.capped })) },
    history: {
      stats: () => answer('stats', { counts: [], capped: node.pastCapped }),
      list: () => answer('bad', { items: [], nextCursor: null }),
    },
    nodes: { list: async () => ({ items: [], nextCursor: null }) },
  })
  const store = createCalendarStore(client)
  const stateOf = () => store.getState().data
  const ready = () => expect.poll(() => stateOf().status).toBe('ready')
  onTestFinished(store.getState().watch())
  return { node, store, stateOf, ready }
}

describe('the calendar', () => {
  it('reads only what was when a run has ended, and all of it when a task has changed', async () => {
    const { node, store, ready } = openStore()
    store.getState().show(dayOf(today))
    await ready()
    node.asked = []
    store.getState().onEvent(event('run.finished'))
    await expect.poll(() => node.asked.toSorted()).toEqual(['bad', 'stats'])
    // Once for many that end one after the other.
    for (let i = 0; i < 20; i += 1) store.getState().onEvent(event('run.finished'))
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(node.asked).toHaveLength(2)
    store.getState().onEvent(event('task.changed'))
    await expect.poll(() => node.asked).toContain('plan')
  })

  it('shows a plan that was on its way when a run ended, with what was read of the past since', async () => {
    const { node, store, stateOf, ready } = openStore()
    store.getState().show(dayOf(today))
    await ready()
    let answer = (): void => {}
    const plan = new Promise<void>((resolve) => (answer = resolve))
    Object.assign(node, { asked: [], capped: true, plan })
    store.getState().refresh()
    await expect.poll(() => node.asked).toContain('bad')
    node.pastCapped = false
    store.getState().onEvent(event('run.finished'))
    await expect.poll(stateOf).toMatchObject({ data: { pastCapped: false } })
    answer()
    await expect.poll(stateOf).toMatchObject({ data: { calendar: { capped: true } } })
    expect(stateOf()).toMatchObject({ data: { pastCapped: false } })
  })

  it('says why other days cannot be read, and keeps what is shown of the same', async () => {
    const { node, store, stateOf, ready } = openStore()
    store.getState().show(dayOf(today))
    await ready()
    expect(stateOf()).toMatchObject({ data: { pastCapped: true } })
    node.isAway = true
    store.getState().refresh()
    await expect.poll(() => node.asked.filter((what) => what === 'plan')).toHaveLength(2)
    expect(stateOf().status).toBe('ready')
    store.getState().show(dayOf(addDays(today, 7)))
    await expect.poll(stateOf).toMatchObject({ status: 'failed', error: { code: 'UNAVAILABLE' } })
    node.isAway = false
    store.getState().refresh()
    await ready()
  })
})
