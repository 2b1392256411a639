import type { CalendarEntry, CalendarMark, ClockChange } from '../../../shared/domain/calendar.ts'
import { count, duration, things, two } from '../../lib/format.ts'
import type { PastHour } from './past.ts'

/** The calendar in words: what an entry is, what will happen, what a change of the clock does. */

/** `02:30`, seconds only where they count. */
export const timeText = (at: string): string => {
  const time = new Date(at)
  const minutes = `${two(time.getHours())}:${two(time.getMinutes())}`
  return time.getSeconds() === 0 ? minutes : `${minutes}:${two(time.getSeconds())}`
}

const evenText = (seconds: number): string => {
  if (seconds < 60) return `every ${seconds} s`
  if (seconds % 60 === 0) return `every ${seconds / 60} min`
  return `every ${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** `every 5 min, 12 runs`; nothing for a single run: its time says all. */
export const foldText = ({ slots, runs, everySeconds }: CalendarEntry): string => {
  if (slots === 1) return runs === 1 ? '' : things(runs, 'run')
  const pace = everySeconds === null ? `${count(slots)} times` : evenText(everySeconds)
  return everySeconds === null && runs === slots ? pace : `${pace}, ${things(runs, 'run')}`
}

export type NodeNames = Readonly<Record<string, string>>

const nameOf = (names: NodeNames, nodeId: string): string => names[nodeId] ?? nodeId.slice(0, 8)

export const whereText = ({ where: { kind, nodes, nodeIds } }: CalendarEntry, names: NodeNames): string => {
  const [first] = nodeIds
  if (first === undefined) return 'nowhere'
  if (nodes === 1) return nameOf(names, first)
  return kind === 'all' ? `each of ${nodes} nodes` : `any of ${nodes} nodes`
}

/** Nobody knows the zones of other nodes: what is told is what would be in this one. */
export const zoneText = ({ assumedZone }: CalendarEntry): string | null =>
  assumedZone && `at each node’s own time: shown as if all nodes were in ${assumedZone}`

const overlapText = (
  mark: Extract<CalendarMark, { kind: 'overlap' }>,
  { slots }: Pick<CalendarEntry, 'slots'>,
): string => {
  const usual = `usually takes up to ${duration(mark.usualMs / 1000)} (95 of 100 of ${things(mark.measured, 'run')}) and then still runs when its next slot comes`
  const of = (n: number): string => (slots === 1 ? 'this slot' : `${count(n)} of ${things(slots, 'slot')}`)
  const parts = [
    mark.skipped > 0 && `${of(mark.skipped)} will be skipped`,
    mark.waiting > 0 && `${of(mark.waiting)} will wait for the run before`,
    mark.beside > 0 && `${of(mark.beside)} will run beside the run before`,
  ].filter(Boolean)
  return `${usual}: ${parts.join(', ')}`
}

/** What will happen, and why. */
export const markText = (mark: CalendarMark, entry: CalendarEntry, names: NodeNames): string => {
  switch (mark.kind) {
    case 'nowhere':
      return 'no node that takes work may run it'
    case 'overlap':
      return overlapText(mark, entry)
    case 'lock':
      return `${things(mark.due, 'run')} of lock group ${mark.lock} ${are(mark.due)} due at ${timeText(mark.at)}, which lets in ${count(mark.room)} at once: ${waits(mark.due - mark.room)}`
    case 'capacity': {
      const where =
        mark.nodes === 1
          ? `${nameOf(names, mark.nodeIds[0] ?? '')}, which takes ${count(mark.room)} at once`
          : `${count(mark.nodes)} nodes, which take ${count(mark.room)} at once together`
      return `${things(mark.due, 'run')} ${are(mark.due)} due at ${timeText(mark.at)} on ${where}: ${waits(mark.due - mark.room)}`
    }
  }
}

const are = (n: number): string => (n === 1 ? 'is' : 'are')
const waits = (n: number): string => (n === 1 ? '1 waits' : `${count(n)} wait`)

/** `Europe/Berlin: the clock jumps from 02:00 to 03:00` */
export const clockText = ({ timeZone, fromClock, toClock }: ClockChange): string =>
  `${timeZone}: the clock goes ${fromClock < toClock ? 'forward' : 'back'} from ${fromClock} to ${toClock}`

export const effectText = (
  { effect, slots }: ClockChange['tasks'][number],
  { toClock }: ClockChange,
): string => {
  switch (effect) {
    case 'moved':
      return slots === 1
        ? `its time does not exist that day: it runs at ${toClock}`
        : `${things(slots, 'slot')} do not exist that day: it runs once, at ${toClock}`
    case 'dropped':
      return `${things(slots, 'slot')} ${slots === 1 ? 'does' : 'do'} not exist that day`
    case 'once':
      return `${things(slots, 'slot')} ${slots === 1 ? 'comes' : 'come'} twice by the clock: it runs the first time only`
    case 'twice':
      return `${things(slots, 'slot')} ${slots === 1 ? 'comes' : 'come'} twice: it runs both times`
  }
}

/** `58 ran, 2 of them badly` */
export const pastText = ({ ended, bad, running }: PastHour): string =>
  [
    ended > 0 && `${count(ended)} ran${bad > 0 ? `, ${count(bad)} ended badly` : ''}`,
    running > 0 && `${count(running)} running`,
  ]
    .filter(Boolean)
    .join(', ')
