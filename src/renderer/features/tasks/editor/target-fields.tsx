import { Autocomplete, SegmentedControl, Select } from '@mantine/core'
import type { ClusterNode } from '../../../../shared/domain/node.ts'
import { TARGET_HELP, TASK_HELP } from '../../../../shared/domain/task-help.ts'
import { Field } from '../../../ui/field.tsx'
import { Shape } from '../../../ui/state.tsx'
import { Section } from '../../../ui/text.tsx'
import { FIELD_LABELS, type Draft, type DraftField } from './draft.ts'
import { editorContext } from './store.ts'
import { MatchNote, TargetNodes } from './target-nodes.tsx'
import { chosenRunOn, runOnOf, TARGET_FIELDS, type TargetKind } from './target-draft.ts'
import { RUN_ON_WORDS, valuesOf } from './target-words.ts'
import { marked, useField } from './use-field.ts'

const KINDS: { value: TargetKind; label: string }[] = [
  { value: 'any', label: 'Any node' },
  { value: 'node', label: 'One node' },
  { value: 'group', label: 'Group or role' },
]
const NONE = { assignedNodeId: '', assignedNodeGroup: '', assignedNodeRole: '' }

/** Which nodes run the task, how many of them, and what that means for each node there is. */
export function TargetFields() {
  const draft = editorContext.useState((state) => state.draft)
  const changed = editorContext.useState((state) =>
    TARGET_FIELDS.some((field) => state.changed.includes(field)),
  )
  const { edit } = editorContext.useApi().getState()
  const kind = draft.targetKind
  const choose = (next: TargetKind): void => {
    if (next !== kind) edit({ targetKind: next, ...NONE })
  }
  return (
    <Section title="Target" id="section-target" aside={<MatchNote />}>
      <Field label="Runs on" changed={changed} help={TARGET_HELP} helpId="task-target-help">
        <SegmentedControl
          aria-label="Which nodes"
          aria-describedby="task-target-help"
          data={KINDS}
          value={kind}
          onChange={choose}
        />
      </Field>
      {kind === 'node' && <NodeField />}
      {kind === 'group' && (
        <>
          <NameField field="assignedNodeGroup" of="nodeGroup" none="any group" />
          <NameField field="assignedNodeRole" of="nodeRole" none="any role" />
        </>
      )}
      {kind !== 'node' && <RunOnField draft={draft} />}
      <TargetNodes />
    </Section>
  )
}

/** Retired nodes are offered only where the task has one. */
const optionsOf = (nodes: readonly ClusterNode[], assigned: string) => {
  const known = nodes
    .filter(({ isActive, nodeId }) => isActive || nodeId === assigned)
    .map(({ nodeId, nodeName }) => ({ value: nodeId, label: nodeName }))
  const unknown = assigned !== '' && !known.some(({ value }) => value === assigned)
  return unknown ? [...known, { value: assigned, label: assigned }] : known
}

function NodeField() {
  const nodes = editorContext.useState((state) => state.nodes)
  const { id, value, changed, error, set } = useField('assignedNodeId')
  return (
    <Field
      label={FIELD_LABELS.assignedNodeId}
      htmlFor={id}
      changed={changed}
      error={error}
      help={TASK_HELP.assignedNodeId}
    >
      <Select
        id={id}
        w={280}
        searchable
        placeholder="its name"
        nothingFoundMessage="no node has this name"
        data={optionsOf(nodes, value)}
        value={value === '' ? null : value}
        onChange={(next) => set(next ?? '')}
        renderOption={({ option }) => (
          <NodeOption
            name={option.label}
            node={nodes.find(({ nodeId }) => nodeId === option.value) ?? null}
          />
        )}
        {...marked(error)}
      />
    </Field>
  )
}

const NodeOption = ({ name, node }: { name: string; node: ClusterNode | null }) => (
  <span className="row">
    {node && <Shape of={node.state} size={12} />}
    <span>{name}</span>
    <span className="t3 small">
      {[node?.nodeGroup, node?.nodeRole, node && node.state !== 'Active' && node.state.toLowerCase()]
        .filter(Boolean)
        .join(' · ')}
    </span>
  </span>
)

type NameFieldName = Extract<DraftField, 'assignedNodeGroup' | 'assignedNodeRole'>

interface NameFieldProps {
  field: NameFieldName
  of: 'nodeGroup' | 'nodeRole'
  none: string
}

/** The names nodes have are offered; one that none has may be typed, for a node that is still to come. */
function NameField({ field, of, none }: NameFieldProps) {
  const nodes = editorContext.useState((state) => state.nodes)
  const { id, value, changed, error, set } = useField(field)
  return (
    <Field label={FIELD_LABELS[field]} htmlFor={id} changed={changed} error={error} help={TASK_HELP[field]}>
      <Autocomplete
        id={id}
        w={280}
        placeholder={none}
        data={valuesOf(nodes, of)}
        value={value}
        onChange={set}
        {...marked(error)}
      />
    </Field>
  )
}

function RunOnField({ draft }: { draft: Draft }) {
  const saved = editorContext.useState((state) => state.base.runOn)
  const { changed, error, set } = useField('runOn')
  const words = (['One', 'All'] as const).map((value) => ({ value, label: RUN_ON_WORDS[value] }))
  return (
    <Field
      label={FIELD_LABELS.runOn}
      changed={changed}
      error={error}
      help={TASK_HELP.runOn}
      helpId="task-runOn-help"
    >
      <SegmentedControl
        aria-label="On how many of them"
        aria-describedby="task-runOn-help"
        data={words}
        value={runOnOf(draft)}
        onChange={(next) => set(chosenRunOn(draft, saved, next))}
      />
    </Field>
  )
}
