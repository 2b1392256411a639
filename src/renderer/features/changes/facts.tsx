import type { ChangeDetail } from '../../../shared/domain/change.ts'
import { dataOf } from '../../lib/loadable.ts'
import { syncContext } from '../../shell/sync-store.ts'
import { Section } from '../../ui/text.tsx'
import { changesContext } from './store.ts'
import { replicaWords } from './words.ts'

/** Where the change was made and under which numbers it is kept. */
export function Facts({ change }: { change: ChangeDetail }) {
  const node = changesContext.useState((state) => state.nodes.find(({ nodeId }) => nodeId === change.nodeId))
  return (
    <Section title="Facts">
      <dl className="facts">
        <dt>Made on</dt>
        <dd>{node?.nodeName ?? change.nodeId ?? 'no node'}</dd>
        <OnReplicas change={change} />
        <dt>Change</dt>
        <dd className="mono">{change.changeId}</dd>
        <dt>Record</dt>
        <dd className="mono">{change.recordId}</dd>
        <dt>Transaction</dt>
        <dd className="mono">{change.transactionId ?? 'none'}</dd>
      </dl>
    </Section>
  )
}

/** Where replicas are kept: how many of them hold the change. */
function OnReplicas({ change }: { change: ChangeDetail }) {
  const status = dataOf(syncContext.useState((state) => state.status))
  if (!status?.enabled || change.seq === null) return null
  const keeping = status.nodes.filter(({ cursor }) => cursor !== null)
  return (
    <>
      <dt>On replicas</dt>
      <dd>{replicaWords(keeping, change.syncedNodes)}</dd>
    </>
  )
}
