import type { Run } from '../../../shared/domain/run.ts'
import { duration } from '../../lib/format.ts'
import { State } from '../../ui/state.tsx'
import { Clock, Relative, Since } from '../../ui/time.tsx'
import type { Column } from '../../ui/virtual-row.tsx'
import { VirtualTable } from '../../ui/virtual-table.tsx'
import { useNodeName } from './store.ts'
import { reasonWords, secondsOf, triggerWords } from './words.ts'

const columns: Column<Run>[] = [
  {
    key: 'state',
    header: 'State',
    width: '164px',
    cell: (run) => <State of={run.state} note={<Age run={run} />} />,
  },
  {
    key: 'task',
    header: 'Task',
    width: 'minmax(0, 1fr)',
    cell: (run, link) => (
      <>
        <a {...link}>{run.taskName}</a>
        <span className="t3 small">
          {run.appName && ` ${run.appName}`}
          {run.attempt > 1 && ` · attempt ${run.attempt}`}
        </span>
      </>
    ),
  },
  {
    key: 'reason',
    header: 'Reason',
    width: 'minmax(0, 1.3fr)',
    showFrom: 760,
    cell: (run) => {
      if (run.state === 'Success') return null
      const words = reasonWords(run)
      return (
        <span className="t2" title={words}>
          {words}
        </span>
      )
    },
  },
  {
    key: 'start',
    header: 'Started',
    width: '104px',
    align: 'right',
    cell: (run) => <Clock at={run.startTime ?? run.scheduledFor} precision="seconds" />,
  },
  { key: 'took', header: 'Took', width: '72px', align: 'right', cell: (run) => <Took run={run} /> },
  {
    key: 'trigger',
    header: 'Started how',
    width: '88px',
    showFrom: 1160,
    cell: (run) => <span className="t3">{triggerWords(run)}</span>,
  },
  {
    key: 'node',
    header: 'Node',
    width: '120px',
    showFrom: 1160,
    cell: (run) => <NodeName id={run.nodeId} />,
  },
]

function Age({ run }: { run: Run }) {
  if (run.state === 'Running' && run.startTime) return <Since at={run.startTime} />
  return <Relative at={run.endTime ?? run.startTime ?? run.scheduledFor} />
}

export function Took({ run }: { run: Run }) {
  const seconds = secondsOf(run)
  return seconds === null ? <span className="t3">–</span> : <span className="num">{duration(seconds)}</span>
}

function NodeName({ id }: { id: string | null }) {
  return <span className="t3">{useNodeName(id) ?? '–'}</span>
}

interface RunTableProps {
  runs: readonly Run[]
  hrefOf: (run: Run) => string
  onOpen: (run: Run) => void
  onEnd: () => void
}

const keyOf = (run: Run): string => run.historyId

export function RunTable({ runs, ...table }: RunTableProps) {
  return <VirtualTable label="Runs" columns={columns} rows={runs} keyOf={keyOf} {...table} />
}
