import type { PendingChange } from '../../shared/domain/sync.ts'
import { actorWords, recordWords, whatWords } from '../lib/change-words.ts'
import { href } from '../lib/router.ts'
import { Shape } from '../ui/state.tsx'
import { GiveUpEdit } from './give-up-edit.tsx'
import { Clock } from '../ui/time.tsx'

/** An edit that waits, as a line of a list: of which record, what, by whom, and why it was refused. */
export function PendingRow({ edit }: { edit: PendingChange }) {
  const isThere = edit.tableName === 'Tasks' && edit.action !== 'DELETE'
  const name = recordWords(edit)
  const what = whatWords(edit)
  return (
    <div className="pending-row" title={edit.changeReason ?? undefined}>
      <Shape of="Pending" size={14} alone />
      <b className="cut" title={name}>
        {isThere ? <a href={href(['tasks', edit.recordId])}>{name}</a> : name}
      </b>
      <span className="pending-what t3 cut" title={what}>
        {what}
      </span>
      <span className="pending-by t3 small cut">{actorWords(edit)}</span>
      <span className="t3">
        <Clock at={edit.changedAt} />
      </span>
      {edit.problem !== null && (
        <span className="pending-problem row small">
          <span className="bad cut grow" title={edit.problem}>
            {edit.problem}
          </span>
          <GiveUpEdit edit={edit} />
        </span>
      )}
    </div>
  )
}
