import { Button, NumberInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { TaskLock } from '../../../../shared/domain/cluster.ts'
import { toAppError } from '../../../lib/app-error.ts'
import { things } from '../../../lib/format.ts'
import { useRefusal } from '../../../lib/role.ts'
import { toastDone } from '../../../lib/toast.ts'
import { settingsContext } from '../store.ts'

/** One lock group: its room and what it is for may be changed, and it may go when no task names it. */
export function LockLine({ lock }: { lock: TaskLock }) {
  const { update, remove } = settingsContext.useState((state) => state.locks).getState()
  const refusal = useRefusal('admin')
  // Null: as it is stored, whoever stores it.
  const [typedRoom, setRoom] = useState<number | '' | null>(null)
  const [typedDescription, setDescription] = useState<string | null>(null)
  const room = typedRoom ?? lock.maxConcurrent
  const description = typedDescription ?? lock.description ?? ''
  const [asked, setAsked] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const isChanged = room !== lock.maxConcurrent || description !== (lock.description ?? '')
  const act = (work: Promise<void>, done: string): void => {
    setFailure(null)
    setAsked(false)
    work
      .then(() => {
        setRoom(null)
        setDescription(null)
        toastDone(done)
      })
      .catch((thrown: unknown) => setFailure(toAppError(thrown).message))
  }
  const save = (): void => {
    if (room === '') return setFailure('At once: a number from 1 to 1000.')
    const patch = { maxConcurrent: room, description: description.trim() || null }
    act(update(lock, patch), `${lock.lockName} has room for ${things(room, 'run')}`)
  }
  return (
    <div className="locks-row" role="row">
      <b role="cell" className="cut" title={lock.lockName}>
        {lock.lockName}
      </b>
      <span role="cell">
        <NumberInput
          aria-label={`Runs at once in ${lock.lockName}`}
          min={1}
          max={1000}
          allowDecimal={false}
          readOnly={refusal !== null}
          value={room}
          onChange={(next) => setRoom(typeof next === 'number' ? next : '')}
        />
      </span>
      <span role="cell" className="num right">
        {lock.running}
      </span>
      <span role="cell" className="num right">
        {lock.tasks}
      </span>
      <span role="cell">
        <TextInput
          aria-label={`What ${lock.lockName} is for`}
          placeholder="what it protects"
          readOnly={refusal !== null}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
      </span>
      <span role="cell" className="row locks-acts">
        {isChanged ? (
          <Button variant="filled" disabled={refusal !== null} onClick={save}>
            Save
          </Button>
        ) : asked ? (
          <>
            <Button
              c="var(--failed)"
              onClick={() =>
                act(remove(lock), `${lock.lockName} is deleted; saving a task with it makes it anew`)
              }
            >
              Delete
            </Button>
            <Button onClick={() => setAsked(false)}>Keep</Button>
          </>
        ) : (
          <Button
            aria-label={`Delete ${lock.lockName}…`}
            disabled={refusal !== null}
            title={refusal ?? undefined}
            onClick={() => setAsked(true)}
          >
            Delete…
          </Button>
        )}
      </span>
      {failure && (
        <p role="alert" className="locks-failure bad small">
          {failure}
        </p>
      )}
    </div>
  )
}
