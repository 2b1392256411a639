import { ActionIcon, Button, SegmentedControl } from '@mantine/core'
import { ChevronLeftIcon, ChevronRightIcon } from '@primer/octicons-react'
import { count, things, weekdayAndDate } from '../../lib/format.ts'
import { FilterButton } from '../../ui/filter-button.tsx'
import { nodeOptions, type FilterOption } from '../../ui/filter-options.ts'
import { MarkShape } from './mark-shape.tsx'
import type { CalendarPartProps } from './calendar-view.tsx'
import { addDays, dateOf, startOf } from './dates.ts'
import { asView, atToday, moved, type CalendarQuery } from './query.ts'
import { calendarContext, type CalendarData } from './store.ts'

interface BarProps extends Omit<CalendarPartProps, 'data'> {
  data: CalendarData | null
}

/** Which days, of what; and in one line what they bring. */
export function CalendarBar({ query, data, go }: BarProps) {
  const nodes = calendarContext.useState((state) => state.nodes)
  const one = query.view
  return (
    <div className="bar calendar-bar" role="search" aria-label="Calendar">
      <SegmentedControl
        aria-label="Shown"
        size="xs"
        data={[
          { value: 'day', label: 'Day' },
          { value: 'week', label: 'Week' },
        ]}
        value={query.view}
        onChange={(view) => go(asView(query, view === 'day' ? 'day' : 'week', dateOf(new Date())))}
      />
      <ActionIcon aria-label={`The ${one} before`} aria-keyshortcuts="[" onClick={() => go(moved(query, -1))}>
        <ChevronLeftIcon size={16} />
      </ActionIcon>
      <Button aria-keyshortcuts="T" onClick={() => go(atToday(query, new Date()))}>
        Today
      </Button>
      <ActionIcon aria-label={`The ${one} after`} aria-keyshortcuts="]" onClick={() => go(moved(query, 1))}>
        <ChevronRightIcon size={16} />
      </ActionIcon>
      <h2 className="calendar-title num">{titleOf(query)}</h2>
      <FilterButton
        label="Node"
        options={nodeOptions(nodes, query.node ? [query.node] : [])}
        value={query.node ? [query.node] : []}
        onChange={([node]) => go({ ...query, node: node ?? null }, { replace: true })}
      />
      <FilterButton
        label="Task"
        options={taskOptions(data)}
        value={query.task ? [query.task] : []}
        onChange={([task]) => go({ ...query, task: task ?? null }, { replace: true })}
      />
      <span className="grow" />
      <p className="small t2 num" role="status">
        {data && <Summary data={data} />}
      </p>
    </div>
  )
}

const titleOf = ({ view, date }: CalendarQuery): string => {
  const now = new Date()
  const first = weekdayAndDate(startOf(date), now)
  return view === 'day' ? first : `${first} – ${weekdayAndDate(startOf(addDays(date, 6)), now)}`
}

/** The tasks that are seen: there is no list of all. */
const taskOptions = (data: CalendarData | null): FilterOption[] => {
  const names = new Map<string, string>()
  for (const { hours } of data?.calendar.days ?? [])
    for (const { entries } of hours) for (const { taskId, taskName } of entries) names.set(taskId, taskName)
  return [...names]
    .map(([value, label]) => ({ value, label }))
    .sort((a, b) => a.label.localeCompare(b.label, 'en', { numeric: true }))
}

const atLeast = (isCapped: boolean): string => (isCapped ? 'at least ' : '')

/** `1 284 runs to come; in 6 hours some clash` */
function Summary({ data: { calendar, past, pastCapped } }: { data: CalendarData }) {
  const hours = calendar.days.flatMap((day) => day.hours)
  const runs = hours.reduce((sum, hour) => sum + hour.runs, 0)
  const clashing = hours.filter(({ marked }) => marked > 0).length
  const ended = [...past.values()].reduce((sum, hour) => sum + hour.ended, 0)
  const sums = [
    ended > 0 && `${atLeast(pastCapped)}${count(ended)} ran`,
    `${atLeast(calendar.capped)}${things(runs, 'run')} to come`,
  ].filter(Boolean)
  return (
    <>
      {sums.join(', ')}
      {clashing > 0 && (
        <>
          {'; '}
          <MarkShape /> <span className="warn">in {things(clashing, 'hour')} some clash</span>
        </>
      )}
      {calendar.clashesCapped && ' (of those due first)'}
    </>
  )
}
