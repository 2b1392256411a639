import type { ChangeDetail } from '../../../shared/domain/change.ts'
import { Section } from '../../ui/text.tsx'
import { changesContext } from './store.ts'

/** Where the change was made and under which numbers it is kept. */
export function Facts({ change }: { change: ChangeDetail }) {
  const node = changesContext.useState((state) => state.nodes.find(({ nodeId }) => nodeId === change.nodeId))
  return (
    <Section title="Facts">
      <dl className="facts">
        <dt>Made on</dt>
        <dd>{node?.nodeName ?? change.nodeId ?? 'no node'}</dd>
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
