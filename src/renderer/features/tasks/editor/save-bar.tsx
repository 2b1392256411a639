import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { things } from '../../../lib/format.ts'
import { useCommands } from '../../../lib/use-commands.ts'
import { LeaveBar } from '../../../ui/leave-bar.tsx'
import { NotSaved } from '../../../ui/not-saved.tsx'
import { Keys } from '../../../ui/text.tsx'
import { FIELD_LABELS } from './draft.ts'
import { StaleSave } from './stale-save.tsx'
import { editorContext } from './store.ts'

interface SaveBarProps {
  isNew: boolean
  /** Somebody asked to go elsewhere while there are changes. */
  leaving: boolean
  onSave: (reason: string) => void
  onLeave: () => void
  onStay: () => void
}

/** Appears with the first change: how much differs, why, and what to do with it. */
export function SaveBar({ isNew, leaving, onSave, onLeave, onStay }: SaveBarProps) {
  const changed = editorContext.useState((state) => state.changed)
  const saving = editorContext.useState((state) => state.saving)
  const failure = editorContext.useState((state) => state.failure)
  const theirs = editorContext.useState((state) => state.theirs)
  const { discard } = editorContext.useApi().getState()
  const [reason, setReason] = useState('')
  const save = (): void => {
    onSave(reason)
    setReason('')
  }
  useCommands('task', { save: changed.length > 0 && !saving ? save : undefined })
  if (changed.length === 0 && !failure) return null
  if (leaving) return <LeaveBar changed={changed.length} onLeave={onLeave} onStay={onStay} />
  return (
    <div className="save">
      {theirs ? <StaleSave /> : failure && <NotSaved reason={failure.message} />}
      <div className="savebar">
        <span className="dot" aria-hidden />
        <b className="cut" title={changed.map((field) => FIELD_LABELS[field]).join(', ')}>
          {isNew ? 'New task' : `${things(changed.length, 'field')} changed`}
        </b>
        <TextInput
          className="grow"
          aria-label="Reason"
          placeholder="Why? Kept in the change log"
          maxLength={1000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') save()
          }}
        />
        {!isNew && <Button onClick={discard}>Discard</Button>}
        <Button
          variant="filled"
          rightSection={<Keys of="Ctrl S" />}
          aria-keyshortcuts="Control+S"
          loading={saving}
          disabled={theirs !== null}
          onClick={save}
        >
          {isNew ? 'Create' : 'Save'}
        </Button>
      </div>
    </div>
  )
}
