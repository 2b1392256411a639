import type { CachedTask } from '../../../shared/domain/runtime.ts'
import { href, useRouter } from '../../lib/router.ts'
import { Shape } from '../../ui/state.tsx'
import { Clock, Relative } from '../../ui/time.tsx'
import type { Column } from '../../ui/virtual-row.tsx'
import { VirtualTable } from '../../ui/virtual-table.tsx'

const columns: Column<CachedTask>[] = [
  {
    key: 'next',
    header: 'Next run here',
    width: '170px',
    cell: (task) => (task.nextRun ? <NextRun at={task.nextRun} /> : <span className="t3">–</span>),
  },
  {
    key: 'name',
    header: 'Task',
    width: 'minmax(0, 1fr)',
    cell: (task, link) => (
      <>
        <a {...link}>{task.taskName}</a>
        <span className="t3 small">{task.appName && ` ${task.appName}`}</span>
      </>
    ),
  },
  {
    key: 'running',
    header: 'Running',
    width: '96px',
    cell: (task) => (task.isRunning ? <Shape of="Running" alone /> : null),
  },
  {
    key: 'priority',
    header: 'Priority',
    width: '80px',
    align: 'right',
    cell: (task) => <span className="num">{task.priority}</span>,
  },
]

function NextRun({ at }: { at: string }) {
  return (
    <>
      <Clock at={at} precision="seconds" />{' '}
      <span className="t3 small note">
        <Relative at={at} />
      </span>
    </>
  )
}

const keyOf = (task: CachedTask): string => task.taskId
const hrefOf = (task: CachedTask): string => href(['tasks', task.taskId])

/** In the order in which they come due. */
export function CachedTasks({ tasks }: { tasks: readonly CachedTask[] }) {
  const router = useRouter()
  if (tasks.length === 0) return <p className="t3 runtime-none">No enabled task may run on this node.</p>
  return (
    <VirtualTable
      label="Tasks this node may run"
      columns={columns}
      rows={tasks}
      keyOf={keyOf}
      hrefOf={hrefOf}
      onOpen={(task) => router.go(hrefOf(task))}
    />
  )
}
