import { ActionIcon, Button, Switch, Tooltip } from '@mantine/core'
import { DuplicateIcon, HistoryIcon, PlayIcon, SlidersIcon, TrashIcon, XIcon } from '@primer/octicons-react'
import { useState } from 'react'
import type { Task } from '../../../../shared/domain/task.ts'
import { TASK_HELP } from '../../../../shared/domain/task-help.ts'
import { href } from '../../../lib/router.ts'
import { useAct } from '../../../lib/use-act.ts'
import { useAsked } from '../../../lib/use-asked.ts'
import { unless, useCommands } from '../../../lib/use-commands.ts'
import { CopyLink } from '../../../ui/copy-link.tsx'
import { Keys } from '../../../ui/text.tsx'
import { TaskState } from '../task-state.tsx'
import { useTaskActs } from '../use-task-acts.ts'
import { joined } from '../words.ts'
import { RunWith } from './run-with.tsx'
import { StopAll, StopAllButton } from './stop-all.tsx'
import { editorContext } from './store.ts'
import { useField } from './use-field.ts'

/** What the task is, how it went last, and what can be done to it. */
export function EditorHead({ task, onClose }: { task: Task | null; onClose: () => void }) {
  const [asked, setAsked] = useState<'run' | 'stop' | null>(null)
  const close = (): void => setAsked(null)
  useAsked('run', () => setAsked('run'))
  useAsked('stop', () => setAsked('stop'))
  return (
    <>
      <header className="ed-head">
        <div className="grow">
          <h1 className="cut">{task ? task.taskName : 'New task'}</h1>
          <div className="t3 small cut">
            {task ? <Meta task={task} /> : 'A name and a script are all it needs.'}
          </div>
        </div>
        <div className="row ed-acts">
          <EnabledSwitch />
          {task && <TaskButtons task={task} onClose={onClose} onAsk={setAsked} />}
        </div>
        <Tooltip label="Close (Esc)">
          <ActionIcon aria-label="Close" aria-keyshortcuts="Escape" onClick={onClose}>
            <XIcon size={16} />
          </ActionIcon>
        </Tooltip>
      </header>
      {task && asked === 'run' && <RunWith task={task} onClose={close} />}
      {task && asked === 'stop' && <StopAll task={task} onClose={close} />}
    </>
  )
}

function Meta({ task }: { task: Task }) {
  return (
    <>
      <TaskState of={task} />
      {` · ${joined(task.appName, `version ${task.version}`, `saved by ${task.modifiedBy ?? task.createdBy ?? 'unknown'}`)}`}
    </>
  )
}

function EnabledSwitch() {
  const { id, value, set } = useField('enabled')
  return (
    <>
      <Switch
        id={id}
        label="Enabled"
        labelPosition="left"
        title={TASK_HELP.enabled}
        aria-describedby={`${id}-help`}
        checked={value}
        onChange={(event) => set(event.currentTarget.checked)}
      />
      <span id={`${id}-help`} hidden>
        {TASK_HELP.enabled}
      </span>
    </>
  )
}

interface TaskButtonsProps {
  task: Task
  onClose: () => void
  onAsk: (what: 'run' | 'stop') => void
}

function TaskButtons({ task, onClose, onAsk }: TaskButtonsProps) {
  const { run, refusal } = useTaskActs()
  useCommands('task', { run: unless(refusal.operator, () => run(task)) })
  return (
    <>
      <StopAllButton task={task} refusal={refusal.operator} onAsk={() => onAsk('stop')} />
      <Tooltip label="Its runs">
        <ActionIcon
          component="a"
          href={href(['history'], { task: task.taskId })}
          aria-label="Runs of this task"
        >
          <HistoryIcon size={16} />
        </ActionIcon>
      </Tooltip>
      <CopyLink kind="task" id={task.taskId} />
      <Tooltip label={refusal.admin ?? 'Duplicate'}>
        <ActionIcon
          component="a"
          href={href(['tasks', 'new'], { from: task.taskId })}
          aria-label="Duplicate task"
        >
          <DuplicateIcon size={16} />
        </ActionIcon>
      </Tooltip>
      <RunWithButton refusal={refusal.operator} onAsk={() => onAsk('run')} />
      <DeleteButton task={task} onClose={onClose} />
      <Button
        leftSection={<PlayIcon size={14} />}
        rightSection={<Keys of="R" />}
        aria-keyshortcuts="r"
        disabled={refusal.operator !== null}
        title={refusal.operator ?? undefined}
        onClick={() => run(task)}
      >
        Run now
      </Button>
    </>
  )
}

function RunWithButton({ refusal, onAsk }: { refusal: string | null; onAsk: () => void }) {
  return (
    <Tooltip label={refusal ?? 'Run with other parameters, or on a node…'}>
      <ActionIcon
        aria-label="Run with other parameters"
        aria-disabled={refusal !== null}
        onClick={() => {
          if (refusal === null) onAsk()
        }}
      >
        <SlidersIcon size={16} />
      </ActionIcon>
    </Tooltip>
  )
}

function DeleteButton({ task, onClose }: { task: Task; onClose: () => void }) {
  const { remove, refusal } = useTaskActs()
  const removing = useAct(`${task.taskName} was not deleted`)
  const { discard } = editorContext.useApi().getState()
  const start = async (): Promise<void> => {
    await remove(task)
    discard()
    onClose()
  }
  return (
    <Tooltip label={refusal.admin ?? 'Delete; its history is kept'}>
      <ActionIcon
        aria-label="Delete task"
        c="var(--failed)"
        aria-disabled={refusal.admin !== null}
        loading={removing.busy}
        onClick={() => {
          if (!refusal.admin) removing.start(start)
        }}
      >
        <TrashIcon size={16} />
      </ActionIcon>
    </Tooltip>
  )
}
