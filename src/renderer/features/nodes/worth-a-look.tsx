import type { ClusterNode } from '../../../shared/domain/node.ts'
import { href, useRoute } from '../../lib/router.ts'
import { Section } from '../../ui/text.tsx'
import { worthALook } from './words.ts'

/** What is no failure but may become one, in sentences; nothing when there is nothing to say. */
export function WorthALook({ nodes }: { nodes: readonly ClusterNode[] }) {
  const { params } = useRoute()
  const notes = worthALook(nodes)
  if (notes.length === 0) return null
  return (
    <Section title="Worth a look">
      <ul className="points">
        {notes.map(({ nodeId, nodeName, words }) => (
          <li key={`${nodeId} ${words}`}>
            <a href={href(['nodes', nodeId], params)}>
              <b>{nodeName}</b>
            </a>{' '}
            <span className="t2">{words}</span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
