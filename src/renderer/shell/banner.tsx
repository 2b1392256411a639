import { CloudOfflineIcon } from '@primer/octicons-react'
import { clock, duration, relative, things } from '../lib/format.ts'
import { href } from '../lib/router.ts'
import { useTicking } from '../lib/use-now.ts'
import type { SyncStatus } from '../../shared/domain/sync.ts'
import type { DatabaseAway } from '../../shared/domain/system.ts'
import { useConnection, useStream } from './connection.ts'
import { replicaOf, syncContext } from './sync-store.ts'
import { awayOf, systemContext } from './system-store.ts'

/** System states: one line under the top bar. Of a node that does not answer nothing else is known. */
export function Banner() {
  const connection = useConnection()
  const database = systemContext.useState(({ info }) => awayOf(info))
  const replica = syncContext.useState(({ status }) => replicaOf(status))
  if (connection.state === 'away') return <AwayBanner {...connection} />
  if (replica) return <ReplicaBanner replica={replica} away={database} />
  return database && <DatabaseBanner {...database} />
}

/** How long it has been, ticking. */
const useElapsed = (since: number): string =>
  useTicking((now) => duration(Math.max(0, Math.round((now - since) / 1000))), 'wall')

function DatabaseBanner({ since: at, reason }: DatabaseAway) {
  const since = new Date(at)
  const elapsed = useElapsed(since.getTime())
  const when = useTicking((now) => clock(since, new Date(now), 'seconds'), 'wall')
  return (
    <section className="banner" aria-label="State of the node">
      <CloudOfflineIcon size={16} aria-hidden />
      <b role="status">Database away since {when}</b>
      <span className="num">{elapsed}</span>
      <span className="t2 cut" title={reason}>
        {reason.replace(/\.?$/, '.')}
      </span>
      <span className="grow" />
      <span className="t2 banner-still">
        Running scripts end, and their results are kept on disk; nothing new starts.
      </span>
    </section>
  )
}

interface ReplicaBannerProps {
  replica: NonNullable<SyncStatus['fromReplica']>
  /** Null: the database answers again, and what waited is on its way to it. */
  away: DatabaseAway | null
}

/** While this node answers from its replica: what is seen, and what becomes of edits. */
function ReplicaBanner({ replica, away }: ReplicaBannerProps) {
  const since = new Date(away?.since ?? replica.since)
  const elapsed = useElapsed(since.getTime())
  const when = useTicking((now) => clock(since, new Date(now), 'seconds'), 'wall')
  const asOf = useTicking(
    (now) =>
      replica.asOf === null ? '' : ` as of ${clock(new Date(replica.asOf), new Date(now), 'seconds')}`,
    'wall',
  )
  const edits = syncContext.useState(({ pending }) => pending.length)
  const words = away
    ? `You see this node’s replica${asOf}. Edits wait here and are delivered on return; of the tasks, those pinned to this node go on. ${away.reason.replace(/\.?$/, '.')}`
    : `You see this node’s replica${asOf} until what waited here is delivered.`
  return (
    <section className="banner" aria-label="State of the node">
      <CloudOfflineIcon size={16} aria-hidden />
      <b role="status">{away ? `Database away since ${when}` : 'The database is back'}</b>
      {away && <span className="num">{elapsed}</span>}
      <span className="t2 cut" title={words}>
        {words}
      </span>
      <span className="grow" />
      <a className="link num" href={href(['sync'])}>
        {edits === 0 ? 'no edit waits' : `${things(edits, 'edit')} ${edits === 1 ? 'waits' : 'wait'}`}
      </a>
    </section>
  )
}

function AwayBanner({ since, nextTryAt, reason }: { since: number; nextTryAt: number; reason: string }) {
  const stream = useStream()
  const elapsed = useElapsed(since)
  const next = useTicking((now) => (nextTryAt > now ? relative(nextTryAt, now) : 'now'), 'wall')
  return (
    <section className="banner" aria-label="State of the node">
      <CloudOfflineIcon size={16} aria-hidden />
      <b role="status">Node unreachable since {clock(new Date(since), new Date(since), 'seconds')}</b>
      <span className="num">{elapsed}</span>
      <span className="t2 cut">
        {reason.replace(/\.?$/, '.')} You see what it said last; nothing you do here reaches it.
      </span>
      <span className="grow" />
      <span className="num t2">next try {next}</span>
      <button type="button" className="link" onClick={stream.retryNow}>
        Try now
      </button>
    </section>
  )
}
