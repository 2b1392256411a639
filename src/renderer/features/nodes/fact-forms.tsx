import { Button, NumberInput, TagsInput } from '@mantine/core'
import { useState, type FormEvent, type ReactNode } from 'react'
import { things } from '../../lib/format.ts'
import { Chip, Keys } from '../../ui/text.tsx'
import type { PanelPartProps } from './node-panel.tsx'
import { isLocked } from './locked.ts'

/** Facts of a node that need more than a word in place. */

interface EditProps {
  label: string
  onEdit: () => void
  locked: boolean
}

const Edit = ({ label, onEdit, locked }: EditProps) =>
  locked ? null : (
    <button type="button" className="link small" aria-label={`Edit ${label}`} onClick={onEdit}>
      edit
    </button>
  )

interface SmallFormProps {
  /** What the button says. */
  label?: string
  /** Its field leaves Enter to the form. */
  enter?: boolean
  onSave: () => void
  onCancel: () => void
  children: ReactNode
}

/** A field with its own Save, where Enter may mean something else; Esc leaves it. */
export function SmallForm({ label = 'Save', enter = false, onSave, onCancel, children }: SmallFormProps) {
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onSave()
    onCancel()
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
        <Button type="submit" size="compact-xs" rightSection={enter && <Keys of="Enter" />}>
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
  const { node, cells, field, setField } = props
  if (field === 'tags') return <TagsForm {...props} />
  return (
    <span className="node-chips">
      {node.tags.map((tag) => (
        <Chip key={tag} kind="tag">
          {tag}
        </Chip>
      ))}
      {node.tags.length === 0 && <span className="t3">none</span>}
      <Edit
        label="tags"
        locked={isLocked({ node, cells, field, setField })}
        onEdit={() => setField('tags')}
      />
    </span>
  )
}

function TagsForm({ node, cells, setField }: PanelPartProps) {
  const [tags, setTags] = useState(node.tags)
  return (
    <SmallForm onCancel={() => setField(null)} onSave={() => void cells.acts.edit(node, { tags })}>
      <TagsInput aria-label="Tags" data={cells.choices.tag} value={tags} onChange={setTags} autoFocus />
    </SmallForm>
  )
}

/** How many runs at once, or the field for it. */
export function Capacity(props: PanelPartProps) {
  const { node, field, setField } = props
  if (field === 'maxConcurrentTasks') return <CapacityForm {...props} />
  const slots = node.maxConcurrentTasks
  return (
    <span className="node-chips">
      {slots === 0 ? 'takes no runs' : `${things(slots, 'run')} at once`}
      <Edit label="capacity" locked={isLocked(props)} onEdit={() => setField('maxConcurrentTasks')} />
    </span>
  )
}

function CapacityForm({ node, cells, setField }: PanelPartProps) {
  const [slots, setSlots] = useState<number | string>(node.maxConcurrentTasks)
  const save = (): void => {
    if (typeof slots === 'number') void cells.acts.edit(node, { maxConcurrentTasks: slots })
  }
  return (
    <SmallForm onCancel={() => setField(null)} onSave={save}>
      <NumberInput
        aria-label="Runs at once"
        value={slots}
        onChange={setSlots}
        min={0}
        max={1000}
        allowDecimal={false}
        clampBehavior="strict"
        autoFocus
      />
    </SmallForm>
  )
}
