import { Button, NumberInput, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { useRefusal } from '../../../lib/role.ts'
import { useAct } from '../../../lib/use-act.ts'
import { settingsContext } from '../store.ts'
import { nameIssue, roomIssue } from './lock-issues.ts'

/** A lock group before any task names it. What was typed stays until the node has it. */
export function CreateLock() {
  const { create } = settingsContext.useState((state) => state.locks).getState()
  const [lockName, setName] = useState('')
  const [room, setRoom] = useState<number | ''>(1)
  const [tried, setTried] = useState(false)
  const creating = useAct('The lock group was not created')
  const refusal = useRefusal('admin')
  const issues = { name: nameIssue(lockName), room: roomIssue(room) }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (room === '' || issues.name || issues.room) return
    creating.start(async () => {
      await create({ lockName: lockName.trim(), maxConcurrent: room })
      setName('')
      setRoom(1)
      setTried(false)
    })
  }
  return (
    <form className="locks-create" noValidate onSubmit={submit}>
      <TextInput
        label="New lock group"
        placeholder="what runs share, like sap"
        value={lockName}
        readOnly={creating.busy}
        error={tried && issues.name !== null}
        aria-describedby={tried && issues.name ? 'new-lock-issue' : undefined}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NumberInput
        label="At once"
        min={1}
        max={1000}
        allowDecimal={false}
        value={room}
        readOnly={creating.busy}
        error={tried && issues.room !== null}
        aria-describedby={tried && issues.room ? 'new-lock-issue' : undefined}
        onChange={(next) => setRoom(typeof next === 'number' ? next : '')}
      />
      <Button type="submit" loading={creating.busy} disabled={refusal !== null} title={refusal ?? undefined}>
        Create group
      </Button>
      {tried && <Issue {...issues} />}
    </form>
  )
}

function Issue({ name, room }: { name: string | null; room: string | null }) {
  if (!name && !room) return null
  return (
    <p role="alert" id="new-lock-issue" className="locks-failure bad small">
      {name ? `The group ${name}.` : `At once: ${room}.`}
    </p>
  )
}
