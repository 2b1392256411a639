import type { CalendarDay, CalendarEntry, CalendarHour } from '../../../shared/domain/calendar.ts'
import { count, things, two, weekdayAndDate } from '../../lib/format.ts'
import { Shape } from '../../ui/state.tsx'
import { dateOf, halvesOf, startOf } from './dates.ts'
import { MarkShape } from './mark-shape.tsx'
import type { PastHour } from './past.ts'
import { hourText, withHour, type HourOfDay } from './query.ts'
import type { WeekProps } from './week-grid.tsx'
import { pastText, timeText } from './words.ts'

interface CellProps extends WeekProps {
  day: Pick<CalendarDay, 'hours'>
  at: HourOfDay
  /** Runs of the fullest hour. */
  most: number
  isChosen: boolean
}

/** One hour of a week: two lines of what was and what comes, all of it in the words of its name. */
export function WeekCell({ query, data, go, day, at, most, isChosen }: CellProps) {
  const now = new Date()
  const hour = day.hours.find((one) => one.hour === at.hour)
  const past = data?.past.get(hourText(at))
  const isNow = at.date === dateOf(now) && at.hour === now.getHours()
  const isMissing = halvesOf(at.date)[at.hour] === 0
  const names = ['week-cell', isChosen && 'chosen', isNow && 'now', isMissing && 'missing']
  const words = cellWords(at, { hour, past, isMissing, isRead: data !== null })
  return (
    <span
      id={`hour-${hourText(at)}`}
      role="gridcell"
      aria-selected={isChosen}
      className={names.filter(Boolean).join(' ')}
      style={hour && { background: tint(hour.runs, most) }}
      onClick={() => go(withHour(query, at), { replace: true })}
      onDoubleClick={() => go({ ...query, view: 'day', date: at.date, at })}
    >
      <span className="hidden-text">{words}</span>
      <span className="week-look" aria-hidden title={words}>
        {past && !hour && <PastLine past={past} />}
        {hour && <Coming hour={hour} past={past} />}
      </span>
    </span>
  )
}

/** Behind an hour, against the fullest one that is shown: where much comes is seen from afar. */
const tint = (runs: number, most: number): string =>
  `color-mix(in srgb, var(--running) ${2 + Math.round(9 * (runs / most) ** 2)}%, var(--bg))`

function PastLine({ past }: { past: PastHour }) {
  return (
    <span className="week-past num">
      {past.bad > 0 && (
        <>
          <Shape of="Failed" size={11} />
          <b className="bad">{past.bad}</b>
        </>
      )}
      <span className="cut">{past.ended + past.running} ran</span>
    </span>
  )
}

/** The one to look at first: what clashes, then what comes seldom; what runs all the time stands in every hour. */
const notable = ({ entries }: CalendarHour): CalendarEntry | undefined =>
  [...entries].sort(
    (a, b) =>
      Number(b.marks.length > 0) - Number(a.marks.length > 0) ||
      a.slots - b.slots ||
      (a.first < b.first ? -1 : a.first > b.first ? 1 : 0),
  )[0]

/** A name, on two lines where nothing was before; at the end of the last how many further tasks there are. */
function Coming({ hour, past }: { hour: CalendarHour; past: PastHour | undefined }) {
  const one = notable(hour)
  const rest = hour.tasks - 1
  const more = (
    <span className="week-more num">
      {hour.marked > 0 && <MarkShape size={11} />}
      {rest > 0 ? `+${count(rest)}` : one && !past && whenText(one)}
    </span>
  )
  if (!past)
    return (
      <span className="week-name">
        {more}
        {one?.taskName}
      </span>
    )
  return (
    <>
      <PastLine past={past} />
      <span className="week-line">
        <span className="cut">{one?.taskName}</span>
        {more}
      </span>
    </>
  )
}

/** Of the only task of an hour: when, or how many. */
const whenText = ({ first, slots, runs, assumedZone }: CalendarEntry): string => {
  const time = assumedZone ? `${timeText(first)} node time` : timeText(first)
  return [slots === 1 && time, runs > 1 && things(runs, 'run')].filter(Boolean).join(', ')
}

interface CellFacts {
  hour: CalendarHour | undefined
  past: PastHour | undefined
  isMissing: boolean
  isRead: boolean
}

const cellWords = (at: HourOfDay, { hour, past, isMissing, isRead }: CellFacts): string => {
  const parts = [
    isMissing && 'does not exist',
    past && pastText(past),
    hour && `${things(hour.tasks, 'task')}, ${things(hour.runs, 'run')} to come`,
    hour && hour.marked > 0 && `${things(hour.marked, 'task')} will clash`,
    !hour && !past && !isMissing && (isRead ? 'nothing' : 'being read'),
  ]
  const day = weekdayAndDate(startOf(at.date), new Date())
  return `${day} ${two(at.hour)}:00: ${parts.filter(Boolean).join('; ')}`
}
