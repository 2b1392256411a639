import { createStore } from 'zustand/vanilla'
import type { Calendar } from '../../../shared/domain/calendar.ts'
import type { ClusterEvent } from '../../../shared/domain/events.ts'
import type { Run } from '../../../shared/domain/run.ts'
import { systemTimeZone } from '../../../shared/domain/schedule/time-zone.ts'
import type { AppClient } from '../../client.ts'
import { createLatest } from '../../lib/latest.ts'
import { dataOf, idle, loading, settle, type Loadable } from '../../lib/loadable.ts'
import { readAllNodes } from '../../lib/read-nodes.ts'
import { storeContext } from '../../lib/store-context.ts'
import { throttle } from '../../lib/throttle.ts'
import { whileSeen } from '../../lib/while-seen.ts'
import { addDays, startOf } from './dates.ts'
import { badByHour, pastOf, type Past } from './past.ts'
import { lengthOf, type CalendarQuery } from './query.ts'

export interface CalendarData {
  /** What it is of: another week's plan is not shown as this one's. */
  of: string
  calendar: Calendar
  past: Past
  /** Runs that ended badly, by hours. */
  bad: ReadonlyMap<string, readonly Run[]>
  /** There were more bad ends than are named, or more runs than are counted. */
  pastCapped: boolean
}

export interface CalendarState {
  query: CalendarQuery | null
  data: Loadable<CalendarData>
  /** Names by id. */
  nodes: Readonly<Record<string, string>>
  show: (query: CalendarQuery) => void
  refresh: () => void
  /** Reads on while somebody looks, until the returned function is called. */
  watch: () => () => void
  onEvent: (event: ClusterEvent) => void
}

type CalendarClient = Pick<AppClient, 'schedules' | 'history' | 'nodes'>

const REFRESH_MS = 3000
/** The present hour moves on without an event. */
const LOOK_MS = 60_000
const PAST_MS = 10_000
const RELEVANT = /^(hello|missed|task\.changed|schedule\.changed|node\.changed|cluster\.changed)$/
const BAD = 300
/** A cell of a week names few, an hour of a day all that a page has room for. */
const ENTRIES = { week: 8, day: 60 }

/** All of the question but the hour that is looked at. */
export const keyOf = ({ view, date, node, task }: CalendarQuery): string =>
  [view, date, node ?? '', task ?? ''].join(' ')

const readPlan = (client: CalendarClient, query: CalendarQuery): Promise<Calendar> => {
  const { view, date, node, task } = query
  return client.schedules.calendar({
    ...{ from: date, days: lengthOf(query), timeZone: systemTimeZone(), limit: ENTRIES[view] },
    ...(node && { node }),
    ...(task && { task }),
  })
}

type PastData = Pick<CalendarData, 'past' | 'bad' | 'pastCapped'>

const pastPartOf = ({ past, bad, pastCapped }: CalendarData): PastData => ({ past, bad, pastCapped })

const readPast = async (client: CalendarClient, query: CalendarQuery): Promise<PastData> => {
  const { date, node, task } = query
  const from = startOf(date).toISOString()
  const until = startOf(addDays(date, lengthOf(query))).toISOString()
  const now = new Date().toISOString()
  if (from >= now) return { past: new Map(), bad: new Map(), pastCapped: false }
  const to = until < now ? until : now
  const runs = { from, to, ...(node && { node: [node] }), ...(task && { task: [task] }) }
  const [stats, bad] = await Promise.all([
    client.history.stats({ ...runs, unit: 'tenMinutes' }),
    client.history.list({ ...runs, state: ['Failed', 'Timeout', 'Lost'], limit: BAD }),
  ])
  return {
    past: pastOf(stats.counts),
    bad: badByHour(bad.items.toReversed()),
    pastCapped: stats.capped || bad.nextCursor !== null,
  }
}

const read = async (client: CalendarClient, query: CalendarQuery): Promise<CalendarData> => {
  const [calendar, past] = await Promise.all([readPlan(client, query), readPast(client, query)])
  return { of: keyOf(query), calendar, ...past }
}

/** What is known of these very days: that of others is no answer, also where there is none. */
const shownOf = (query: CalendarQuery, data: Loadable<CalendarData>): Loadable<CalendarData> =>
  data.status === 'ready' && data.data.of !== keyOf(query) ? loading : data

export const createCalendarStore = (client: CalendarClient) =>
  createStore<CalendarState>()((set, get) => {
    let watchers = 0
    const latest = createLatest()
    const latestPast = createLatest()
    /** So often what was has been shown without the plan. */
    let pastShown = 0
    const refresh = (): void => {
      const { query, data } = get()
      if (!query) return
      latestPast.overtake()
      const before = pastShown
      void latest.ask(settle(shownOf(query, data), read(client, query)), (next) => {
        const now = dataOf(get().data)
        const isNewer = pastShown > before && next.status === 'ready' && now?.of === next.data.of
        set({ data: isNewer ? { ...next, data: { ...next.data, ...pastPartOf(now) } } : next })
      })
    }
    /** A run that ended changes nothing of what comes: a plan that is on its way still counts. */
    const refreshPast = (): void => {
      const { query, data } = get()
      const shown = query && dataOf(shownOf(query, data))
      if (!query || !shown) return refresh()
      const answer = readPast(client, query).then((past) => ({ ...shown, ...past }))
      void latestPast.ask(settle(data, answer), (next) => {
        const now = dataOf(get().data)
        if (now?.of !== shown.of) return
        pastShown += 1
        set({
          data: next.status === 'ready' ? { ...next, data: { ...next.data, calendar: now.calendar } } : next,
        })
      })
    }
    const readNodes = async (): Promise<void> => {
      const nodes = await settle(idle, readAllNodes(client))
      if (nodes.status !== 'ready') return
      set({ nodes: Object.fromEntries(nodes.data.map(({ nodeId, nodeName }) => [nodeId, nodeName])) })
    }
    const refreshSoon = throttle(refresh, REFRESH_MS)
    const pastSoon = throttle(refreshPast, PAST_MS)
    return {
      query: null,
      data: idle,
      nodes: {},
      show: (query) => {
        const before = get().query
        const isSame = before !== null && keyOf(before) === keyOf(query)
        set({ query, ...(!isSame && { data: loading }) })
        if (!isSame) refresh()
      },
      refresh,
      watch: () => {
        watchers += 1
        void readNodes()
        if (get().query) refresh()
        const stop = whileSeen(refreshSoon, LOOK_MS)
        return () => {
          watchers -= 1
          stop()
        }
      },
      onEvent: ({ type }) => {
        if (watchers === 0) return
        if (type === 'hello' || type === 'node.changed') void readNodes()
        if (RELEVANT.test(type)) refreshSoon()
        else if (type === 'run.finished') pastSoon()
      },
    }
  })

export const calendarContext = storeContext<CalendarState>('calendar')
