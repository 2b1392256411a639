import { CheckIcon } from '@primer/octicons-react'
import type { Failure } from '../../../shared/domain/failure.ts'
import { stripAnsi } from '../../lib/ansi.ts'
import { State } from '../../ui/state.tsx'
import { Clock, Relative } from '../../ui/time.tsx'
import type { Choice } from '../../ui/use-choice.ts'
import type { Column } from '../../ui/virtual-row.tsx'
import { VirtualTable } from '../../ui/virtual-table.tsx'
import { failuresContext } from './store.ts'

const columns: Column<Failure>[] = [
  {
    key: 'state',
    header: 'Last',
    width: '164px',
    narrow: '116px',
    cell: ({ lastState, lastAt }) => <State of={lastState} note={<Relative at={lastAt} />} />,
  },
  {
    key: 'task',
    header: 'Task',
    width: 'minmax(0, 1fr)',
    cell: (failure, link) => (
      <>
        <a {...link}>{failure.taskName}</a>
        <span className="t3 small">
          {failure.appName && ` ${failure.appName}`}
          <OnNode id={failure.nodeId} />
        </span>
      </>
    ),
  },
  {
    key: 'count',
    header: 'Since',
    width: '136px',
    narrow: '120px',
    cell: ({ failureCount, firstAt }) => (
      <span className={failureCount > 1 ? 'bad num' : 't3 num'}>
        {failureCount > 1 && `×${failureCount} since `}
        <Clock at={firstAt} />
      </span>
    ),
  },
  {
    key: 'why',
    header: 'Reason',
    width: 'minmax(0, 1.4fr)',
    showFrom: 760,
    cell: ({ lastError }) => {
      const words = stripAnsi(lastError ?? '').split('\n')[0] ?? ''
      return (
        <span className="t2" title={stripAnsi(lastError ?? '')}>
          {words}
        </span>
      )
    },
  },
  {
    key: 'now',
    header: 'Now',
    width: '136px',
    cell: ({ recoveredAt }) =>
      recoveredAt === null ? (
        <span className="bad">fails</span>
      ) : (
        <span className="t3">
          <CheckIcon size={12} fill="var(--success)" aria-hidden /> since <Clock at={recoveredAt} />
        </span>
      ),
  },
  {
    key: 'seen',
    header: 'Acknowledged',
    width: '168px',
    showFrom: 900,
    cell: ({ acknowledgedBy, acknowledgedAt, note }) =>
      acknowledgedAt === null ? (
        <span className="t3">–</span>
      ) : (
        <span className="t3" title={note ?? undefined}>
          {acknowledgedBy} <Clock at={acknowledgedAt} />
        </span>
      ),
  },
]

function OnNode({ id }: { id: string | null }) {
  const name = failuresContext.useState(({ nodeNames }) => id && (nodeNames[id] ?? id.slice(0, 8)))
  return name && ` · ${name}`
}

interface FailureTableProps {
  failures: readonly Failure[]
  hrefOf: (failure: Failure) => string
  onOpen: (failure: Failure) => void
  onCursor: (failure: Failure | undefined) => void
  onEnd: () => void
  selected: string | undefined
  choice?: Choice
}

const keyOf = ({ failureId }: Failure): string => failureId
const isQuiet = ({ acknowledgedAt, recoveredAt }: Failure): boolean =>
  acknowledgedAt !== null && recoveredAt !== null

export function FailureTable({ failures, ...table }: FailureTableProps) {
  return (
    <VirtualTable
      label="Failures"
      columns={columns}
      rows={failures}
      keyOf={keyOf}
      dimmed={isQuiet}
      {...table}
    />
  )
}
