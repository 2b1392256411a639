import { StopwatchIcon } from '@primer/octicons-react'
import type { Preview } from '../../../../shared/domain/preview.ts'
import { weekdayAndDate } from '../../../lib/format.ts'
import { dataOf } from '../../../lib/loadable.ts'
import { href } from '../../../lib/router.ts'
import { useNow } from '../../../lib/use-now.ts'
import { Relative } from '../../../ui/time.tsx'
import { editorContext } from './store.ts'

/** The next ten runs in the task's own zone, as the node computes them; what is odd about one is said beside it. */
export function NextRuns() {
  const loadable = editorContext.useState((state) => state.preview)
  const preview = dataOf(loadable)
  const saved = editorContext.useState((state) => dataOf(state.task))
  if (!preview) return null
  return (
    <div className="next-runs" aria-live="polite">
      <div className="row">
        <h3 className="label">Next ten runs</h3>
        <span className="grow" />
        <span className="t3 small">{preview.timeZone}</span>
        {saved && (
          <a className="link small" href={href(['calendar'], { task: saved.taskId })}>
            Calendar
          </a>
        )}
      </div>
      {preview.runs.length === 0 ? (
        <p className="warn small">It never runs: no slot lies ahead.</p>
      ) : (
        <ol className="runs">
          {preview.runs.map((run) => (
            <NextRun key={run.at} {...run} />
          ))}
        </ol>
      )}
    </div>
  )
}

/** `2026-03-29 03:00:00 +02:00` as day, time and offset; seconds only when there are some. */
function NextRun({ at, local, note }: Preview['runs'][number]) {
  const [date = '', time = '', offset = ''] = local.split(' ')
  const now = new Date(useNow())
  // Only the day counts here, so the zone it is read in does not: noon of the task's own day.
  const day = weekdayAndDate(new Date(`${date}T12:00:00`), now)
  return (
    <li className={note ? 'odd' : ''} title={`${at} UTC, offset ${offset}`}>
      <span className="num">{day}</span>
      <b className="num">{time.replace(/:00$/, '')}</b>
      {note ? (
        <span className="small row">
          <StopwatchIcon size={13} aria-hidden />
          {note}
        </span>
      ) : (
        <span className="small t3">
          <Relative at={at} />
        </span>
      )}
    </li>
  )
}
