import { createStore } from 'zustand/vanilla'
import type { Change } from '../../../shared/domain/change.ts'
import type { ClusterEvent } from '../../../shared/domain/events.ts'
import type { Failure } from '../../../shared/domain/failure.ts'
import type { Run } from '../../../shared/domain/run.ts'
import type { RunStats } from '../../../shared/domain/run-stats.ts'
import type { Task } from '../../../shared/domain/task.ts'
import type { Upcoming } from '../../../shared/domain/upcoming.ts'
import type { AppClient } from '../../client.ts'
import { idle, settle, waiting, type Loadable } from '../../lib/loadable.ts'
import { storeContext } from '../../lib/store-context.ts'
import { throttle } from '../../lib/throttle.ts'
import { createClusterPart, type ClusterPart } from './read-cluster.ts'

export interface Overview {
  /** Tasks whose last run ended badly, the latest first. */
  failing: { tasks: Task[]; more: boolean }
  /** What runs or waits for a slot now. */
  active: Run[]
  /** Tasks by their next run. */
  coming: Task[]
  /** How runs of the last day ended, by ten minutes; and what the next day brings, by half hours. */
  past: RunStats
  upcoming: Upcoming
  /** By task: the change that came just before its last run. */
  suspects: Readonly<Record<string, Change>>
  /** By task: since when it fails, how often, and who knows of it. */
  failures: Readonly<Record<string, Failure>>
  /** Whether there is any task at all. */
  isEmpty: boolean
}

export interface OverviewState {
  overview: Loadable<Overview>
  /** The nodes and what each of them did and will do; null until it is read. */
  cluster: ClusterPart | null
  refresh: () => Promise<void>
  /** Reads now, and after events, until the returned function is called. */
  watch: () => () => void
  onEvent: (event: ClusterEvent) => void
}

const REFRESH_MS = 1000
const RELEVANT =
  /^(hello|missed|run\.(queued|started|finished)|task\.changed|schedule\.changed|failure\.changed)$/
const FAILING_SHOWN = 50
const COMING_SHOWN = 15

const DAY_MS = 24 * 60 * 60 * 1000
/** So many failures get their suspect: the ones that are in sight. */
const SUSPECTED = 8

type OverviewClient = Pick<AppClient, 'tasks' | 'history' | 'changes' | 'schedules' | 'nodes' | 'failures'>

const FAILURES_READ = 200

/** The last change of each failing task before its last run, unless that is days old. */
const readSuspects = async (
  client: OverviewClient,
  failing: readonly Task[],
): Promise<Overview['suspects']> => {
  const found = await Promise.all(
    failing.slice(0, SUSPECTED).map(async ({ taskId, lastRun }) => {
      if (lastRun === null) return []
      const from = new Date(Date.parse(lastRun) - 2 * DAY_MS).toISOString()
      const query = { table: ['Tasks'], record: [taskId], from, to: lastRun, limit: 1 }
      const { items } = await client.changes.list(query)
      return items[0] ? [[taskId, items[0]] as const] : []
    }),
  )
  return Object.fromEntries(found.flat())
}

/** Of a task that fails on several nodes the latest one; more than that Failures tells. */
const readFailures = async ({ failures }: OverviewClient): Promise<Overview['failures']> => {
  const { items } = await failures.list({ show: 'failing', limit: FAILURES_READ })
  return Object.fromEntries(items.toReversed().map((failure) => [failure.taskId, failure]))
}

const read = async (client: OverviewClient): Promise<Overview> => {
  const { tasks, history, schedules } = client
  const [failing, active, coming, past, upcoming, failures] = await Promise.all([
    tasks.list({ state: ['Failed', 'Timeout', 'Lost'], sort: 'lastRun', limit: FAILING_SHOWN }),
    history.list({ state: ['Running', 'Queued'], limit: FAILING_SHOWN }),
    tasks.list({ sort: 'nextRun', limit: COMING_SHOWN }),
    history.stats({ from: new Date(Date.now() - DAY_MS).toISOString(), unit: 'tenMinutes' }),
    schedules.upcoming({}),
    readFailures(client),
  ])
  return {
    failing: { tasks: failing.items, more: failing.nextCursor !== null },
    active: active.items,
    coming: coming.items.filter((task) => task.nextRun !== null),
    past,
    upcoming,
    suspects: await readSuspects(client, failing.items),
    failures,
    isEmpty: coming.items.length === 0,
  }
}

export const createOverviewStore = (client: OverviewClient) =>
  createStore<OverviewState>()((set, get) => {
    let watchers = 0
    const refresh = async (): Promise<void> => set({ overview: await settle(get().overview, read(client)) })
    const refreshSoon = throttle(() => void refresh(), REFRESH_MS)
    const cluster = createClusterPart(client, (part) => set({ cluster: part }))
    return {
      overview: idle,
      cluster: null,
      refresh,
      watch: () => {
        watchers += 1
        set({ overview: waiting(get().overview) })
        void refresh()
        const stop = cluster.watch()
        return () => {
          watchers -= 1
          stop()
        }
      },
      onEvent: (event) => {
        if (watchers > 0 && RELEVANT.test(event.type)) refreshSoon()
        if (watchers > 0) cluster.onEvent(event)
      },
    }
  })

export const overviewContext = storeContext<OverviewState>('overview')
