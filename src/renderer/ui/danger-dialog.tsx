import { Button, TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useAct } from '../lib/use-act.ts'
import { Dialog } from './dialog.tsx'
import { Keys } from './text.tsx'

interface DangerDialogProps {
  title: string
  /** List items: what it means. */
  children: ReactNode
  /** Where the reason is read. */
  reasonHint: string
  /** What the button says. */
  label: string
  color?: string
  /** Said when it could not be done. */
  failed: string
  /** @param reason empty when none was given. */
  act: (reason: string) => Promise<void>
  onClose: () => void
}

/** Asked before what cannot be undone: what it means, a reason, and the one button that does it. */
export function DangerDialog({
  title,
  children,
  reasonHint,
  label,
  color,
  failed,
  act,
  onClose,
}: DangerDialogProps) {
  const [reason, setReason] = useState('')
  const acting = useAct(failed)
  const start = (): void =>
    acting.start(async () => {
      await act(reason.trim())
      onClose()
    })
  return (
    <Dialog title={title} onClose={onClose} keys={{ 'Ctrl+Enter': acting.busy ? undefined : start }}>
      <ul className="dialog-points">{children}</ul>
      <TextInput
        label="Reason"
        placeholder={reasonHint}
        value={reason}
        maxLength={1000}
        data-autofocus
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <div className="row dialog-acts">
        <Button onClick={onClose}>Cancel</Button>
        <span className="grow" />
        <Button
          {...(color === undefined ? {} : { color })}
          variant="filled"
          className="danger"
          loading={acting.busy}
          rightSection={<Keys of="Ctrl Enter" />}
          aria-keyshortcuts="Control+Enter"
          onClick={start}
        >
          {label}
        </Button>
      </div>
    </Dialog>
  )
}
