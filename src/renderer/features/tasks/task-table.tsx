import type { Task } from '../../../shared/domain/task.ts'
import { EditWaits } from '../../shell/edit-waits.tsx'
import { Chip } from '../../ui/text.tsx'
import { Clock, Relative } from '../../ui/time.tsx'
import { tasksContext } from './store.ts'
import { TaskState } from './task-state.tsx'
import type { Column } from '../../ui/virtual-row.tsx'
import { VirtualTable } from '../../ui/virtual-table.tsx'
import type { Choice } from '../../ui/use-choice.ts'
import { scheduleWords } from './words.ts'

const columns: Column<Task>[] = [
  {
    key: 'state',
    header: 'Last run',
    sort: { by: 'state', direction: 'ascending' },
    width: '156px',
    narrow: '88px',
    cell: (task) => <TaskState of={task} />,
  },
  {
    key: 'name',
    header: 'Task',
    sort: { by: 'name', direction: 'ascending' },
    width: 'minmax(0, 1.6fr)',
    cell: (task, link) => (
      <span className="task-name">
        <span className="task-words">
          <a {...link} className="cut" title={task.taskName}>
            {task.taskName}
          </a>
          <span className="task-app t3 small cut">
            {task.appName}
            {!task.enabled && ' · disabled'}
          </span>
        </span>
        <EditWaits recordId={task.taskId} />
      </span>
    ),
  },
  {
    key: 'schedule',
    header: 'Schedule',
    width: 'minmax(0, 1.3fr)',
    showFrom: 640,
    cell: (task) => {
      const words = scheduleWords(task)
      return (
        <span className="t2" title={words}>
          {words}
        </span>
      )
    },
  },
  {
    key: 'next',
    header: 'Next run',
    sort: { by: 'nextRun', direction: 'ascending' },
    width: '150px',
    narrow: '100px',
    align: 'right',
    cell: (task) => <NextRun at={task.nextRun} />,
  },
  { key: 'target', header: 'Target', width: '132px', showFrom: 820, cell: (task) => <Target task={task} /> },
  {
    key: 'tags',
    header: 'Tags',
    width: '150px',
    showFrom: 1040,
    cell: (task) => (
      <span className="row">
        {task.tags.map((tag) => (
          <Chip key={tag} kind="tag">
            {tag}
          </Chip>
        ))}
      </span>
    ),
  },
]

function NextRun({ at }: { at: string | null }) {
  if (!at) return <span className="t3">–</span>
  return (
    <>
      <span className="t3 small note">
        <Relative at={at} />{' '}
      </span>
      <Clock at={at} />
    </>
  )
}

export function Target({ task }: { task: Task }) {
  const { assignedNodeId: node, assignedNodeGroup: group, assignedNodeRole: role } = task
  const nodeName = tasksContext.useState(
    (state) => state.nodes.find(({ nodeId }) => nodeId === node)?.nodeName,
  )
  return (
    <span className="row target">
      {node && <Chip kind="node">{nodeName ?? node.slice(0, 8)}</Chip>}
      {group && <Chip kind="group">{group}</Chip>}
      {role && <Chip kind="role">{role}</Chip>}
      {!node && !group && !role && <Chip>any node</Chip>}
      {task.runOn === 'All' && <span className="meta t3">all</span>}
    </span>
  )
}

interface TaskTableProps {
  tasks: readonly Task[]
  selected: string | undefined
  hrefOf: (task: Task) => string
  onOpen: (task: Task) => void
  onCursor: (task: Task | undefined) => void
  onEnd: () => void
  sortedBy: string
  onSort: (by: string) => void
  choice?: Choice
}

const keyOf = (task: Task): string => task.taskId
const isOff = (task: Task): boolean => !task.enabled

export function TaskTable({ tasks, ...table }: TaskTableProps) {
  return <VirtualTable label="Tasks" columns={columns} rows={tasks} keyOf={keyOf} dimmed={isOff} {...table} />
}
