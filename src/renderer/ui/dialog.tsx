import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { keyScopeContext, useOwnKeyScope } from '../lib/key-scope.ts'
import { useKeys, type KeyActs } from '../lib/use-keys.ts'

interface DialogProps {
  title: string
  onClose: () => void
  /** What keys do in it; while it is open those of the page behind do nothing. */
  keys?: KeyActs
  size?: number
  children: ReactNode
}

const NO_KEYS: KeyActs = {}

/** Only for what cannot be undone, and for what is shown once. Esc and a click beside it leave it. */
export function Dialog({ title, onClose, keys = NO_KEYS, size = 520, children }: DialogProps) {
  const scope = useOwnKeyScope()
  return (
    <keyScopeContext.Provider value={scope}>
      <DialogKeys keys={keys} />
      <Modal.Root opened onClose={onClose} size={size} centered>
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
    </keyScopeContext.Provider>
  )
}

/** Inside the dialog's own scope, where its keys are heard. */
function DialogKeys({ keys }: { keys: KeyActs }) {
  useKeys(keys)
  return null
}
