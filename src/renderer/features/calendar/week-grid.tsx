import { useEffect, useRef } from 'react'
import type { CalendarDay } from '../../../shared/domain/calendar.ts'
import { weekdayAndDate, two } from '../../lib/format.ts'
import { useCommands } from '../../lib/use-commands.ts'
import type { CalendarPartProps } from './calendar-view.tsx'
import { addDays, dateOf, startOf } from './dates.ts'
import { MarkShape } from './mark-shape.tsx'
import { hourText, withHour } from './query.ts'
import type { CalendarData } from './store.ts'
import { cursorOf } from './cursor.ts'
import { WeekCell } from './week-cell.tsx'
import { clockText } from './words.ts'

const HOURS = Array.from({ length: 24 }, (_, hour) => hour)

export interface WeekProps extends Omit<CalendarPartProps, 'data'> {
  /** Null while the week is being read: whoever came by the arrows goes on with them meanwhile. */
  data: CalendarData | null
}

/** Seven days of 24 hours; the arrows go from hour to hour and over the edges into the next week. */
export function WeekGrid(props: WeekProps) {
  const { query, data, go } = props
  const grid = useRef<HTMLDivElement>(null)
  const cursor = cursorOf(query, new Date())
  const move = (days: number, hours: number): void => {
    const hour = Math.max(0, Math.min(23, cursor.hour + hours))
    go(withHour(query, { date: addDays(cursor.date, days), hour }), { replace: true })
    grid.current?.focus({ preventScroll: true })
  }
  useCommands('calendar', {
    left: () => move(-1, 0),
    right: () => move(1, 0),
    up: () => move(0, -1),
    down: () => move(0, 1),
    open: () => go({ ...query, view: 'day', date: cursor.date, at: cursor }),
  })
  const days = data?.calendar.days ?? emptyDays(query.date)
  const most = Math.max(1, ...days.flatMap(({ hours }) => hours.map(({ runs }) => runs)))
  const chosen = `hour-${hourText(cursor)}`
  useEffect(() => {
    document.getElementById(chosen)?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return (
    <div
      ref={grid}
      className="week"
      role="grid"
      aria-label="Week by hours"
      aria-activedescendant={chosen}
      aria-busy={data === null}
      tabIndex={0}
    >
      <div role="row" className="week-row week-head">
        <span role="columnheader">
          <span className="hidden-text">Hour</span>
        </span>
        {days.map((day) => (
          <DayHead key={day.date} day={day} {...props} />
        ))}
      </div>
      {HOURS.map((hour) => (
        <div role="row" key={hour} className="week-row">
          <span role="rowheader" className="week-hour num t3">
            {two(hour)}:00
          </span>
          {days.map((day) => (
            <WeekCell
              key={day.date}
              {...props}
              day={day}
              at={{ date: day.date, hour }}
              most={most}
              isChosen={day.date === cursor.date && hour === cursor.hour}
            />
          ))}
        </div>
      ))}
    </div>
  )
}

type ShownDay = Pick<CalendarDay, 'date' | 'hours' | 'clock'>

const emptyDays = (monday: string): ShownDay[] =>
  Array.from({ length: 7 }, (_, day) => ({ date: addDays(monday, day), hours: [], clock: [] }))

function DayHead({ day, query, go }: WeekProps & { day: ShownDay }) {
  const now = new Date()
  const isToday = day.date === dateOf(now)
  return (
    <span role="columnheader" className={isToday ? 'week-day today' : 'week-day'}>
      <button
        type="button"
        tabIndex={-1}
        className="num"
        onClick={() => go({ ...query, view: 'day', date: day.date, at: null })}
      >
        {weekdayAndDate(startOf(day.date), now)}
        {isToday && <span className="hidden-text">, today</span>}
      </button>
      {day.clock.length > 0 && (
        <span className="warn" title={day.clock.map(clockText).join('; ')}>
          <MarkShape /> <span className="meta">clock</span>
          <span className="hidden-text">{`: ${day.clock.map(clockText).join('; ')}`}</span>
        </span>
      )}
    </span>
  )
}
