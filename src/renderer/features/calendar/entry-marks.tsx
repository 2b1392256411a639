import type { CalendarEntry } from '../../../shared/domain/calendar.ts'
import { MarkShape } from './mark-shape.tsx'
import { calendarContext } from './store.ts'
import { markText, zoneText } from './words.ts'

/** What is to be known of an entry: whose time it is, what a change of the clock does to it, what will happen and why. */
export function EntryMarks({ entry }: { entry: CalendarEntry }) {
  const nodes = calendarContext.useState((state) => state.nodes)
  const texts = [...entry.notes, ...entry.marks.map((mark) => markText(mark, entry, nodes))]
  const zone = zoneText(entry)
  if (texts.length === 0 && !zone) return null
  return (
    <ul className="entry-marks">
      {zone && <li className="t3">{zone}</li>}
      {texts.map((text) => (
        <li key={text}>
          <MarkShape size={11} /> {text}
        </li>
      ))}
    </ul>
  )
}
