import type { ClusterNode } from '../../../shared/domain/node.ts'
import { href } from '../../lib/router.ts'
import { Section } from '../../ui/text.tsx'

/** What is on disk there is not what its tasks ask for; they fail there until it is. */
export function MissingScripts({ node: { missingScripts } }: { node: ClusterNode }) {
  if (missingScripts.length === 0) return null
  return (
    <Section title="Missing scripts" count={missingScripts.length}>
      <ul className="node-lines">
        {missingScripts.map(({ taskId, taskName, scriptPath, reason }) => (
          <li key={`${taskId} ${scriptPath}`}>
            <a className="link" href={href(['tasks', taskId])}>
              {taskName}
            </a>
            <span className="mono wraps">{scriptPath}</span>
            <span className="t2 small">{reason}</span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
