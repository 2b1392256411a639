import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { ClusterNode } from '../../../shared/domain/node.ts'
import { things } from '../../lib/format.ts'
import { toastDone } from '../../lib/toast.ts'
import { useAct } from '../../lib/use-act.ts'
import { useKeys } from '../../lib/use-keys.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Code, Keys } from '../../ui/text.tsx'
import { nodesContext } from './store.ts'

/** Asked before a node is taken out for good: what that ends, and what must be done after it. */
export function RetireDialog({ node, onClose }: { node: ClusterNode; onClose: () => void }) {
  const { retire } = nodesContext.useApi().getState()
  const [reason, setReason] = useState('')
  const retiring = useAct(`${node.nodeName} was not retired`)
  const act = (): void =>
    retiring.start(async () => {
      await retire(node.nodeId, reason.trim())
      toastDone(`${node.nodeName} is retired; the cluster has a new key: make a new backup of it`)
      onClose()
    })
  useKeys({ 'Ctrl+Enter': retiring.busy ? undefined : act })
  return (
    <Dialog title={`Retire ${node.nodeName}?`} onClose={onClose}>
      <ul className="dialog-points">
        <li>
          <b>It claims nothing any more.</b>{' '}
          {node.running > 0
            ? `${things(node.running, 'run')} that ${node.running === 1 ? 'goes' : 'go'} on there may end.`
            : 'Nothing runs there now.'}{' '}
          Runs that wait for it alone are cancelled; tasks that only it can run wait for another node.
        </li>
        <li>
          <b>The cluster’s key is renewed</b> for all other nodes, so that this one opens no new secrets.{' '}
          <b>Make a new backup of the key</b> afterwards: <Code>pswebhost-node backup FILE</Code>. Change what
          it knew already at its source.
        </li>
        <li>Its runs and changes stay in the history. It comes back only with a new join token.</li>
      </ul>
      <TextInput
        label="Reason"
        placeholder="stands in the change log"
        value={reason}
        maxLength={1000}
        data-autofocus
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <div className="row dialog-acts">
        <Button onClick={onClose}>Cancel</Button>
        <span className="grow" />
        <Button
          color="red"
          variant="filled"
          className="danger"
          loading={retiring.busy}
          rightSection={<Keys of="Ctrl Enter" />}
          aria-keyshortcuts="Control+Enter"
          onClick={act}
        >
          Retire
        </Button>
      </div>
    </Dialog>
  )
}
