import { Button } from '@mantine/core'
import type { SyncNode } from '../../../shared/domain/sync.ts'
import { things } from '../../lib/format.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Keys } from '../../ui/text.tsx'
import type { SyncActs } from './use-sync-acts.ts'

interface BootstrapDialogProps {
  node: SyncNode
  acts: SyncActs
  onClose: () => void
}

/** Asked before a replica is filled from nothing: what that costs, and that no edit is lost. */
export function BootstrapDialog({ node, acts, onClose }: BootstrapDialogProps) {
  const start = (): void => {
    acts.copyAnew(node)
    onClose()
  }
  return (
    <Dialog
      title={`Read everything anew on ${node.nodeName}?`}
      onClose={onClose}
      keys={{ 'Ctrl+Enter': start }}
    >
      <ul className="dialog-points">
        <li>
          <b>Its replica is filled again from the cluster database</b>, instead of following the log from{' '}
          {node.cursor ? `change ${node.cursor.seq}` : 'where it stopped'}. It is needed when a replica is
          suspected to differ; nothing else has to wait for it.
        </li>
        <li>
          <b>Edits that wait there are kept</b>
          {node.pending > 0 && ` (${things(node.pending, 'edit')})`}, and delivered as always.
        </li>
        <li>Every row of the synced tables is read once. With many tasks that takes a while.</li>
      </ul>
      <div className="row dialog-acts">
        <Button data-autofocus onClick={onClose}>
          Cancel
        </Button>
        <span className="grow" />
        <Button
          variant="filled"
          rightSection={<Keys of="Ctrl Enter" />}
          aria-keyshortcuts="Control+Enter"
          onClick={start}
        >
          Read everything anew
        </Button>
      </div>
    </Dialog>
  )
}
