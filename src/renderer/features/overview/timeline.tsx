import { useMemo } from 'react'
import type { RunStats } from '../../../shared/domain/run-stats.ts'
import type { Upcoming } from '../../../shared/domain/upcoming.ts'
import { count, things } from '../../lib/format.ts'
import { href } from '../../lib/router.ts'
import { Shape } from '../../ui/state.tsx'
import { laneNodes, layout } from './lanes.ts'
import { Lanes } from './lane-rows.tsx'
import { RUNS, type ClusterPart } from './read-cluster.ts'
import { sumsBetween, TEN_MINUTES } from './sums.ts'
import { TimelineSums } from './timeline-sums.tsx'

const HOUR = 60 * 60_000
const PAST_HOURS = 6

interface TimelineProps {
  past: RunStats
  upcoming: Upcoming
  cluster: ClusterPart
}

/** Six hours back and a day ahead, in two scales that meet at 'now': what ended badly, and when much falls due. */
export function Timeline({ past, upcoming, cluster }: TimelineProps) {
  const now = Date.parse(upcoming.from)
  const lanes = useMemo(
    () => (laneNodes(cluster.nodes).length > 1 ? layout({ ...cluster, now }) : []),
    [cluster, now],
  )
  const first = Math.floor((now - PAST_HOURS * HOUR) / TEN_MINUTES) * TEN_MINUTES
  const before = sumsBetween(past.counts, first, TEN_MINUTES, (PAST_HOURS * HOUR) / TEN_MINUTES + 1)
  const bad = before.reduce((sum, one) => sum + one.bad, 0)
  const ended = before.reduce((sum, one) => sum + one.ended, 0)
  return (
    <section className={lanes.length > 0 ? 'timeline of-nodes' : 'timeline'} aria-label="Timeline">
      <p className="hidden-text">
        {`In the last ${PAST_HOURS} hours ${things(ended, 'run')} ended, ${bad} badly. In the next 24 hours ${things(upcoming.slots, 'slot')} fall due.`}
      </p>
      {lanes.length > 0 ? (
        <Lanes lanes={lanes} now={now} />
      ) : (
        <TimelineSums before={before} upcoming={upcoming} />
      )}
      <p className="timeline-words t3 small">
        {bad > 0 && (
          <a href={href(['history'], { since: '24h', state: ['Failed', 'Timeout', 'Lost'] })}>
            {things(bad, 'bad end')} in {PAST_HOURS} hours
          </a>
        )}
        {lanes.length > 0 && cluster.capped && <span>only the latest {count(RUNS)} runs are drawn</span>}
        <span className="grow" />
        {lanes.length > 0 && <Legend />}
        <span className="num">
          {upcoming.capped && 'at least '}
          {things(upcoming.slots, 'slot')} in the next 24 hours
        </span>
      </p>
    </section>
  )
}

const Legend = () => (
  <span className="legend" aria-hidden>
    <span>
      <i className="lane-bar" /> ran
    </span>
    <span>
      <i className="lane-bar running" /> running
    </span>
    {(['Failed', 'Timeout', 'Lost'] as const).map((state) => (
      <span key={state}>
        <Shape of={state} size={11} /> {state === 'Timeout' ? 'timed out' : state.toLowerCase()}
      </span>
    ))}
    <span>
      <i className="lane-tick" /> planned, height: how many
    </span>
  </span>
)
