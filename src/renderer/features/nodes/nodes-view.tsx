import { Button } from '@mantine/core'
import { PlusIcon } from '@primer/octicons-react'
import { useEffect, useMemo, useState } from 'react'
import type { ClusterNode } from '../../../shared/domain/node.ts'
import { hintOf, MOVE_HINT } from '../../lib/key-table.ts'
import { inOrder } from '../../lib/node-order.ts'
import { href, useRoute, useRouter } from '../../lib/router.ts'
import { unless, useCommands } from '../../lib/use-commands.ts'
import { useAsked } from '../../lib/use-asked.ts'
import { ReplicaAge } from '../../shell/replica-age.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorView } from '../../ui/error-view.tsx'
import { KeyFoot } from '../../ui/key-foot.tsx'
import { NoHits } from '../../ui/no-hits.tsx'
import { SkeletonRows } from '../../ui/skeleton-rows.tsx'
import { AddNode } from './add-node.tsx'
import { JoinTokens } from './join-tokens/join-tokens.tsx'
import { isLocked } from './locked.ts'
import { NodeFilters } from './node-filters.tsx'
import { NodePanel } from './node-panel.tsx'
import { NodeTable, type EditCells, type Editing } from './node-table.tsx'
import { choicesOf, fits, isFiltered } from './fits.ts'
import { queryOf } from './query.ts'
import { nodesContext } from './store.ts'
import { useNodeActs } from './use-node-acts.ts'
import { WorthALook } from './worth-a-look.tsx'

const NO_NODES: readonly ClusterNode[] = []

const HINTS = [
  MOVE_HINT,
  hintOf('nodes', 'drain', { does: 'drain' }),
  hintOf('nodes', 'group'),
  hintOf('nodes', 'runs'),
  hintOf('list', 'open'),
]

/** Which nodes there are, how they are and what runs there; at the right one of them in full. */
export function NodesView({ nodeId }: { nodeId: string | undefined }) {
  const { params } = useRoute()
  const query = useMemo(() => queryOf(params), [params])
  const nodes = nodesContext.useState((state) => state.nodes)
  const { watch } = nodesContext.useApi().getState()
  const [adding, setAdding] = useState(false)
  const [editing, setEditing] = useState<Editing | null>(null)
  const [atCursor, setAtCursor] = useState<ClusterNode | undefined>()
  const acts = useNodeActs()
  useEffect(() => watch(), [watch])
  useAsked('add', () => setAdding(true))
  const all = nodes.status === 'ready' ? nodes.data : NO_NODES
  const choices = useMemo(() => choicesOf(all), [all])
  const shown = useMemo(() => inOrder(all.filter((node) => fits(node, query))), [all, query])
  const open = all.find((node) => node.nodeId === nodeId)
  // A row that a filter took away is meant by no key.
  useNodeKeys(
    open,
    shown.find((node) => node.nodeId === atCursor?.nodeId),
    acts,
    setEditing,
  )
  const cells: EditCells = { editing, setEditing, choices, acts }
  return (
    <>
      <NodeFilters query={query} nodes={all} choices={choices} onAdd={() => setAdding(true)} />
      <div className={nodeId === undefined ? 'nodes-view' : 'nodes-view with-panel'}>
        <div className="nodes-list">
          <List
            shown={shown}
            isNarrowed={isFiltered(query)}
            selected={nodeId}
            cells={cells}
            onCursor={setAtCursor}
            onAdd={() => setAdding(true)}
          />
          <KeyFoot hints={HINTS}>
            <ReplicaAge />
          </KeyFoot>
        </div>
        {open && <NodePanel key={open.nodeId} node={open} cells={cells} />}
        {nodeId !== undefined && !open && nodes.status === 'ready' && <NoSuchNode />}
      </div>
      {adding && <AddNode onClose={() => setAdding(false)} />}
    </>
  )
}

/** They mean the node that is open, else the one at the cursor. */
const useNodeKeys = (
  open: ClusterNode | undefined,
  atCursor: ClusterNode | undefined,
  acts: EditCells['acts'],
  setEditing: EditCells['setEditing'],
): void => {
  const router = useRouter()
  const { params } = useRoute()
  const node = open ?? atCursor
  /** The reason is asked for where the node's acts are. */
  const askDrain = ({ nodeId }: ClusterNode): void => {
    setEditing({ nodeId, field: 'draining' })
    if (!open) router.go(href(['nodes', nodeId], params))
  }
  const canEdit = node && !isLocked(node, acts)
  useCommands(
    'nodes',
    {
      drain: node && unless(acts.refusal.operator, () => acts.toggleDrain(node, () => askDrain(node))),
      group: canEdit ? () => setEditing({ nodeId: node.nodeId, field: 'nodeGroup' }) : undefined,
      runs: node && (() => acts.showRuns(node)),
    },
    node && { kind: 'node', id: node.nodeId, name: node.nodeName },
  )
}

interface ListProps {
  shown: readonly ClusterNode[]
  isNarrowed: boolean
  selected: string | undefined
  cells: EditCells
  onCursor: (node: ClusterNode | undefined) => void
  onAdd: () => void
}

function List({ shown, isNarrowed, selected, cells, onCursor, onAdd }: ListProps) {
  const nodes = nodesContext.useState((state) => state.nodes)
  const { load } = nodesContext.useApi().getState()
  if (nodes.status === 'failed')
    return <ErrorView what="The nodes could not be read" error={nodes.error} onRetry={() => void load()} />
  if (nodes.status !== 'ready') return <SkeletonRows />
  if (shown.length === 0 && isNarrowed) return <NoHits what="node" view="nodes" />
  // While a node is open its fields are edited there, not in the list as well.
  const { editing } = cells
  const inList = editing?.nodeId === selected ? { ...cells, editing: null } : cells
  return (
    <div className="nodes-body">
      {/* As tall as its rows, so that what is worth a look stands right under them. */}
      <div
        className="nodes-table"
        style={{ flexBasis: `calc(var(--row-head) + ${shown.length} * var(--row) + 1px)` }}
      >
        <NodeTable nodes={shown} selected={selected} onCursor={onCursor} {...inList} />
      </div>
      {nodes.data.length === 1 && <OnlyOne onAdd={onAdd} />}
      <div className="nodes-under" tabIndex={-1}>
        {nodes.data.length > 1 && <WorthALook nodes={shown} />}
        <JoinTokens nodes={nodes.data} />
      </div>
    </div>
  )
}

function NoSuchNode() {
  const { params } = useRoute()
  return (
    <aside className="rail node-panel" aria-label="Node">
      <EmptyState
        title="There is no such node"
        act={
          <Button component="a" href={href(['nodes'], params)}>
            Close
          </Button>
        }
      >
        It may have been known under this address once.
      </EmptyState>
    </aside>
  )
}

/** A single node is a whole cluster: what a second would bring. */
function OnlyOne({ onAdd }: { onAdd: () => void }) {
  return (
    <EmptyState
      title="One node does it all"
      act={
        <Button leftSection={<PlusIcon size={14} />} onClick={onAdd}>
          Add a second node…
        </Button>
      }
    >
      With a second one on the same database, tasks go on when this one is down, run where their data is (by
      node, group or role), and share the load. Each due time still runs once.
    </EmptyState>
  )
}
