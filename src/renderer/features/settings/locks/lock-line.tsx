import { NumberInput, TextInput } from '@mantine/core'
import type { TaskLock } from '../../../../shared/domain/cluster.ts'
import { useRefusal } from '../../../lib/role.ts'
import { LockActs } from './lock-acts.tsx'
import { useLockEdit } from './use-lock-edit.ts'

/** One lock group: its room and what it is for may be changed, and it may go when no task names it. */
export function LockLine({ lock }: { lock: TaskLock }) {
  const refusal = useRefusal('admin')
  const edit = useLockEdit(lock)
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
          value={edit.room}
          onChange={(next) => edit.setRoom(typeof next === 'number' ? next : '')}
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
          value={edit.description}
          onChange={(event) => edit.setDescription(event.currentTarget.value)}
        />
      </span>
      <span role="cell" className="row locks-acts">
        <LockActs lock={lock} edit={edit} refusal={refusal} />
      </span>
      {edit.failure && (
        <p role="alert" className="locks-failure bad small">
          {edit.failure}
        </p>
      )}
    </div>
  )
}
