import type { RunStats } from '../../../shared/domain/run-stats.ts'
import { count, things } from '../../lib/format.ts'
import { href } from '../../lib/router.ts'
import { sumOf } from './sums.ts'

/** Of the runs that ended in the last 24 hours: how many ended well. */
export function SuccessRate({ past }: { past: RunStats }) {
  const { ended, bad } = sumOf(past.counts)
  if (ended === 0) return <span className="t3">nothing ran in the last 24 hours</span>
  const percent = Math.floor(((ended - bad) / ended) * 1000) / 10
  return (
    <span className="num">
      <span className="t3">last 24 hours:</span> {percent} % of {past.capped && 'more than '}
      {things(ended, 'run')} ended well
      {bad > 0 && (
        <>
          ,{' '}
          <a href={href(['history'], { since: '24h', state: ['Failed', 'Timeout', 'Lost'] })}>
            {count(bad)} did not
          </a>
        </>
      )}
    </span>
  )
}
