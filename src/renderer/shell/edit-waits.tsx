import type { PendingChange } from '../../shared/domain/sync.ts'
import { actorWords, whatWords } from '../lib/change-words.ts'
import { Shape } from '../ui/state.tsx'
import { Clock } from '../ui/time.tsx'
import { syncContext } from './sync-store.ts'

/** Edits of a record that wait on this node: the mark in a list, and what will become of them. */

const markOf = (pending: readonly PendingChange[], recordId: string): 'waits' | 'refused' | null => {
  const own = pending.filter((edit) => edit.recordId === recordId)
  if (own.length === 0) return null
  return own.some(({ problem }) => problem !== null) ? 'refused' : 'waits'
}

/** Behind the record's name; nothing where nothing waits. */
export function EditWaits({ recordId }: { recordId: string }) {
  const mark = syncContext.useState(({ pending }) => markOf(pending, recordId))
  if (mark === null) return null
  return (
    <span className="edit-waits small">
      <Shape of="Pending" /> {mark === 'waits' ? 'edit waits' : 'edit refused'}
    </span>
  )
}

/** Above a form: what waits, what will be done with it, and why it was not taken yet. */
export function WaitingEdits({ recordId }: { recordId: string }) {
  const pending = syncContext.useState((state) => state.pending)
  const own = pending.filter((edit) => edit.recordId === recordId)
  const problem = own.find((edit) => edit.problem !== null)?.problem
  if (own.length === 0) return null
  return (
    <div className="waiting-edits" role="status">
      <Shape of="Pending" size={15} />
      <div>
        <p>
          {own.length === 1 ? 'This edit waits' : `${own.length} edits wait`} on this node;{' '}
          {own.length === 1 ? 'it is' : 'they are'} delivered when the cluster database is back and merged
          field by field with what others edited.
        </p>
        <ul className="t2 small">
          {own.map((edit) => (
            <li key={edit.changeId}>
              {whatWords(edit)} by {actorWords(edit)}, <Clock at={edit.changedAt} precision="seconds" />
              {edit.changeReason && `: ${edit.changeReason}`}
            </li>
          ))}
        </ul>
        {problem && (
          <p className="bad">
            <b>The cluster database did not take it:</b> {problem}
          </p>
        )}
      </div>
    </div>
  )
}
