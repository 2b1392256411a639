import type { CalendarEntry } from '../../../shared/domain/calendar.ts'
import type { Run } from '../../../shared/domain/run.ts'
import { count, things, weekdayAndDate, two } from '../../lib/format.ts'
import { href } from '../../lib/router.ts'
import { Shape } from '../../ui/state.tsx'
import { Section } from '../../ui/text.tsx'
import type { CalendarPartProps } from './calendar-view.tsx'
import { ClockChanges } from './clock-changes.tsx'
import { cursorOf } from './cursor.ts'
import { startOf } from './dates.ts'
import { EntryMarks } from './entry-marks.tsx'
import { hourText } from './query.ts'
import { calendarContext } from './store.ts'
import { foldText, pastText, timeText, whereText } from './words.ts'

/** The hour under the cursor: what comes, what will happen to it, and what was. */
export function HourRail({ query, data, go }: CalendarPartProps) {
  const at = cursorOf(query, new Date())
  const day = data.calendar.days.find(({ date }) => date === at.date)
  const hour = day?.hours.find((one) => one.hour === at.hour)
  const past = data.past.get(hourText(at))
  const bad = data.bad.get(hourText(at)) ?? []
  const title = `${weekdayAndDate(startOf(at.date), new Date())}, ${two(at.hour)}:00 to ${two((at.hour + 1) % 24)}:00`
  return (
    <aside className="rail calendar-rail" aria-label="The hour" tabIndex={-1}>
      <header className="calendar-rail-head">
        <h2 className="num">{title}</h2>
        <button
          type="button"
          className="link small"
          onClick={() => go({ ...query, view: 'day', date: at.date, at })}
        >
          Open the day
        </button>
      </header>
      {day && <ClockChanges changes={day.clock} />}
      {past && (
        <Section title="Ran">
          <p className="small t2">{pastText(past)}.</p>
          <BadEnds runs={bad} />
        </Section>
      )}
      {(hour ?? !past) && (
        <Section title="Comes" count={hour && `${things(hour.tasks, 'task')}, ${things(hour.runs, 'run')}`}>
          {hour ? (
            <ul className="hour-entries">
              {hour.entries.map((entry) => (
                <Entry key={entry.taskId} entry={entry} />
              ))}
            </ul>
          ) : (
            <p className="t3 small">Nothing falls due.</p>
          )}
          {hour && hour.tasks > hour.entries.length && (
            <button
              type="button"
              className="link small"
              onClick={() => go({ ...query, view: 'day', date: at.date, at })}
            >
              and {count(hour.tasks - hour.entries.length)} more
            </button>
          )}
        </Section>
      )}
    </aside>
  )
}

function Entry({ entry }: { entry: CalendarEntry }) {
  const nodes = calendarContext.useState((state) => state.nodes)
  const fold = foldText(entry)
  return (
    <li>
      <span className="num t2">{timeText(entry.first)}</span>
      <span className="hour-entry">
        <a className="cut" href={href(['tasks', entry.taskId])}>
          {entry.taskName}
        </a>
        <span className="t3 small">{[fold, whereText(entry, nodes)].filter(Boolean).join(' · ')}</span>
        <EntryMarks entry={entry} />
      </span>
    </li>
  )
}

/** Runs that ended badly, each a click away. */
export function BadEnds({ runs }: { runs: readonly Run[] }) {
  if (runs.length === 0) return null
  return (
    <ul className="bad-ends">
      {runs.map((run) => (
        <li key={run.historyId}>
          <Shape of={run.state} alone />
          <span className="num t2">{timeText(run.startTime ?? run.scheduledFor)}</span>
          <a className="cut" href={href(['history', run.historyId])}>
            {run.taskName}
          </a>
        </li>
      ))}
    </ul>
  )
}
