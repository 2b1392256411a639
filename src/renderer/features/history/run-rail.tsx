import { useStore, type StoreApi } from 'zustand'
import type { ChangeDetail } from '../../../shared/domain/change.ts'
import type { Run } from '../../../shared/domain/run.ts'
import { href } from '../../lib/router.ts'
import { Shape, State } from '../../ui/state.tsx'
import { Section } from '../../ui/text.tsx'
import { Clock, Relative } from '../../ui/time.tsx'
import { Took } from './run-table.tsx'
import type { RunViewState } from './run-store.ts'

const SHOWN = 12

/** What helps to judge the run: its other attempts, what was changed before it, and how it went before. */
export function RunRail({ run, store }: { run: Run; store: StoreApi<RunViewState> }) {
  const others = useStore(store, (state) => state.others)
  const suspects = useStore(store, (state) => state.suspects)
  const attempts = others.filter((other) => other.scheduledFor === run.scheduledFor).reverse()
  const before = others
    .filter((other) => other.scheduledFor < run.scheduledFor && other.historyId !== run.historyId)
    .slice(0, SHOWN)
  return (
    <aside className="rail" aria-label="Around this run" tabIndex={-1}>
      {attempts.length > 1 && (
        <Section title="Attempts" count={attempts.length}>
          <RunLinks runs={attempts} current={run.historyId} />
        </Section>
      )}
      {suspects && <Suspects {...suspects} />}
      <Section title="Runs before it" count={before.length || undefined}>
        {before.length === 0 ? <p className="t3 small">None.</p> : <RunLinks runs={before} />}
      </Section>
    </aside>
  )
}

function RunLinks({ runs, current }: { runs: readonly Run[]; current?: string }) {
  return (
    <ul className="rail-list">
      {runs.map((run) => (
        <li key={run.historyId}>
          <a
            href={href(['history', run.historyId])}
            className={run.historyId === current ? 'here' : ''}
            aria-current={run.historyId === current || undefined}
          >
            <State of={run.state} />
            <Clock at={run.startTime ?? run.scheduledFor} precision="seconds" />
            <span className="t2 right">
              <Took run={run} />
            </span>
          </a>
        </li>
      ))}
    </ul>
  )
}

function Suspects({ since, changes }: NonNullable<RunViewState['suspects']>) {
  const title = since ? 'Changed since the last success' : 'Changed before it'
  return (
    <Section
      title={title}
      aside={
        since && (
          <span className="t3 small">
            <Relative at={since} />
          </span>
        )
      }
    >
      {changes.length === 0 ? (
        <p className="t3 small">Nothing: the task is as it was.</p>
      ) : (
        changes.map((change) => <Suspect key={change.changeId} change={change} />)
      )}
    </Section>
  )
}

function Suspect({ change }: { change: ChangeDetail }) {
  const fields = change.changedFields
  return (
    <a className="suspect" href={href(['changes', change.changeId])}>
      <span className="row">
        <Shape of={change.action} alone />
        <b className="cut">{change.changedBy}</b>
        <span className="grow" />
        <span className="t3 small">
          <Clock at={change.changedAt} />
        </span>
      </span>
      <span className="mono t2 cut">
        {change.action === 'UPDATE' ? fields.join(', ') : change.recordName}
      </span>
      {change.changeReason && <span className="t2 small">“{change.changeReason}”</span>}
    </a>
  )
}
