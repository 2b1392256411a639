import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'

interface DialogProps {
  title: string
  onClose: () => void
  children: ReactNode
}

/** Only for what cannot be undone, and for what is shown once. Esc and a click beside it leave it. */
export function Dialog({ title, onClose, children }: DialogProps) {
  return (
    <Modal.Root opened onClose={onClose} size={520} centered>
      <Modal.Overlay />
      <Modal.Content>
        {/* Not the library's own header, which would be a second banner of the page. */}
        <div className="row dialog-head">
          <Modal.Title className="grow">{title}</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </div>
        <Modal.Body>
          <div className="dialog">{children}</div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}
