import { TagsInput } from '@mantine/core'
import type { Task } from '../../../../shared/domain/task.ts'
import { tasksContext } from '../store.ts'
import { SCRIPT_TYPE_OPTIONS } from './options.ts'
import { Field } from '../../../ui/field.tsx'
import { Section } from '../../../ui/text.tsx'
import { Checks } from './checks.tsx'
import { FIELD_LABELS } from './draft.ts'
import { LimitFields } from './limit-fields.tsx'
import { LongTextField, NumberField, SelectField, TextField } from './fields.tsx'
import { LocksField } from './locks-field.tsx'
import { Record } from './record.tsx'
import { ScheduleFields } from './schedule-fields.tsx'
import { ScriptPreviewPart } from './script-preview.tsx'
import { TargetFields } from './target-fields.tsx'
import { useField } from './use-field.ts'
import { ValueFields } from './value-fields.tsx'

/** Every field of a task, section by section. */
export function TaskForm({ task }: { task: Task | null }) {
  const isNew = task === null
  return (
    <>
      <Section title="General" id="section-general">
        <TextField field="taskName" autoFocus={isNew} />
        <TextField field="appName" placeholder="none" />
        <LongTextField field="description" />
        <TagsField />
      </Section>
      <Section title="Script" id="section-script">
        <TextField
          field="scriptPath"
          mono
          help="Relative to a script root of the node, or absolute inside one."
        />
        <ScriptPreviewPart />
        <SelectField field="scriptType" options={SCRIPT_TYPE_OPTIONS} />
        <TextField
          field="scriptHash"
          mono
          placeholder="not pinned"
          help="SHA-256: another file than this one is refused."
        />
      </Section>
      <ScheduleFields />
      <ValueFields
        field="parameters"
        thing="parameter"
        help="A secret is encrypted before it is stored, never shown again and masked in output."
      />
      <ValueFields
        field="environment"
        thing="variable"
        help="Set for the script besides a minimal environment."
      />
      <TargetFields />
      <Section title="Execution" id="section-execution">
        <NumberField field="timeout" unit="seconds, then it is stopped" placeholder="none" />
        <NumberField field="maxRetries" unit="times, after Failed, Timed out or Lost" />
        <NumberField field="retryDelay" unit="seconds before the first retry" />
        <NumberField field="retryBackoff" unit="times longer before each further one" />
        <SelectField
          field="overlapPolicy"
          options={[
            { value: 'Skip', label: 'Skip while it runs' },
            { value: 'Queue', label: 'Let one wait' },
            { value: 'Parallel', label: 'Run side by side' },
          ]}
        />
        <NumberField field="priority" unit="higher starts first" />
        <SelectField
          field="onLeaseLost"
          options={[
            { value: 'Finish', label: 'Let the script finish' },
            { value: 'Kill', label: 'Kill the script' },
          ]}
          help="When its node loses the database in the middle of a run."
        />
        <LimitFields />
        <LocksField />
      </Section>
      <Checks />
      {task && <Record task={task} />}
    </>
  )
}

/** Offers the tags of the tasks in the list: a word written in two ways is two tags. */
function TagsField() {
  const list = tasksContext.useState((state) => state.list)
  const known =
    list.status === 'ready' ? [...new Set(list.data.items.flatMap(({ tags }) => tags))].sort() : []
  const { id, value, changed, error, set } = useField('tags')
  return (
    <Field label={FIELD_LABELS.tags} htmlFor={id} changed={changed} error={error}>
      <TagsInput
        id={id}
        data={known}
        value={value}
        onChange={set}
        placeholder={value.length === 0 ? 'type, then Enter' : ''}
      />
    </Field>
  )
}
