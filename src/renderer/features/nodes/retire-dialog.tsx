import type { ClusterNode } from '../../../shared/domain/node.ts'
import { things } from '../../lib/format.ts'
import { toastDone } from '../../lib/toast.ts'
import { DangerDialog } from '../../ui/danger-dialog.tsx'
import { Code } from '../../ui/text.tsx'
import { nodesContext } from './store.ts'

/** Asked before a node is taken out for good: what that ends, and what must be done after it. */
export function RetireDialog({ node, onClose }: { node: ClusterNode; onClose: () => void }) {
  const { retire } = nodesContext.useApi().getState()
  const act = async (reason: string): Promise<void> => {
    await retire(node.nodeId, reason)
    toastDone(`${node.nodeName} is retired; the cluster has a new key: make a new backup of it`)
  }
  return (
    <DangerDialog
      title={`Retire ${node.nodeName}?`}
      reasonHint="stands in the change log"
      label="Retire"
      color="red"
      failed={`${node.nodeName} was not retired`}
      act={act}
      onClose={onClose}
    >
      <li>
        <b>It claims nothing any more.</b>{' '}
        {node.running > 0
          ? `${things(node.running, 'run')} that ${node.running === 1 ? 'goes' : 'go'} on there may end.`
          : 'Nothing runs there now.'}{' '}
        Runs that wait for it alone are cancelled; tasks that only it can run wait for another node.
      </li>
      <li>
        <b>The cluster’s key is renewed</b> for all other nodes, so that this one opens no new secrets.{' '}
        <b>Make a new backup of the key</b> afterwards: <Code>pswebhost-node backup FILE --with-key</Code>.
        Change what it knew already at its source.
      </li>
      <li>Its runs and changes stay in the history. It comes back only with a new join token.</li>
    </DangerDialog>
  )
}
