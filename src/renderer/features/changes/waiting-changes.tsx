import { PendingRow } from '../../shell/pending-row.tsx'
import { syncContext } from '../../shell/sync-store.ts'

/** On top of the log: edits that wait on this node, and are no changes of the cluster yet. */
export function WaitingChanges() {
  const pending = syncContext.useState((state) => state.pending)
  if (pending.length === 0) return null
  return (
    <section className="chg-waiting" aria-label="Waiting to be sent" tabIndex={-1}>
      <h2 className="label">Waiting to be sent · {pending.length}</h2>
      <ul>
        {pending.toReversed().map((edit) => (
          <li key={edit.changeId}>
            <PendingRow edit={edit} />
          </li>
        ))}
      </ul>
    </section>
  )
}
