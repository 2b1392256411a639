import { TagsInput } from '@mantine/core'
import { LIMIT_HELP } from '../../../../shared/domain/task-help.ts'
import { issueAt } from '../../../lib/app-error.ts'
import { things } from '../../../lib/format.ts'
import { Field } from '../../../ui/field.tsx'
import { editorContext } from './store.ts'
import { marked, useField } from './use-field.ts'

/** Lock groups of the task; a name that is new makes one when the task is saved. */
export function LocksField() {
  const { value, changed, set } = useField('limits')
  const known = editorContext.useState((state) => state.locks)
  const error = editorContext.useState((state) =>
    state.touched === 'all' || state.touched.has('limits')
      ? issueAt(state.issues, 'limits', 'locks')
      : undefined,
  )
  const id = 'task-limit-locks'
  const roomOf = (name: string): string => {
    const lock = known.find(({ lockName }) => lockName === name)
    return lock
      ? `${name} has room for ${things(lock.maxConcurrent, 'run')}`
      : `${name} is new: room for 1 run`
  }
  return (
    <Field
      label="Lock groups"
      htmlFor={id}
      changed={changed}
      error={error}
      help={
        <>
          {LIMIT_HELP.locks} {value.locks.length > 0 && `${value.locks.map(roomOf).join(', ')}.`}
        </>
      }
    >
      <TagsInput
        id={id}
        data={known.map(({ lockName }) => lockName)}
        value={value.locks}
        onChange={(locks) => set({ ...value, locks })}
        placeholder={value.locks.length === 0 ? 'none; type, then Enter' : ''}
        {...marked(error)}
      />
    </Field>
  )
}
