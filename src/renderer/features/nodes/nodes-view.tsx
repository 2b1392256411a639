import { Button } from '@mantine/core'
import { PlusIcon } from '@primer/octicons-react'
import { useEffect, useMemo, useState } from 'react'
import type { ClusterNode } from '../../../shared/domain/node.ts'
import { inOrder } from '../../lib/node-order.ts'
import { href, useRoute, useRouter } from '../../lib/router.ts'
import { useKeys } from '../../lib/use-keys.ts'
import { ReplicaAge } from '../../shell/replica-age.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorView } from '../../ui/error-view.tsx'
import { KeyFoot, type KeyHint } from '../../ui/key-foot.tsx'
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

const HINTS: readonly KeyHint[] = [
  { keys: 'J K', does: 'move' },
  { keys: 'D', does: 'drain' },
  { keys: 'G', does: 'edit group' },
  { keys: 'H', does: 'its runs' },
  { keys: 'Enter', does: 'open' },
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
  useKeys({
    d: node && (() => acts.toggleDrain(node, () => askDrain(node))),
    g: canEdit ? () => setEditing({ nodeId: node.nodeId, field: 'nodeGroup' }) : undefined,
    h: node && (() => acts.showRuns(node)),
  })
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
