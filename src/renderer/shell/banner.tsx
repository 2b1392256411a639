import { CloudOfflineIcon } from '@primer/octicons-react'
import { clock, duration, relative } from '../lib/format.ts'
import { useTicking } from '../lib/use-now.ts'
import { useConnection, useStream } from './connection.ts'

/** System states: one line under the top bar. */
export function Banner() {
  const connection = useConnection()
  if (connection.state !== 'away') return null
  return <AwayBanner {...connection} />
}

function AwayBanner({ since, nextTryAt, reason }: { since: number; nextTryAt: number; reason: string }) {
  const stream = useStream()
  const for_ = useTicking((now) => duration(Math.max(0, Math.round((now - since) / 1000))), 'wall')
  const next = useTicking((now) => (nextTryAt > now ? relative(nextTryAt, now) : 'now'), 'wall')
  return (
    <div className="banner">
      <CloudOfflineIcon size={16} aria-hidden />
      <b role="status">Node unreachable since {clock(new Date(since), new Date(since), 'seconds')}</b>
      <span className="num">{for_}</span>
      <span className="t2 cut">
        {reason.replace(/\.?$/, '.')} You see what it said last; nothing you do here reaches it.
      </span>
      <span className="grow" />
      <span className="num t2">next try {next}</span>
      <button type="button" className="link" onClick={stream.retryNow}>
        Try now
      </button>
    </div>
  )
}
