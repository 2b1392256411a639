import { ActionIcon, Button, Switch, Tooltip } from '@mantine/core'
import { HistoryIcon, PlayIcon, TrashIcon, XIcon } from '@primer/octicons-react'
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { Task } from '../../../../shared/domain/task.ts'
import { href, parseHash, useRouter, type Route } from '../../../lib/router.ts'
import { useNamed } from '../../../lib/trail.ts'
import { useAct } from '../../../lib/use-act.ts'
import { useKeys } from '../../../lib/use-keys.ts'
import { ErrorView } from '../../../ui/error-view.tsx'
import { SkeletonRows } from '../../../ui/skeleton-rows.tsx'
import { Keys } from '../../../ui/text.tsx'
import { TaskState } from '../task-state.tsx'
import { tasksContext } from '../store.ts'
import { useTaskActs } from '../use-task-acts.ts'
import { joined } from '../words.ts'
import { TaskForm } from './form.tsx'
import { SaveBar } from './save-bar.tsx'
import { editorContext } from './store.ts'
import { useField } from './use-field.ts'

interface TaskEditorProps {
  /** Null: a new task. */
  taskId: string | null
  onClose: () => void
  onCreated: (taskId: string) => void
}

/** A task at the right of the list: what it is, its form, and the save bar once something differs. */
export function TaskEditor({ taskId, onClose, onCreated }: TaskEditorProps) {
  const tasks = tasksContext.useApi()
  const [store] = useState(() => tasks.getState().createEditor(taskId))
  useEffect(() => {
    const close = tasks.getState().attach(store)
    void store.getState().load()
    return close
  }, [tasks, store])
  const task = useStore(store, (state) => state.task)
  const leave = useLeaveGuard(store)
  const save = (reason: string): void => {
    void store
      .getState()
      .save(reason)
      .then((saved) => {
        if (saved && taskId === null) onCreated(saved.taskId)
      })
  }
  useKeys({ Escape: leave.to === null ? onClose : undefined })
  useNamed(task.status === 'ready' ? (task.data?.taskName ?? 'New task') : null)
  return (
    <editorContext.Provider value={store}>
      <section className="editor" aria-label={taskId === null ? 'New task' : 'Task'}>
        {task.status === 'failed' ? (
          <ErrorView
            what="The task could not be read"
            error={task.error}
            onRetry={() => void store.getState().load()}
          />
        ) : task.status !== 'ready' ? (
          <SkeletonRows rows={8} />
        ) : (
          <>
            <EditorHead task={task.data} onClose={onClose} />
            <div className="ed-form" tabIndex={-1}>
              <TaskForm isNew={taskId === null} />
            </div>
            <SaveBar
              isNew={taskId === null}
              leaving={leave.to !== null}
              onSave={save}
              onLeave={leave.go}
              onStay={leave.stay}
            />
          </>
        )}
      </section>
    </editorContext.Provider>
  )
}

/** Holds every way out while something is unsaved; `to` is where the person wanted to go. */
const useLeaveGuard = (store: ReturnType<typeof editorContext.useApi>) => {
  const router = useRouter()
  const [to, setTo] = useState<string | null>(null)
  useEffect(() => {
    const isDirty = (): boolean => store.getState().changed.length > 0
    const onUnload = (event: BeforeUnloadEvent): void => {
      if (isDirty()) event.preventDefault()
    }
    window.addEventListener('beforeunload', onUnload)
    const release = router.guard((next) => {
      // Filters of the list may change under the form.
      if (!isDirty() || isSame(parseHash(next), router.current())) return false
      setTo(next)
      return true
    })
    return () => {
      window.removeEventListener('beforeunload', onUnload)
      release()
    }
  }, [router, store])
  const go = (): void => {
    store.getState().discard()
    setTo(null)
    if (to !== null) router.go(to)
  }
  return { to, go, stay: () => setTo(null) }
}

const isSame = (a: Route, b: Route): boolean => a.path.join('/') === b.path.join('/')

function EditorHead({ task, onClose }: { task: Task | null; onClose: () => void }) {
  return (
    <header className="ed-head">
      <div className="grow">
        <h1 className="cut">{task ? task.taskName : 'New task'}</h1>
        <div className="t3 small cut">
          {task ? <Meta task={task} /> : 'A name and a script are all it needs.'}
        </div>
      </div>
      <EnabledSwitch />
      {task && <TaskButtons task={task} onClose={onClose} />}
      <Tooltip label="Close (Esc)">
        <ActionIcon aria-label="Close" aria-keyshortcuts="Escape" onClick={onClose}>
          <XIcon size={16} />
        </ActionIcon>
      </Tooltip>
    </header>
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
    <Switch
      id={id}
      label="Enabled"
      labelPosition="left"
      checked={value}
      onChange={(event) => set(event.currentTarget.checked)}
    />
  )
}

function TaskButtons({ task, onClose }: { task: Task; onClose: () => void }) {
  const acts = useTaskActs()
  const removing = useAct(`${task.taskName} was not deleted`)
  const { discard } = editorContext.useApi().getState()
  const remove = async (): Promise<void> => {
    await acts.remove(task)
    discard()
    onClose()
  }
  useKeys({ r: acts.refusal.operator ? undefined : () => acts.run(task) })
  return (
    <>
      <Tooltip label="Its runs">
        <ActionIcon
          component="a"
          href={href(['history'], { task: task.taskId })}
          aria-label="Runs of this task"
        >
          <HistoryIcon size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={acts.refusal.admin ?? 'Delete; its history is kept'}>
        <ActionIcon
          aria-label="Delete task"
          color="red"
          aria-disabled={acts.refusal.admin !== null}
          loading={removing.busy}
          onClick={() => {
            if (!acts.refusal.admin) removing.start(remove)
          }}
        >
          <TrashIcon size={16} />
        </ActionIcon>
      </Tooltip>
      <Button
        leftSection={<PlayIcon size={14} />}
        rightSection={<Keys of="R" />}
        aria-keyshortcuts="r"
        disabled={acts.refusal.operator !== null}
        title={acts.refusal.operator ?? undefined}
        onClick={() => acts.run(task)}
      >
        Run now
      </Button>
    </>
  )
}
