import { CheckIcon, SyncIcon } from '@primer/octicons-react'
import { createContext, use, useMemo, useState } from 'react'
import type { SyncNode, SyncStatus, SyncTable } from '../../../shared/domain/sync.ts'
import { count, duration } from '../../lib/format.ts'
import { href, useRouter } from '../../lib/router.ts'
import { Shape } from '../../ui/state.tsx'
import type { Column } from '../../ui/virtual-row.tsx'
import { VirtualTable } from '../../ui/virtual-table.tsx'
import { BootstrapDialog } from './bootstrap-dialog.tsx'
import { barPx, isCounted, replicasOf, type Replica } from './standing.ts'
import { StandingCell } from './standing-cell.tsx'
import { conflictsContext } from './store.ts'
import { useSyncActs, type SyncActs } from './use-sync-acts.ts'

const ROW_PX = 30

/** Nodes by tables: what each replica lacks, what waits on it, and how it is in words. */
export function Matrix({ status }: { status: SyncStatus }) {
  const router = useRouter()
  const nodes = conflictsContext.useState((state) => state.nodes)
  const rows = useMemo(() => replicasOf(status, nodes), [status, nodes])
  const acts = useSyncActs()
  const [anew, setAnew] = useState<SyncNode | null>(null)
  const columns = useColumns(status.tables)
  const hrefOf = ({ sync }: Replica): string => href(['nodes', sync.nodeId])
  return (
    <CellContext value={{ status, acts, onAnew: setAnew }}>
      <div
        className="sync-matrix"
        style={{ flexBasis: `calc(var(--row-head) + ${rows.length * ROW_PX + 2}px)` }}
      >
        <VirtualTable
          label="Replicas"
          columns={columns}
          rows={rows}
          rowHeight={ROW_PX}
          keyOf={keyOf}
          hrefOf={hrefOf}
          onOpen={(replica) => router.go(hrefOf(replica))}
          dimmed={keepsNone}
          ownKeys
        />
      </div>
      {anew && <BootstrapDialog node={anew} acts={acts} onClose={() => setAnew(null)} />}
    </CellContext>
  )
}

const keyOf = ({ sync }: Replica): string => sync.nodeId
const keepsNone = ({ standing }: Replica): boolean => standing.kind === 'none'

interface CellFacts {
  status: SyncStatus
  acts: SyncActs
  onAnew: (node: SyncNode) => void
}

/** Cells read it for themselves: the columns stay the same, so that rows are not drawn anew with each of these. */
const CellContext = createContext<CellFacts | null>(null)

const useFacts = (): CellFacts => {
  const facts = use(CellContext)
  if (!facts) throw new Error('No matrix above this component')
  return facts
}

/** Each status has a list of the tables of its own, mostly with the same names. */
const useColumns = (tables: readonly string[]): Column<Replica>[] => {
  const names = tables.join(' ')
  return useMemo(() => columnsOf(names.split(' ').filter(Boolean)), [names])
}

const columnsOf = (tables: readonly string[]): Column<Replica>[] => [
  {
    key: 'node',
    header: 'Node',
    width: 'minmax(156px, 1.2fr)',
    cell: ({ sync, node }, link) => (
      <>
        {node && <Shape of={node.state} alone />}{' '}
        <a {...link} title={sync.isSelf ? `${sync.nodeName}, this node` : sync.nodeName}>
          {sync.nodeName}
        </a>
        {sync.isSelf && <span className="t3 small"> this node</span>}
      </>
    ),
  },
  ...tables.map((tableName): Column<Replica> => ({
    key: `lag ${tableName}`,
    header: tableName,
    width: '92px',
    align: 'right',
    cell: (replica) => <Lag replica={replica} tableName={tableName} />,
  })),
  {
    key: 'behind',
    header: 'Behind for',
    width: '72px',
    align: 'right',
    cell: (replica) => <Behind replica={replica} />,
  },
  {
    key: 'pending',
    header: 'To send',
    width: '52px',
    align: 'right',
    cell: ({ sync: { pending } }) => <span className={pending > 0 ? 'num' : 'num t3'}>{count(pending)}</span>,
  },
  {
    key: 'cursor',
    header: 'Cursor',
    width: '60px',
    align: 'right',
    showFrom: 900,
    cell: ({ sync: { cursor } }) => <span className="num t3">{cursor ? count(cursor.seq) : '–'}</span>,
  },
  {
    key: 'state',
    header: 'State',
    width: 'minmax(140px, 2fr)',
    cell: (replica) => <StandingCell of={replica} />,
  },
  {
    key: 'acts',
    header: <span className="hidden-text">What can be done</span>,
    width: '104px',
    align: 'right',
    cell: (replica) => <Acts of={replica} />,
  },
]

const tableOf = ({ tables }: SyncNode, name: string): SyncTable | undefined =>
  tables.find(({ tableName }) => tableName === name)

function Lag({ replica, tableName }: { replica: Replica; tableName: string }) {
  const { status } = useFacts()
  const lag = isCounted(replica, status) ? (tableOf(replica.sync, tableName)?.lag ?? null) : null
  if (lag === null) return <span className="t3">–</span>
  if (lag === 0)
    return (
      <span className="lag t3 num">
        <CheckIcon size={12} fill="var(--success)" aria-hidden /> 0
      </span>
    )
  return (
    <span className={replica.standing.kind === 'away' ? 'lag bad num' : 'lag warn num'}>
      <i style={{ width: barPx(lag) }} aria-hidden /> <span>{count(lag)}</span>
    </span>
  )
}

function Behind({ replica }: { replica: Replica }) {
  const { status } = useFacts()
  const { sync, standing } = replica
  if (!isCounted(replica, status) || sync.lagSeconds === null) return <span className="t3">–</span>
  if (sync.lag === 0) return <span className="num t3">0 s</span>
  return <b className={standing.kind === 'away' ? 'num bad' : 'num warn'}>{duration(sync.lagSeconds)}</b>
}

/** A node that is away or keeps no replica has nobody who would do it; others are asked through the database. */
const canAct = ({ sync, standing }: Replica, { newestSeq }: SyncStatus): boolean =>
  !['away', 'none', 'copying'].includes(standing.kind) && (sync.isSelf || newestSeq !== null)

function Acts({ of: replica }: { of: Replica }) {
  const { status, acts, onAnew } = useFacts()
  const { sync } = replica
  if (acts.refusal !== null || !canAct(replica, status)) return null
  return (
    <span className="sync-acts">
      <button
        type="button"
        className="link"
        aria-label={`Sync ${sync.nodeName}`}
        disabled={acts.busy === sync.nodeId}
        onClick={() => acts.sync(sync)}
      >
        <SyncIcon size={12} aria-hidden /> Sync
      </button>
      <button
        type="button"
        className="sync-anew t3 small"
        aria-label={`Read everything anew on ${sync.nodeName}…`}
        title="Read everything anew, instead of following the log"
        onClick={() => onAnew(sync)}
      >
        anew…
      </button>
    </span>
  )
}
