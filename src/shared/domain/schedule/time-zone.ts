/** The clock of an IANA zone as a list of offset changes, read from the platform's own zone data. */

const SECOND = 1000
const DAY = 86_400_000
const FIRST_YEAR = 1
const LAST_YEAR = 9999
/** Years remembered per zone: enough for every real schedule, bounded against absurd previews. */
const MAX_YEARS = 256

/** The clock changes at instant `at` (ms) from offset `before` to offset `after` (ms east of UTC). */
export interface Transition {
  at: number
  before: number
  after: number
}

export interface Zone {
  readonly name: string
  /** Milliseconds east of UTC at an instant. */
  offsetAt(at: number): number
  /** The first change of the clock in (after, until]. */
  firstTransition(after: number, until: number): Transition | undefined
}

interface ZoneYear {
  offset: number
  transitions: Transition[]
}

/** An IANA name the platform knows. A bare offset like `+02:00` is refused: it has no rules. */
export function isTimeZone(zone: string): boolean {
  if (opened.has(zone.toLowerCase())) return true
  if (!/^[A-Za-z]/.test(zone)) return false
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** The zone of this machine; UTC when the platform cannot tell. */
export function systemTimeZone(): string {
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  return zone && isTimeZone(zone) ? zone : 'UTC'
}

/**
 * Zones already opened. A pure memo, the one state of this module: a formatter costs 80 µs and tens of
 * kilobytes, and thousands of schedules share a handful of zones. Bounded by the number of IANA names.
 */
const opened = new Map<string, Zone>()

/** The zone by its name; the name must have passed isTimeZone. */
export function openZone(name: string): Zone {
  const key = name.toLowerCase()
  const known = opened.get(key)
  if (known) return known
  const zone = createZone(name)
  opened.set(key, zone)
  return zone
}

function createZone(name: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const years = new Map<number, ZoneYear>()
  const zoneYear = (year: number): ZoneYear => {
    const known = years.get(year)
    if (known) return known
    if (years.size >= MAX_YEARS) years.clear()
    const found = readYear((at) => readOffset(format, at), year)
    years.set(year, found)
    return found
  }

  return {
    name,
    offsetAt(at) {
      const { offset, transitions } = zoneYear(yearOf(at))
      return transitions.findLast((change) => change.at <= at)?.after ?? offset
    },
    firstTransition(after, until) {
      for (let year = yearOf(after); year <= yearOf(until); year++) {
        const change = zoneYear(year).transitions.find(({ at }) => at > after)
        if (change) return change.at <= until ? change : undefined
      }
      return undefined
    },
  }
}

const yearOf = (at: number): number =>
  Math.min(LAST_YEAR, Math.max(FIRST_YEAR, new Date(at).getUTCFullYear()))

const yearStart = (year: number): number => Date.parse(`${String(year).padStart(4, '0')}-01-01T00:00:00Z`)

/** Looks at every midnight of the year: no zone has ever changed its clock forth and back within a day. */
function readYear(offsetAt: (at: number) => number, year: number): ZoneYear {
  const start = yearStart(year)
  const end = year === LAST_YEAR ? start + 365 * DAY : yearStart(year + 1)
  const offset = offsetAt(start - SECOND)
  const transitions: Transition[] = []
  let before = offset
  for (let from = start - SECOND; from < end - SECOND; from += DAY) {
    const to = Math.min(from + DAY, end - SECOND)
    const after = offsetAt(to)
    if (after !== before) transitions.push({ at: bisect(offsetAt, from, to, before), before, after })
    before = after
  }
  return { offset, transitions }
}

/** The first second in (from, to] whose offset is no longer `before`. */
function bisect(offsetAt: (at: number) => number, from: number, to: number, before: number): number {
  let low = from
  let high = to
  while (high - low > SECOND) {
    const middle = low + Math.floor((high - low) / 2 / SECOND) * SECOND
    if (offsetAt(middle) === before) low = middle
    else high = middle
  }
  return high
}

function readOffset(format: Intl.DateTimeFormat, at: number): number {
  const [month = 1, day = 1, year = 1, hour = 0, minute = 0, second = 0] = (
    format.format(at).match(/\d+/g) ?? []
  ).map(Number)
  const wall = new Date(0)
  // Not Date.UTC, which reads the years 0 to 99 as 1900 to 1999.
  wall.setUTCFullYear(year, month - 1, day)
  wall.setUTCHours(hour, minute, second)
  return wall.getTime() - Math.floor(at / SECOND) * SECOND
}
