import { XIcon } from '@primer/octicons-react'
import { useEffect, useMemo, useState } from 'react'
import type { ClusterNode } from '../../../shared/domain/node.ts'
import { href, useRoute, useRouter } from '../../lib/router.ts'
import { useNamed } from '../../lib/trail.ts'
import { useCommands } from '../../lib/use-commands.ts'
import { looks } from '../../theme/states.tsx'
import { Shape } from '../../ui/state.tsx'
import { Clock, Since } from '../../ui/time.tsx'
import { EditInPlace } from './edit-in-place.tsx'
import { isLocked } from './locked.ts'
import { MissingScripts } from './missing-scripts.tsx'
import { PanelActs } from './node-acts.tsx'
import { NodeFacts, type FactField } from './node-facts.tsx'
import { RanThere, RunningThere } from './node-runs.tsx'
import { TasksThere } from './node-tasks.tsx'
import type { EditCells } from './node-table.tsx'
import { nodesContext } from './store.ts'
import { sentence } from './words.ts'

/** One node at the right of the list: how it is and why, what runs there, what does not, facts. */
export function NodePanel({ node, cells }: { node: ClusterNode; cells: EditCells }) {
  const { nodeId } = node
  const nodes = nodesContext.useApi()
  const store = useMemo(() => nodes.getState().createNodeView(nodeId), [nodes, nodeId])
  useEffect(() => {
    void store.getState().load()
    return nodes.getState().attach(store)
  }, [nodes, store])
  const [own, setOwn] = useState<PanelField | null>(null)
  // In the list, or by its key, group and role are asked for the same way as here.
  const field = cells.editing?.nodeId === nodeId ? cells.editing.field : own
  const setField = (next: PanelField | null): void => {
    cells.setEditing(null)
    setOwn(next)
  }
  useNamed(node.nodeName)
  return (
    <aside className="rail node-panel" aria-label={`Node ${node.nodeName}`} tabIndex={-1}>
      <Head node={node} cells={cells} field={field} setField={setField} />
      <MissingScripts node={node} />
      <RunningThere node={node} store={store} />
      <RanThere store={store} />
      <TasksThere store={store} nodeId={nodeId} />
      <NodeFacts node={node} cells={cells} field={field} setField={setField} />
    </aside>
  )
}

/** What of the node is asked for right now. */
export type PanelField = FactField | 'draining'

export interface PanelPartProps {
  node: ClusterNode
  cells: EditCells
  field: PanelField | null
  setField: (field: PanelField | null) => void
}

function Head(props: PanelPartProps) {
  const { node, field, setField } = props
  const { acts } = props.cells
  const { params } = useRoute()
  const router = useRouter()
  const look = looks[node.state]
  const close = (): void => router.go(href(['nodes'], params))
  useCommands('nodes', { close })
  return (
    <header className="panel-head">
      <div className="row">
        <Shape of={node.state} size={18} />
        <h1 className="cut">
          <EditInPlace
            label="Name of this node"
            value={node.nodeName}
            options={[]}
            editing={field === 'nodeName'}
            onEdit={isLocked(node, acts) ? null : () => setField('nodeName')}
            onDone={() => setField(null)}
            onSave={(nodeName) => nodeName !== '' && void acts.edit(node, { nodeName })}
          >
            {node.nodeName}
          </EditInPlace>{' '}
          <span style={{ color: look.loud ? look.color : 'var(--text-3)' }}>{look.word.toLowerCase()}</span>
        </h1>
        <span className="grow" />
        <button type="button" className="t3" aria-label="Close" title="Close (Esc)" onClick={close}>
          <XIcon size={15} />
        </button>
      </div>
      <p className="node-why">
        <Why node={node} />
      </p>
      <PanelActs {...props} />
    </header>
  )
}

/** The state in words: the node's or its administrator's own come first. */
function Why({ node }: { node: ClusterNode }) {
  const { state, stateReason, stateSince, running } = node
  return (
    <>
      {stateReason ? sentence(stateReason) : 'It is there and takes work.'}{' '}
      {stateSince && (
        <>
          Since <Clock at={stateSince} precision="seconds" />
          {state !== 'Retired' && (
            <>
              , <Since at={stateSince} />
            </>
          )}
          .
        </>
      )}
      {state === 'Draining' && running === 0 && ' Nothing runs there any more: it can be shut down.'}
      {state === 'Away' && node.isDraining && ' It was draining.'}
    </>
  )
}
