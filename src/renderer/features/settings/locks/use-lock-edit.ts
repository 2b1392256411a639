import { useState } from 'react'
import type { TaskLock } from '../../../../shared/domain/cluster.ts'
import { toAppError } from '../../../lib/app-error.ts'
import { things } from '../../../lib/format.ts'
import { toastDone } from '../../../lib/toast.ts'
import { settingsContext } from '../store.ts'
import { roomIssue } from './lock-issues.ts'

/** What was typed in the line of a lock group, whether it differs, and how the last act on it failed. */
export const useLockEdit = (lock: TaskLock) => {
  const { update, remove } = settingsContext.useState((state) => state.locks).getState()
  // Null: as it is stored, whoever stores it.
  const [typedRoom, setRoom] = useState<number | '' | null>(null)
  const [typedDescription, setDescription] = useState<string | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const room = typedRoom ?? lock.maxConcurrent
  const description = typedDescription ?? lock.description ?? ''
  const act = (work: () => Promise<void>, done: string): void => {
    if (busy) return
    setFailure(null)
    setBusy(true)
    work()
      .then(() => {
        setRoom(null)
        setDescription(null)
        toastDone(done)
      })
      .catch((thrown: unknown) => setFailure(toAppError(thrown).message))
      .finally(() => setBusy(false))
  }
  const save = (): void => {
    const issue = roomIssue(room)
    if (room === '' || issue) return setFailure(`At once: ${issue}.`)
    const patch = { maxConcurrent: room, description: description.trim() || null }
    act(() => update(lock, patch), `${lock.lockName} has room for ${things(room, 'run')}`)
  }
  const drop = (): void =>
    act(() => remove(lock), `${lock.lockName} is deleted; saving a task with it makes it anew`)
  const isChanged = room !== lock.maxConcurrent || description !== (lock.description ?? '')
  return { room, setRoom, description, setDescription, isChanged, failure, busy, save, drop }
}

export type LockEdit = ReturnType<typeof useLockEdit>
