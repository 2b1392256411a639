import type { Placement, Placements } from '../../../../shared/domain/node.ts'
import type { Run } from '../../../../shared/domain/run.ts'
import type { Task } from '../../../../shared/domain/task.ts'
import { href } from '../../../lib/router.ts'
import { Shape } from '../../../ui/state.tsx'
import { Section } from '../../../ui/text.tsx'
import { editorContext } from './store.ts'
import { besideWords, placed, placementWords, whereWords } from './target-words.ts'

/** On which nodes the saved task runs, in words, and what each of them does with it now. */
export function Where({ task }: { task: Task }) {
  const places = editorContext.useState((state) => state.places)
  if (places === null || places.items.length === 0) return null
  return (
    <Section title="Where it runs" id="section-where">
      <Nodes task={task} places={places} />
    </Section>
  )
}

function Nodes({ task, places }: { task: Task; places: Placements }) {
  const nodes = editorContext.useState((state) => state.nodes)
  const active = editorContext.useState((state) => state.active)
  const { runs, refused, outside } = placed(task, places.items, nodes)
  const unclaimed = active.filter(({ nodeId, targetNodeId }) => nodeId === null && targetNodeId === null)
  return (
    <>
      <p className="t2 small">
        {whereWords(places.runOn, runs, task.assignedNodeId !== null)}
        {besideWords(unclaimed.length, outside.length)}
      </p>
      <ul className="target-nodes where-nodes">
        {[...runs, ...refused].map((one) => (
          <Line
            key={one.nodeId}
            placement={one}
            active={active.filter((run) => (run.nodeId ?? run.targetNodeId) === one.nodeId)}
          />
        ))}
      </ul>
    </>
  )
}

function Line({ placement, active }: { placement: Placement; active: readonly Run[] }) {
  const { nodeId, nodeName, state, runs, warnings } = placement
  return (
    <li className={runs ? '' : 'not'}>
      <Shape of={state} size={12} alone />
      <a className="cut" href={href(['nodes', nodeId])} title={nodeName}>
        <b>{nodeName}</b>
      </a>
      <span className={!runs || warnings.length > 0 ? 'warn' : 't2'}>{placementWords(placement)}</span>
      <span className="row where-runs">
        {active.slice(0, 3).map((run) => (
          <a key={run.historyId} className="link" href={href(['history', run.historyId])}>
            {run.state === 'Running' ? 'runs now' : 'waits'}
          </a>
        ))}
        {active.length > 3 && <span className="t3">{`and ${active.length - 3} more`}</span>}
      </span>
    </li>
  )
}
