import { Button, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { Failure } from '../../../shared/domain/failure.ts'
import { things } from '../../lib/format.ts'
import { toastDone } from '../../lib/toast.ts'
import { useAct } from '../../lib/use-act.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Keys } from '../../ui/text.tsx'
import { failuresContext } from './store.ts'

interface AcknowledgeDialogProps {
  failures: readonly Failure[]
  onClose: (isDone: boolean) => void
}

/** A note that took another's place is undone by that other; an acknowledgement by opening it again. */
const useUndo = () => {
  const { acknowledge, reopen } = failuresContext.useApi().getState()
  return async (failures: readonly Failure[], done: readonly string[]): Promise<void> => {
    const [only, ...others] = failures
    if (only && others.length === 0 && only.acknowledgedAt !== null) await acknowledge([only], only.note)
    else await reopen(done)
  }
}

/** That it was seen, and a note for whoever comes next. */
export function AcknowledgeDialog({ failures, onClose }: AcknowledgeDialogProps) {
  const { acknowledge } = failuresContext.useApi().getState()
  const undo = useUndo()
  const [only, ...others] = failures
  const isChange = others.length === 0 && only !== undefined && only.acknowledgedAt !== null
  const [note, setNote] = useState((others.length === 0 && only?.note) || '')
  const acting = useAct('It was not acknowledged')
  const what = others.length === 0 ? (only?.taskName ?? '') : things(failures.length, 'failure')
  const start = (): void =>
    acting.start(async () => {
      const done = await acknowledge(failures, note.trim() || null)
      onClose(true)
      toastDone(isChange ? `Changed the note of ${what}` : `Acknowledged ${what}`, {
        act: () => undo(failures, done),
        done: `${what} as before`,
      })
    })
  return (
    <Dialog
      title={isChange ? `Note of ${what}` : `Acknowledge ${what}`}
      onClose={() => onClose(false)}
      keys={{ 'Ctrl+Enter': acting.busy ? undefined : start }}
    >
      <Textarea
        label="Note"
        description="What it is, or who looks after it; may be left empty."
        value={note}
        maxLength={2000}
        autosize
        minRows={2}
        maxRows={8}
        data-autofocus
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <div className="row dialog-acts">
        <Button onClick={() => onClose(false)}>Cancel</Button>
        <span className="grow" />
        <Button
          variant="filled"
          loading={acting.busy}
          rightSection={<Keys of="Ctrl Enter" />}
          aria-keyshortcuts="Control+Enter"
          onClick={start}
        >
          {isChange ? 'Save' : 'Acknowledge'}
        </Button>
      </div>
    </Dialog>
  )
}
