import { Button } from '@mantine/core'
import { useState } from 'react'
import type { TaskLock } from '../../../../shared/domain/cluster.ts'
import type { LockEdit } from './use-lock-edit.ts'

interface LockActsProps {
  lock: TaskLock
  edit: LockEdit
  refusal: string | null
}

/** Saves what was typed; while nothing was, deletes the group after it was asked twice. */
export function LockActs({ lock, edit, refusal }: LockActsProps) {
  const [asked, setAsked] = useState(false)
  const save = (): void => {
    setAsked(false)
    edit.save()
  }
  if (edit.isChanged)
    return (
      <Button variant="filled" loading={edit.busy} disabled={refusal !== null} onClick={save}>
        Save
      </Button>
    )
  if (asked) return <Sure edit={edit} onAnswer={() => setAsked(false)} />
  return (
    <Button
      aria-label={`Delete ${lock.lockName}…`}
      loading={edit.busy}
      disabled={refusal !== null}
      title={refusal ?? undefined}
      onClick={() => setAsked(true)}
    >
      Delete…
    </Button>
  )
}

function Sure({ edit, onAnswer }: { edit: LockEdit; onAnswer: () => void }) {
  const drop = (): void => {
    onAnswer()
    edit.drop()
  }
  return (
    <>
      <Button c="var(--failed)" onClick={drop}>
        Delete
      </Button>
      <Button onClick={onAnswer}>Keep</Button>
    </>
  )
}
