import { Button } from '@mantine/core'
import { useState } from 'react'
import type { PendingChange } from '../../shared/domain/sync.ts'
import { actorWords, recordWords, whatWords } from '../lib/change-words.ts'
import { useRefusal } from '../lib/role.ts'
import { toastDone, toastError } from '../lib/toast.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Keys } from '../ui/text.tsx'
import { syncContext } from './sync-store.ts'

/** Beside an edit that the cluster database refused: the way out, after a question. */
export function GiveUpEdit({ edit }: { edit: PendingChange }) {
  const [isAsked, ask] = useState(false)
  const refusal = useRefusal('admin')
  return (
    <>
      <Button
        size="compact-xs"
        disabled={refusal !== null}
        title={refusal ?? undefined}
        onClick={() => ask(true)}
      >
        Give up…
      </Button>
      {isAsked && <GiveUpDialog edit={edit} onClose={() => ask(false)} />}
    </>
  )
}

function GiveUpDialog({ edit, onClose }: { edit: PendingChange; onClose: () => void }) {
  const { giveUp } = syncContext.useApi().getState()
  const name = recordWords(edit)
  const start = (): void => {
    onClose()
    giveUp(edit.changeId).then(
      () => toastDone(`${name} is what the cluster database has`),
      (thrown: unknown) => toastError(`The edit of ${name} still waits`, thrown),
    )
  }
  return (
    <Dialog title={`Give up the edit of ${name}?`} onClose={onClose} keys={{ 'Ctrl+Enter': start }}>
      <ul className="dialog-points">
        <li>
          <b>
            {whatWords(edit)} by {actorWords(edit)}
          </b>{' '}
          and what was edited after it in the same record are lost: they are nowhere but on this node.
        </li>
        <li>The record is then what the cluster database has, and can be edited again.</li>
        <li>Kept, it is tried again with each round: {edit.problem}</li>
      </ul>
      <div className="row dialog-acts">
        <Button data-autofocus onClick={onClose}>
          Keep it
        </Button>
        <span className="grow" />
        <Button
          variant="filled"
          className="danger"
          rightSection={<Keys of="Ctrl Enter" />}
          aria-keyshortcuts="Control+Enter"
          onClick={start}
        >
          Give up the edit
        </Button>
      </div>
    </Dialog>
  )
}
