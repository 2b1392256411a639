import { AlertIcon, DashIcon } from '@primer/octicons-react'
import { useState } from 'react'
import type { ClusterNode, Placement } from '../../../../shared/domain/node.ts'
import { localTimes, things } from '../../../lib/format.ts'
import { Shape } from '../../../ui/state.tsx'
import { editorContext } from './store.ts'
import { targetOf } from './target-draft.ts'
import { groupsOf, isOfTarget, matchWords, placed, placementWords } from './target-words.ts'

/** `matches 3 nodes: a, b, c`, of the draft as it is now. */
export function MatchNote() {
  const matching = editorContext.useState((state) => state.matchingNodes)
  if (matching === null) return null
  return (
    <span className={`small cut match-note ${matching.length === 0 ? 'warn' : 'good'}`} role="status">
      {matchWords(matching)}
    </span>
  )
}

/** Each node the target means and what it does with the task; those it leaves out in one line. */
export function TargetNodes() {
  const draft = editorContext.useState((state) => state.draft)
  const placements = editorContext.useState((state) => state.placements)
  const nodes = editorContext.useState((state) => state.nodes)
  const warnings = editorContext.useState((state) => state.warnings)
  const { runs, refused, outside } = placed(targetOf(draft), placements, nodes)
  return (
    <>
      <ul className="checks target-warnings" aria-live="polite">
        {warnings.filter(isOfTarget).map(({ message }) => (
          <li key={message} className="warn">
            <AlertIcon size={13} aria-hidden />
            <span>{localTimes(message)}</span>
          </li>
        ))}
      </ul>
      {placements.length > 0 && (
        <ul className="target-nodes" aria-label="What each node does">
          {[...runs, ...refused].map((one) => (
            <NodeLine
              key={one.nodeId}
              placement={one}
              node={nodes.find(({ nodeId }) => nodeId === one.nodeId) ?? null}
            />
          ))}
          {outside.length > 0 && <Outside placements={outside} nodes={nodes} />}
        </ul>
      )}
    </>
  )
}

function NodeLine({ placement, node }: { placement: Placement; node: ClusterNode | null }) {
  const { nodeName, state, runs, warnings } = placement
  return (
    <li className={runs ? '' : 'not'}>
      <Shape of={state} size={12} alone />
      <b className="cut" title={nodeName}>
        {nodeName}
      </b>
      <span className={!runs || warnings.length > 0 ? 'warn' : 't2'}>{placementWords(placement)}</span>
      <span className="t3 num">{node && runs && `${node.running}/${node.maxConcurrentTasks} slots`}</span>
    </li>
  )
}

function Outside({ placements, nodes }: { placements: readonly Placement[]; nodes: readonly ClusterNode[] }) {
  const [shown, setShown] = useState(false)
  return (
    <>
      <li className="not">
        <DashIcon size={12} className="t3" aria-hidden />
        <span className="t3">{things(placements.length, 'other')}</span>
        <span className="t3">not of this target: {groupsOf(placements, nodes)}</span>
        <button
          type="button"
          className="link small"
          aria-expanded={shown}
          onClick={() => setShown((was) => !was)}
        >
          {shown ? 'Hide' : 'Show'}
        </button>
      </li>
      {shown &&
        placements.map((placement) => (
          <li key={placement.nodeId} className="not">
            <Shape of={placement.state} size={12} alone />
            <span className="cut t2">{placement.nodeName}</span>
            <span className="t3">{placementWords(placement)}</span>
            <span />
          </li>
        ))}
    </>
  )
}
