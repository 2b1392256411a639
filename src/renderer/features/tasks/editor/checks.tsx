import { AlertIcon } from '@primer/octicons-react'
import { Shape } from '../../../ui/state.tsx'
import { Section } from '../../../ui/text.tsx'
import { labelOf } from './draft.ts'
import { editorContext } from './store.ts'
import { isOfTarget, namesOf } from './target-words.ts'

/** What saving means beyond the fields: where it will run, and what to look at. */
export function Checks() {
  const all = editorContext.useState((state) => state.warnings)
  const nodes = editorContext.useState((state) => state.matchingNodes)
  const issues = editorContext.useState((state) => state.issues)
  const touched = editorContext.useState((state) => state.touched)
  // What is about the target stands beside it.
  const warnings = all.filter((warning) => !isOfTarget(warning))
  const shown = touched === 'all' ? issues : []
  if (warnings.length === 0 && nodes === null && shown.length === 0) return null
  return (
    <Section title="What saving does" id="section-checks">
      <ul className="checks" aria-live="polite">
        {shown.map((issue, i) => (
          <li key={i} className="bad">
            <Shape of="Failed" size={12} />
            <span>
              {labelOf(issue)}
              {issue.message}
            </span>
          </li>
        ))}
        {warnings.map((warning, i) => (
          <li key={i} className="warn">
            <AlertIcon size={13} aria-hidden />
            <span>
              {labelOf(warning)}
              {warning.message}
            </span>
          </li>
        ))}
        {nodes && <Matching nodes={nodes} />}
      </ul>
    </Section>
  )
}

function Matching({ nodes }: { nodes: { nodeId: string; nodeName: string }[] }) {
  if (nodes.length === 0)
    return (
      <li className="warn">
        <AlertIcon size={13} aria-hidden />
        No node matches the target: it waits until one does.
      </li>
    )
  return (
    <li className="t2">
      <Shape of="Success" size={12} />
      <span>
        Runs on <b>{namesOf(nodes)}</b>
      </span>
    </li>
  )
}
