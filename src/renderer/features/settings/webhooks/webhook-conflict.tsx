import { StaleActs } from '../../../ui/stale-acts.tsx'
import { Relative } from '../../../ui/time.tsx'
import type { WebhookEditing } from './use-webhook-edit.ts'
import { draftOf, FIELD_LABELS, shown } from './webhook-draft.ts'

/** Somebody saved meanwhile: what is saved now beside what was typed, and the two ways on. */
export function WebhookConflict({ editing }: { editing: WebhookEditing }) {
  const { theirs, draft, changed, takeTheirs, keepMine } = editing
  if (!theirs) return null
  return (
    <div className="webhook-conflict" role="alert">
      <p>
        <b>Not saved: {theirs.modifiedBy ?? 'somebody'} changed this webhook</b>{' '}
        {theirs.modifiedAt && <Relative at={theirs.modifiedAt} />}, version {theirs.version}.
      </p>
      <ul className="small">
        {changed.map((field) => (
          <li key={field}>
            {FIELD_LABELS[field]}: now saved <b>{shown(draftOf(theirs), field)}</b>, yours{' '}
            <b>{shown(draft, field)}</b>
          </li>
        ))}
      </ul>
      <StaleActs takeTheirs={takeTheirs} keepMine={keepMine} />
    </div>
  )
}
