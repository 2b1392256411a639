import { Autocomplete } from '@mantine/core'
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'

interface EditInPlaceProps {
  /** What it is of whom: 'Group of ops-01'. */
  label: string
  value: string | null
  /** What others use. */
  options: readonly string[]
  editing: boolean
  /** Null: the token may not. */
  onEdit: (() => void) | null
  onDone: () => void
  onSave: (value: string) => void
  children: ReactNode
}

/** A value that becomes its own field when pressed: Enter saves, Esc and leaving the field do not. */
export function EditInPlace({ label, editing, onEdit, children, ...field }: EditInPlaceProps) {
  const button = useRef<HTMLButtonElement>(null)
  // Ended with a key, the focus goes back to where it came from; whoever left the field is elsewhere by intent.
  const byKey = useRef(false)
  useEffect(() => {
    if (!editing && byKey.current) button.current?.focus()
    byKey.current = false
  }, [editing])
  if (editing && onEdit)
    return <PlaceField label={label} {...field} onKeyEnd={() => void (byKey.current = true)} />
  if (!onEdit) return children
  return (
    <button ref={button} type="button" className="edit-place" title={`Edit: ${label}`} onClick={onEdit}>
      <span className="hidden-text">{label}: </span>
      {children}
    </button>
  )
}

interface PlaceFieldProps extends Pick<
  EditInPlaceProps,
  'label' | 'value' | 'options' | 'onDone' | 'onSave'
> {
  /** A key is about to end it. */
  onKeyEnd: () => void
}

function PlaceField({ label, value, options, onKeyEnd, onDone, onSave }: PlaceFieldProps) {
  const [text, setText] = useState(value ?? '')
  const done = useRef(false)
  const end = (saved: string | null): void => {
    if (done.current) return
    done.current = true
    if (saved !== null && saved.trim() !== (value ?? '')) onSave(saved.trim())
    onDone()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return
    event.stopPropagation()
    onKeyEnd()
    if (event.key === 'Escape') {
      event.preventDefault()
      end(null)
    }
    // An option that the arrows are on takes the key first, and then the field is done.
    else setTimeout(() => end(text))
  }
  return (
    <Autocomplete
      className="edit-field"
      aria-label={label}
      data={[...options]}
      value={text}
      maxLength={100}
      onChange={setText}
      onOptionSubmit={end}
      onKeyDown={onKeyDown}
      onBlur={() => end(null)}
      onFocus={(event) => event.currentTarget.select()}
      comboboxProps={{ width: 180, position: 'bottom-start', portalProps: { target: '.page' } }}
      autoFocus
    />
  )
}
