import { Button, NumberInput, TagsInput } from '@mantine/core'
import { CheckIcon, XIcon } from '@primer/octicons-react'
import { useState, type FormEvent, type ReactNode } from 'react'
import type { ClusterNode, Isolation, NodePatch } from '../../../shared/domain/node.ts'
import { things } from '../../lib/format.ts'
import { href } from '../../lib/router.ts'
import { Chip, Code, Keys, Section } from '../../ui/text.tsx'
import { Clock, Moment } from '../../ui/time.tsx'
import { EditInPlace } from './edit-in-place.tsx'
import type { PanelPartProps } from './node-panel.tsx'
import { platformWords } from './words.ts'

/** What of the node can be edited. */
export type FactField = keyof NodePatch

/** Where and what it is; what of it may be edited is edited here. */
export function NodeFacts(props: PanelPartProps) {
  const { node } = props
  return (
    <Section
      title="Facts"
      aside={
        <a className="link small" href={href(['changes'], { record: node.nodeId })}>
          Its changes
        </a>
      }
    >
      <dl className="facts">
        <Fact name="Host">{node.hostname}</Fact>
        <Fact name="Addresses">
          <Addresses node={node} />
        </Fact>
        <Fact name="Platform">{platformWords(node.platform)}</Fact>
        <Fact name="Program">{node.version ?? '–'}</Fact>
        <Fact name="Group">
          <WordFact {...props} of="nodeGroup" />
        </Fact>
        <Fact name="Role">
          <WordFact {...props} of="nodeRole" />
        </Fact>
        <Fact name="Tags">
          <Tags {...props} />
        </Fact>
        <Fact name="Capacity">
          <Capacity {...props} />
        </Fact>
        <Fact name="Can run">
          <span className="node-chips">
            {node.supportedTaskTypes.map((type) => (
              <Code key={type}>{type}</Code>
            ))}
          </span>
        </Fact>
        <Fact name="Cluster key">{keyWords(node)}</Fact>
        {node.isolation.length > 0 && (
          <Fact name="Isolation">
            <Isolations isolation={node.isolation} />
          </Fact>
        )}
        <Fact name="Started">{node.startedAt ? <Moment at={node.startedAt} /> : '–'}</Fact>
        <Fact name="Joined">
          <Clock at={node.registeredAt} />
          {node.registeredBy && ` by ${node.registeredBy}`}
        </Fact>
        <Fact name="Node id">
          <span className="mono">{node.nodeId}</span>
        </Fact>
      </dl>
    </Section>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd className="num">{children}</dd>
  </>
)

function Addresses({ node: { addresses, ipAddress, port } }: { node: ClusterNode }) {
  const all = addresses.length > 0 ? addresses : ipAddress ? [ipAddress] : []
  if (all.length === 0) return '–'
  return all.map((address) => (
    <div key={address}>
      {address.includes(':') && port !== null ? `[${address}]` : address}
      {port !== null && `:${port}`}
    </div>
  ))
}

const keyWords = ({ holdsKey }: ClusterNode): ReactNode => {
  if (holdsKey === null) return 'unknown'
  return holdsKey ? 'has it' : <span className="warn">does not have it: secrets stay shut there</span>
}

const ISOLATION_WORDS: Record<Isolation['feature'], string> = {
  user: 'another user',
  bubblewrap: 'sandbox (bubblewrap)',
  cgroup: 'memory and CPU limits (cgroup)',
}

function Isolations({ isolation }: { isolation: readonly Isolation[] }) {
  return (
    <ul className="node-isolation">
      {isolation.map(({ feature, available, reason }) => (
        <li key={feature}>
          {available ? (
            <CheckIcon size={12} aria-label="available" />
          ) : (
            <XIcon size={12} aria-label="not available" />
          )}
          <span>
            {ISOLATION_WORDS[feature]}
            {!available && reason && <span className="t3 small"> {reason}</span>}
          </span>
        </li>
      ))}
    </ul>
  )
}

const isLocked = ({ node, cells }: PanelPartProps): boolean =>
  cells.acts.refusal.admin !== null || node.state === 'Retired'

function WordFact({ of, ...props }: PanelPartProps & { of: 'nodeGroup' | 'nodeRole' }) {
  const { node, cells, field, setField } = props
  const value = node[of]
  return (
    <EditInPlace
      label={of === 'nodeGroup' ? 'Group' : 'Role'}
      value={value}
      options={of === 'nodeGroup' ? cells.choices.group : cells.choices.role}
      editing={field === of}
      onEdit={isLocked(props) ? null : () => setField(of)}
      onDone={() => setField(null)}
      onSave={(text) => void cells.acts.edit(node, { [of]: text === '' ? null : text })}
    >
      {value ? <Chip>{value}</Chip> : <span className="t3">none</span>}
    </EditInPlace>
  )
}

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
  onSave: () => void
  onCancel: () => void
  children: ReactNode
}

/** A field with its own Save, where Enter may mean something else; Esc leaves it. */
function SmallForm({ onSave, onCancel, children }: SmallFormProps) {
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
        <Button type="submit" size="compact-xs">
          Save
        </Button>
        <Button size="compact-xs" rightSection={<Keys of="Esc" />} onClick={onCancel}>
          Cancel
        </Button>
      </span>
    </form>
  )
}

function Tags(props: PanelPartProps) {
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

function Capacity(props: PanelPartProps) {
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
