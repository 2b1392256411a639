import { UPCOMING_BUCKET_MS, type Upcoming } from '../../../shared/domain/upcoming.ts'
import { clock, things } from '../../lib/format.ts'
import { Shape } from '../../ui/state.tsx'
import { TEN_MINUTES, type Sum } from './sums.ts'

const HOUR = 60 * 60_000
const PAST_HOURS = 6
const MOST_PX = 40

/** Tall for many, but one can still be seen beside a thousand. */
const heightOf = (count: number, most: number): number =>
  count === 0 ? 0 : Math.max(3, Math.round((Math.log1p(count) / Math.log1p(most)) * MOST_PX))

const timeOf = (at: number, now: number): string => clock(new Date(at), new Date(now))

interface SumsProps {
  /** Of ten minutes each. */
  before: readonly (Sum & { at: number })[]
  upcoming: Upcoming
}

/** The timeline of a single node: its runs by ten minutes, its slots by half hours. */
export function TimelineSums({ before, upcoming }: SumsProps) {
  const now = Date.parse(upcoming.from)
  const first = before[0]?.at ?? now
  const half = Math.floor(now / UPCOMING_BUCKET_MS) * UPCOMING_BUCKET_MS
  const length = Math.ceil((Date.parse(upcoming.until) - half) / UPCOMING_BUCKET_MS)
  const byTime = new Map(upcoming.buckets.map((bucket) => [Date.parse(bucket.at), bucket]))
  const ahead = Array.from({ length }, (_, i) => {
    const at = half + i * UPCOMING_BUCKET_MS
    return { at, count: byTime.get(at)?.count ?? 0, tasks: byTime.get(at)?.tasks ?? [] }
  })
  const mostBefore = Math.max(...before.map(({ ended }) => ended), 1)
  const mostAhead = Math.max(...ahead.map(({ count }) => count), 1)
  return (
    <>
      <div className="timeline-part past" aria-hidden>
        {before.map((one) => (
          <span key={one.at} className="timeline-slot" title={pastWords(one, now)}>
            {one.bad > 0 && <Shape of="Failed" size={10} />}
            <Bar {...one} height={heightOf(one.ended, mostBefore)} />
          </span>
        ))}
      </div>
      <div className="timeline-part ahead" aria-hidden>
        {ahead.map((one) => (
          <span key={one.at} className="timeline-slot" title={aheadWords(one, now)}>
            <i style={{ height: heightOf(one.count, mostAhead) }} />
          </span>
        ))}
      </div>
      <div className="timeline-scale past num t3" aria-hidden>
        <span>{timeOf(first, now)}</span>
        <span>{timeOf(now - (PAST_HOURS / 2) * HOUR, now)}</span>
        <b>now</b>
      </div>
      <div className="timeline-scale ahead num t3" aria-hidden>
        <span />
        {[6, 12, 18].map((hours) => (
          <span key={hours}>{timeOf(now + hours * HOUR, now)}</span>
        ))}
        <span>{timeOf(Date.parse(upcoming.until), now)}</span>
      </div>
    </>
  )
}

/** What ended badly is the foot of the bar, as large as its share and never too small to be seen. */
function Bar({ ended, bad, height }: { ended: number; bad: number; height: number }) {
  const part = bad === 0 ? 0 : Math.max(3, Math.round((bad / ended) * height))
  return (
    <>
      <i style={{ height: height - part }} />
      <i className="bad" style={{ height: part }} />
    </>
  )
}

const pastWords = ({ at, ended, bad }: { at: number; ended: number; bad: number }, now: number): string =>
  `${timeOf(at, now)} to ${timeOf(at + TEN_MINUTES, now)}: ${things(ended, 'run')}${bad > 0 ? `, ${bad} ended badly` : ''}`

const aheadWords = (
  { at, count, tasks }: { at: number; count: number; tasks: readonly string[] },
  now: number,
): string => {
  const names = count > tasks.length ? [...tasks, '…'] : tasks
  return `${timeOf(at, now)} to ${timeOf(at + UPCOMING_BUCKET_MS, now)}: ${things(count, 'slot')}${names.length > 0 ? ` (${names.join(', ')})` : ''}`
}
