import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { useKept } from '../../../lib/kept-switch.ts'
import { useRoute } from '../../../lib/router.ts'
import { useNamed } from '../../../lib/trail.ts'
import { useCommands } from '../../../lib/use-commands.ts'
import { useLeaveGuard } from '../../../lib/use-leave-guard.ts'
import { WaitingEdits } from '../../../shell/edit-waits.tsx'
import { ErrorView } from '../../../ui/error-view.tsx'
import { SkeletonRows } from '../../../ui/skeleton-rows.tsx'
import { tasksContext } from '../store.ts'
import { EditorHead } from './editor-head.tsx'
import { TaskForm } from './form.tsx'
import { helpTexts } from './help-texts.ts'
import { SectionNav } from './section-nav.tsx'
import { SaveBar } from './save-bar.tsx'
import { editorContext } from './store.ts'

interface TaskEditorProps {
  /** Null: a new task. */
  taskId: string | null
  onClose: () => void
  onCreated: (taskId: string) => void
}

/** A task at the right of the list: what it is, its form, and the save bar once something differs. */
export function TaskEditor({ taskId, onClose, onCreated }: TaskEditorProps) {
  const tasks = tasksContext.useApi()
  const { params } = useRoute()
  const [store] = useState(() => tasks.getState().createEditor(taskId, params.get('from')))
  useEffect(() => {
    const close = tasks.getState().attach(store)
    void store.getState().load()
    return close
  }, [tasks, store])
  const task = useStore(store, (state) => state.task)
  const guarded = useMemo(
    () => ({
      isDirty: () => store.getState().changed.length > 0,
      discard: () => store.getState().discard(),
    }),
    [store],
  )
  const leave = useLeaveGuard(guarded)
  const save = (reason: string): void => {
    void store
      .getState()
      .save(reason)
      .then((saved) => {
        if (saved && taskId === null) onCreated(saved.taskId)
      })
  }
  const helpShown = useKept(helpTexts)
  useCommands('task', { close: leave.to === null ? onClose : undefined })
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
            {task.data && <WaitingEdits recordId={task.data.taskId} />}
            <div className="ed-body">
              <SectionNav isNew={taskId === null} />
              <div className={helpShown ? 'ed-form' : 'ed-form no-help'} tabIndex={-1}>
                <TaskForm task={task.data} />
              </div>
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
