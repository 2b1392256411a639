import { createContext, use } from 'react'
import { AlertIcon } from '@primer/octicons-react'
import type { ClusterNode } from '../../../shared/domain/node.ts'
import { href, useRoute, useRouter } from '../../lib/router.ts'
import { things } from '../../lib/format.ts'
import { State } from '../../ui/state.tsx'
import { Chip } from '../../ui/text.tsx'
import { Clock, Relative } from '../../ui/time.tsx'
import type { Column } from '../../ui/virtual-row.tsx'
import { VirtualTable } from '../../ui/virtual-table.tsx'
import { EditInPlace } from './edit-in-place.tsx'
import { Load } from './load.tsx'
import { isLocked } from './locked.ts'
import type { Choices } from './fits.ts'
import type { NodeActs } from './use-node-acts.ts'
import { clockText, isClockOff } from './words.ts'

/** What of which node is a field right now. */
export interface Editing {
  nodeId: string
  field: WordField | 'draining'
}

type WordField = 'nodeGroup' | 'nodeRole'

export interface EditCells {
  editing: Editing | null
  setEditing: (editing: Editing | null) => void
  choices: Choices
  acts: NodeActs
}

const isRetired = (node: ClusterNode): boolean => node.state === 'Retired'

const none = <span className="t3">–</span>

/** Behind the name: where it is, or what is special about it now. */
function Behind({ node }: { node: ClusterNode }) {
  if (node.state === 'Away' && node.stateSince) return <Clock at={node.stateSince} precision="seconds" />
  if (node.state === 'Draining') return <>{things(node.running, 'run')} left</>
  return <>{node.isThisNode ? 'this node' : (node.ipAddress ?? node.hostname)}</>
}

/** Cells read it for themselves: the columns stay the same, so that rows are not drawn anew with each of these. */
const EditContext = createContext<EditCells | null>(null)

function WordCell({ node, field }: { node: ClusterNode; field: WordField }) {
  const cells = use(EditContext)
  if (!cells) throw new Error('No table of nodes above this component')
  const { editing, setEditing, choices, acts } = cells
  const word = field === 'nodeGroup' ? 'Group' : 'Role'
  const value = node[field]
  return (
    <EditInPlace
      label={`${word} of ${node.nodeName}`}
      value={value}
      options={field === 'nodeGroup' ? choices.group : choices.role}
      editing={editing?.nodeId === node.nodeId && editing.field === field}
      onEdit={isLocked(node, acts) ? null : () => setEditing({ nodeId: node.nodeId, field })}
      onDone={() => setEditing(null)}
      onSave={(text) => void acts.edit(node, { [field]: text === '' ? null : text })}
    >
      {value ? <Chip>{value}</Chip> : none}
    </EditInPlace>
  )
}

const COLUMNS: readonly Column<ClusterNode>[] = [
  { key: 'state', header: 'State', width: '92px', cell: (node) => <State of={node.state} /> },
  {
    key: 'node',
    header: 'Node',
    width: 'minmax(0, 1fr)',
    cell: (node, link) => (
      <>
        <a {...link}>{node.nodeName}</a>{' '}
        <span className="t3 small num node-behind">
          <Behind node={node} />
        </span>
      </>
    ),
  },
  {
    key: 'group',
    header: 'Group',
    width: '78px',
    cell: (node) => <WordCell node={node} field="nodeGroup" />,
  },
  {
    key: 'role',
    header: 'Role',
    width: '82px',
    showFrom: 690,
    cell: (node) => <WordCell node={node} field="nodeRole" />,
  },
  { key: 'running', header: 'Running', width: '112px', cell: (node) => <Load node={node} /> },
  {
    key: 'heartbeat',
    header: 'Heartbeat',
    width: '72px',
    align: 'right',
    cell: (node) => (
      <span className={node.state === 'Away' ? 'bad' : node.state === 'Retired' ? 't3' : ''}>
        {node.lastHeartbeat ? <Relative at={node.lastHeartbeat} /> : 'never'}
      </span>
    ),
  },
  {
    key: 'version',
    header: 'Version',
    width: '72px',
    showFrom: 760,
    cell: (node) => (node.version ? <span className="t2 num cut">{node.version}</span> : none),
  },
  { key: 'clock', header: 'Clock', width: '78px', align: 'right', showFrom: 840, cell: clockCell },
  { key: 'scripts', header: 'Scripts', width: '84px', showFrom: 930, cell: scriptsCell },
]

function clockCell(node: ClusterNode) {
  if (node.clockOffset === null || isRetired(node)) return none
  if (!isClockOff(node)) return <span className="t3 num">{clockText(node.clockOffset)}</span>
  return (
    <span className="warn num">
      <AlertIcon size={12} aria-label="Clock is off" /> {clockText(node.clockOffset)}
    </span>
  )
}

function scriptsCell(node: ClusterNode) {
  const { missingScripts, startedAt } = node
  if (startedAt === null || isRetired(node)) return none
  if (missingScripts.length > 0)
    return (
      <span className="warn">
        <AlertIcon size={12} aria-hidden /> {missingScripts.length} missing
      </span>
    )
  return <span className="t3">all found</span>
}

interface NodeTableProps extends EditCells {
  nodes: readonly ClusterNode[]
  selected: string | undefined
  onCursor: (node: ClusterNode | undefined) => void
}

const keyOf = (node: ClusterNode): string => node.nodeId

/** All nodes that fit, what needs somebody first. Enter opens one at the right. */
export function NodeTable({ nodes, selected, onCursor, ...cells }: NodeTableProps) {
  const { params } = useRoute()
  const router = useRouter()
  const hrefOf = (node: ClusterNode): string => href(['nodes', node.nodeId], params)
  return (
    <EditContext value={cells}>
      <VirtualTable
        label="Nodes"
        columns={COLUMNS}
        rows={nodes}
        keyOf={keyOf}
        hrefOf={hrefOf}
        onOpen={(node) => router.go(hrefOf(node))}
        onCursor={onCursor}
        selected={selected}
        dimmed={isRetired}
      />
    </EditContext>
  )
}
