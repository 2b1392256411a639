import { Button, NumberInput, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { useRefusal } from '../../../lib/role.ts'
import { useAct } from '../../../lib/use-act.ts'
import { settingsContext } from '../store.ts'

/** A lock group before any task names it. */
export function CreateLock() {
  const { create } = settingsContext.useState((state) => state.locks).getState()
  const [lockName, setName] = useState('')
  const [room, setRoom] = useState<number | ''>(1)
  const creating = useAct('The lock group was not created')
  const refusal = useRefusal('admin')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (lockName.trim() === '' || room === '') return
    creating.start(async () => {
      await create({ lockName: lockName.trim(), maxConcurrent: room })
      setName('')
      setRoom(1)
    })
  }
  return (
    <form className="locks-create" onSubmit={submit}>
      <TextInput
        label="New lock group"
        placeholder="what runs share, like sap"
        value={lockName}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NumberInput
        label="At once"
        min={1}
        max={1000}
        allowDecimal={false}
        value={room}
        onChange={(next) => setRoom(typeof next === 'number' ? next : '')}
      />
      <Button type="submit" loading={creating.busy} disabled={refusal !== null} title={refusal ?? undefined}>
        Create group
      </Button>
    </form>
  )
}
