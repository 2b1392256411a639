import { Button, NumberInput, TagsInput } from '@mantine/core'
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react'
import type { NodePatch } from '../../../shared/domain/node.ts'
import { issueAt, toAppError } from '../../lib/app-error.ts'
import { things } from '../../lib/format.ts'
import { Chip, Keys } from '../../ui/text.tsx'
import { isLocked } from './locked.ts'
import type { FactField } from './node-facts.tsx'
import type { PanelPartProps } from './node-panel.tsx'

/** Facts of a node that need more than a word in place. */

interface EditProps {
  label: string
  onEdit: () => void
  locked: boolean
  /** Its form was just left: the focus comes back here. */
  focused: boolean
}

function Edit({ label, onEdit, locked, focused }: EditProps) {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (focused) button.current?.focus()
  }, [focused])
  if (locked) return null
  return (
    <button ref={button} type="button" className="link small" aria-label={`Edit ${label}`} onClick={onEdit}>
      edit
    </button>
  )
}

/** A fact and its form in one place; whoever leaves the form stands at the button that opened it. */
const useForm = ({ field, setField }: PanelPartProps, of: FactField) => {
  const [wasLeft, setLeft] = useState(false)
  return {
    isOpen: field === of,
    wasLeft,
    open: () => {
      setLeft(false)
      setField(of)
    },
    leave: () => {
      setLeft(true)
      setField(null)
    },
  }
}

/** Saves one field: its form closes once that is done, else it stays as it is and says what was wrong. */
const useSave = ({ node, cells: { acts } }: PanelPartProps, of: FactField, leave: () => void) => {
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const isOpen = useRef(true)
  useEffect(() => {
    isOpen.current = true
    return () => void (isOpen.current = false)
  }, [])
  const save = async (patch: NodePatch): Promise<void> => {
    if (busy) return
    setBusy(true)
    setError(null)
    try {
      await acts.change(node, patch)
      if (isOpen.current) leave()
    } catch (thrown) {
      const refused = toAppError(thrown)
      if (isOpen.current) setError(issueAt(refused.issues ?? [], of) ?? refused.message)
      else acts.notChanged(node, thrown)
    } finally {
      setBusy(false)
    }
  }
  return { error, setError, busy, save }
}

interface SmallFormProps {
  /** What the button says. */
  label?: string
  /** Its field leaves Enter to the form. */
  enter?: boolean
  busy?: boolean
  onSave: () => void
  onCancel: () => void
  children: ReactNode
}

/** A field with its own Save, where Enter may mean something else; Esc leaves it. */
export function SmallForm({
  label = 'Save',
  enter = false,
  busy = false,
  onSave,
  onCancel,
  children,
}: SmallFormProps) {
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onSave()
  }
  return (
    <form
      className="node-form"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        event.stopPropagation()
        onCancel()
      }}
    >
      {children}
      <span className="row">
        <Button type="submit" size="compact-xs" loading={busy} rightSection={enter && <Keys of="Enter" />}>
          {label}
        </Button>
        <Button size="compact-xs" rightSection={<Keys of="Esc" />} onClick={onCancel}>
          Cancel
        </Button>
      </span>
    </form>
  )
}

/** Tags, or the field for them. */
export function Tags(props: PanelPartProps) {
  const { node, cells } = props
  const form = useForm(props, 'tags')
  if (form.isOpen) return <TagsForm {...props} leave={form.leave} />
  return (
    <span className="node-chips">
      {node.tags.map((tag) => (
        <Chip key={tag} kind="tag">
          {tag}
        </Chip>
      ))}
      {node.tags.length === 0 && <span className="t3">none</span>}
      <Edit label="tags" locked={isLocked(node, cells.acts)} onEdit={form.open} focused={form.wasLeft} />
    </span>
  )
}

function TagsForm({ leave, ...props }: PanelPartProps & { leave: () => void }) {
  const [tags, setTags] = useState(props.node.tags)
  const { error, busy, save } = useSave(props, 'tags', leave)
  return (
    <SmallForm busy={busy} onCancel={leave} onSave={() => void save({ tags })}>
      <TagsInput
        aria-label="Tags"
        data={props.cells.choices.tag}
        value={tags}
        onChange={setTags}
        error={error}
        autoFocus
      />
    </SmallForm>
  )
}

/** How many runs at once, or the field for it. */
export function Capacity(props: PanelPartProps) {
  const { node, cells } = props
  const form = useForm(props, 'maxConcurrentTasks')
  if (form.isOpen) return <CapacityForm {...props} leave={form.leave} />
  const slots = node.maxConcurrentTasks
  return (
    <span className="node-chips">
      {slots === 0 ? 'takes no runs' : `${things(slots, 'run')} at once`}
      <Edit label="capacity" locked={isLocked(node, cells.acts)} onEdit={form.open} focused={form.wasLeft} />
    </span>
  )
}

const MOST = 1000

function CapacityForm({ leave, ...props }: PanelPartProps & { leave: () => void }) {
  const [slots, setSlots] = useState<number | string>(props.node.maxConcurrentTasks)
  const { error, setError, busy, save } = useSave(props, 'maxConcurrentTasks', leave)
  const onSave = (): void => {
    if (typeof slots === 'number') void save({ maxConcurrentTasks: slots })
    else setError(`A whole number from 0 to ${MOST}; with 0 it takes no runs.`)
  }
  return (
    <SmallForm busy={busy} onCancel={leave} onSave={onSave}>
      <NumberInput
        aria-label="Runs at once"
        value={slots}
        onChange={setSlots}
        min={0}
        max={MOST}
        allowDecimal={false}
        clampBehavior="strict"
        error={error}
        autoFocus
      />
    </SmallForm>
  )
}
