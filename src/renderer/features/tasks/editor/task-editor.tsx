import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { parseHash, useRoute, useRouter, type Route } from '../../../lib/router.ts'
import { useNamed } from '../../../lib/trail.ts'
import { useKeys } from '../../../lib/use-keys.ts'
import { ErrorView } from '../../../ui/error-view.tsx'
import { SkeletonRows } from '../../../ui/skeleton-rows.tsx'
import { tasksContext } from '../store.ts'
import { EditorHead } from './editor-head.tsx'
import { TaskForm } from './form.tsx'
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
            <div className="ed-body">
              <SectionNav isNew={taskId === null} />
              <div className="ed-form" tabIndex={-1}>
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
