import { useCallback, useEffect, useMemo } from 'react'
import { hintOf } from '../../lib/key-table.ts'
import { useRoute, useRouter } from '../../lib/router.ts'
import { useCommands } from '../../lib/use-commands.ts'
import { useTicking } from '../../lib/use-now.ts'
import { ReplicaAge } from '../../shell/replica-age.tsx'
import { ErrorView } from '../../ui/error-view.tsx'
import { KeyFoot } from '../../ui/key-foot.tsx'
import { SkeletonRows } from '../../ui/skeleton-rows.tsx'
import { CalendarBar } from './calendar-bar.tsx'
import { dateOf } from './dates.ts'
import { DayList } from './day-list.tsx'
import { HourRail } from './hour-rail.tsx'
import { addressOf, asView, atToday, moved, queryOf, type CalendarQuery } from './query.ts'
import { calendarContext, keyOf, type CalendarData } from './store.ts'
import { WeekGrid } from './week-grid.tsx'

const SPANS = [
  hintOf('calendar', 'earlier'),
  hintOf('calendar', 'later'),
  hintOf('calendar', 'today'),
  hintOf('calendar', 'day'),
  hintOf('calendar', 'week'),
]
const HINTS = [
  { keys: '← → ↑ ↓', does: 'days and hours' },
  ...SPANS,
  hintOf('calendar', 'open', { does: 'open the day', late: true }),
]
const DAY_HINTS = [
  { keys: '← →', does: 'days' },
  { keys: '↑ ↓', does: 'entries' },
  ...SPANS,
  hintOf('list', 'open', { does: 'open the task', late: true }),
]

export interface CalendarPartProps {
  query: CalendarQuery
  data: CalendarData
  /** Shows something else; a step of the cursor leaves no step back. */
  go: (query: CalendarQuery, options?: { replace?: boolean }) => void
}

/** What runs when: coming slots by day or by week and what will clash, and dimly what was. */
export function CalendarView() {
  const { params } = useRoute()
  const router = useRouter()
  const today = useTicking((now) => dateOf(new Date(now)), 'wall')
  const query = useMemo(() => queryOf(params, today), [params, today])
  const { show, watch, refresh } = calendarContext.useApi().getState()
  const data = calendarContext.useState((state) => state.data)
  useEffect(() => show(query), [show, query])
  useEffect(() => watch(), [watch])
  const go = useCallback<CalendarPartProps['go']>(
    (next, options) => router.go(addressOf(next), options),
    [router],
  )
  useCommands('calendar', {
    earlier: () => go(moved(query, -1)),
    later: () => go(moved(query, 1)),
    today: () => go(atToday(query, new Date())),
    day: () => go(asView(query, 'day', today)),
    week: () => go(asView(query, 'week', today)),
  })
  const shown = data.status === 'ready' && data.data.of === keyOf(query) ? data.data : null
  return (
    <div className="calendar">
      <CalendarBar query={query} data={shown} go={go} />
      {data.status === 'failed' ? (
        <ErrorView what="The calendar could not be read" error={data.error} onRetry={refresh} />
      ) : query.view === 'week' ? (
        <div className="calendar-body">
          <WeekGrid query={query} data={shown} go={go} />
          {shown ? <HourRail query={query} data={shown} go={go} /> : <RailInWaiting />}
        </div>
      ) : shown === null ? (
        <SkeletonRows rows={16} />
      ) : (
        <DayList query={query} data={shown} go={go} />
      )}
      <KeyFoot hints={query.view === 'week' ? HINTS : DAY_HINTS}>
        <ReplicaAge />
      </KeyFoot>
    </div>
  )
}

const RailInWaiting = () => (
  <aside className="rail calendar-rail" aria-label="The hour" aria-busy tabIndex={-1}>
    <SkeletonRows rows={4} />
  </aside>
)
