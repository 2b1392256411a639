import type { PendingChange } from '../../shared/domain/sync.ts'
import { actorWords, listWords, recordWords } from '../lib/change-words.ts'
import { href } from '../lib/router.ts'
import { Shape } from '../ui/state.tsx'
import { Clock } from '../ui/time.tsx'

/** An edit that waits, as a line of a list: of which record, what, by whom, and why it was refused. */
export function PendingRow({ edit }: { edit: PendingChange }) {
  const isThere = edit.tableName === 'Tasks' && edit.action !== 'DELETE'
  return (
    <div className="pending-row" title={edit.changeReason ?? undefined}>
      <Shape of="Pending" size={14} alone />
      <span className="cut">
        {isThere ? (
          <a href={href(['tasks', edit.recordId])}>
            <b>{recordWords(edit)}</b>
          </a>
        ) : (
          <b>{recordWords(edit)}</b>
        )}{' '}
        <span className="t3" title={edit.changedFields.join(', ')}>
          {edit.changedFields.length > 0 ? edit.changedFields.join(', ') : listWords(edit)}
        </span>
      </span>
      <span className="t3 small cut">{actorWords(edit)}</span>
      <span className="t3">
        <Clock at={edit.changedAt} />
      </span>
      {edit.problem !== null && (
        <span className="pending-problem small bad cut" title={edit.problem}>
          {edit.problem}
        </span>
      )}
    </div>
  )
}
