import { count, things } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { Clock } from '../../ui/time.tsx'
import type { Replica } from './standing.ts'

const DAY_MS = 86_400_000

/** How a replica is, in words: what is wrong or under way first. */
export function StandingCell({ of }: { of: Replica }) {
  const { standing, sync } = of
  switch (standing.kind) {
    case 'away':
      return (
        <span className="bad">
          away{' '}
          {standing.since !== null && (
            <>
              since <Clock at={standing.since} precision="seconds" />
            </>
          )}
        </span>
      )
    case 'copying':
      return <Copying done={standing.done} total={standing.total} />
    case 'error':
      return (
        <span className="bad" title={standing.text}>
          {standing.text}
        </span>
      )
    case 'none':
      return <span className="t3">keeps no replica yet</span>
    case 'unknown':
      return <span className="t3">not known now</span>
    case 'waits':
      return (
        <span className="warn">
          {things(standing.edits, 'edit')} {standing.edits === 1 ? 'waits' : 'wait'}
          {!!sync.lag && `, ${things(sync.lag, 'change')} behind`}
        </span>
      )
    case 'behind':
      return <span className="warn">{things(standing.changes, 'change')} behind</span>
    case 'current':
      return <UpToDate of={of} />
  }
}

function Copying({ done, total }: { done: number; total: number | null }) {
  const percent = total === null || total === 0 ? null : Math.min(100, Math.round((100 * done) / total))
  return (
    <span className="sync-copying">
      <progress aria-label="Copying anew" {...(percent === null ? {} : { value: percent })} max={100} />{' '}
      <span className="num">
        copying anew{percent === null ? `, ${things(done, 'row')}` : `, ${percent} %`}
        {total !== null && <span className="t3"> of {count(total)} rows</span>}
      </span>
    </span>
  )
}

/** That it was copied anew is news for a day; why, as long as the row is looked at. */
function UpToDate({ of: { sync } }: { of: Replica }) {
  const { bootstrappedAt, bootstrapReason } = sync
  const now = useNow('wall')
  const isNews = bootstrappedAt !== null && now - Date.parse(bootstrappedAt) < DAY_MS
  return (
    <span className="t2" title={bootstrapReason === null ? undefined : `copied anew: ${bootstrapReason}`}>
      up to date
      {isNews && (
        <span className="t3 small">
          {' '}
          · copied anew at <Clock at={bootstrappedAt} />
          {bootstrapReason !== null && `: ${bootstrapReason}`}
        </span>
      )}
    </span>
  )
}
