import { useEffect, useRef } from 'react'
import type { CalendarEntry, CalendarHour } from '../../../shared/domain/calendar.ts'
import { count, things, two } from '../../lib/format.ts'
import { href } from '../../lib/router.ts'
import { useCommands } from '../../lib/use-commands.ts'
import { useKeys } from '../../lib/use-keys.ts'
import type { CalendarPartProps } from './calendar-view.tsx'
import { ClockChanges } from './clock-changes.tsx'
import { cursorOf } from './cursor.ts'
import { dateOf, halvesOf } from './dates.ts'
import { EntryMarks } from './entry-marks.tsx'
import { BadEnds } from './hour-rail.tsx'
import { hourText, moved, readHour } from './query.ts'
import { calendarContext } from './store.ts'
import { foldText, pastText, timeText, whereText } from './words.ts'

/** One day, hour by hour: every entry with where it runs and what will happen. */
export function DayList({ query, data, go }: CalendarPartProps) {
  const list = useRef<HTMLDivElement>(null)
  const links = (): HTMLAnchorElement[] => [
    ...(list.current?.querySelectorAll<HTMLAnchorElement>('a[data-entry]') ?? []),
  ]
  const move = (step: number): void => {
    const all = links()
    const here = all.findIndex((link) => link === document.activeElement)
    const first = all.findIndex((link) => Number(link.dataset.entry) >= cursorOf(query, new Date()).hour)
    const next = here < 0 ? Math.max(0, first) : Math.max(0, Math.min(all.length - 1, here + step))
    all[next]?.focus()
  }
  useCommands('calendar', {
    left: () => go(moved(query, -1)),
    right: () => go(moved(query, 1)),
    up: () => move(-1),
    down: () => move(1),
  })
  useKeys({ j: () => move(1), k: () => move(-1) })
  const { date } = query
  const asked = query.at && hourText(query.at)
  // Where nobody asked for an hour the present one moves on; whoever reads elsewhere by then stays there.
  useEffect(() => {
    const { hour } = cursorOf({ view: 'day', date, at: readHour(asked) }, new Date())
    document.getElementById(`day-${date}-${hour}`)?.scrollIntoView({ block: 'start' })
  }, [date, asked])
  const day = data.calendar.days[0]
  if (!day) return null
  const halves = halvesOf(date)
  return (
    <div ref={list} className="day" tabIndex={-1}>
      <ClockChanges changes={day.clock} />
      {halves.map((half, hour) => (
        <HourRows
          key={hour}
          id={`day-${date}-${hour}`}
          title={`${two(hour)}:00`}
          odd={half === 0 ? 'does not exist' : half > 2 ? 'comes twice' : null}
          isNow={date === dateOf(new Date()) && hour === new Date().getHours()}
          hour={day.hours.find((one) => one.hour === hour)}
          past={data.past.get(hourText({ date, hour }))}
          bad={data.bad.get(hourText({ date, hour })) ?? []}
        />
      ))}
    </div>
  )
}

interface HourRowsProps {
  id: string
  title: string
  /** Of an hour in which the clock changes. */
  odd: string | null
  isNow: boolean
  hour: CalendarHour | undefined
  past: Parameters<typeof pastText>[0] | undefined
  bad: Parameters<typeof BadEnds>[0]['runs']
}

function HourRows({ id, title, odd, isNow, hour, past, bad }: HourRowsProps) {
  const isEmpty = !hour && !past
  return (
    <section id={id} className={isEmpty ? 'day-hour empty-hour' : 'day-hour'} aria-label={title}>
      <h2 className="num t2">
        {title}
        {isNow && <b className="day-now">now</b>}
      </h2>
      <div className="day-rows">
        {odd && <p className="warn small">This hour {odd}.</p>}
        {past && <p className="t3 small day-past num">{pastText(past)}</p>}
        <BadEnds runs={bad} />
        {hour && (
          <ul>
            {hour.entries.map((entry) => (
              <DayEntry key={entry.taskId} entry={entry} hour={hour.hour} />
            ))}
            {hour.tasks > hour.entries.length && (
              <li className="t3 small">
                and {count(hour.tasks - hour.entries.length)} more of {things(hour.tasks, 'task')}: choose a
                node or a task to see them
              </li>
            )}
          </ul>
        )}
      </div>
    </section>
  )
}

function DayEntry({ entry, hour }: { entry: CalendarEntry; hour: number }) {
  const nodes = calendarContext.useState((state) => state.nodes)
  const { taskId, taskName, appName, first } = entry
  return (
    <li className="day-entry">
      <span className="num t2">{timeText(first)}</span>
      <span className="cut">
        <a data-entry={hour} href={href(['tasks', taskId])}>
          {taskName}
        </a>{' '}
        <span className="t3">{appName}</span>
      </span>
      <span className="t2 small cut num">{foldText(entry)}</span>
      <span className="t2 small cut">{whereText(entry, nodes)}</span>
      <EntryMarks entry={entry} />
    </li>
  )
}
