import { TagsInput } from '@mantine/core'
import type { Task } from '../../../../shared/domain/task.ts'
import { TASK_HELP } from '../../../../shared/domain/task-help.ts'
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
        <TextField field="scriptPath" mono />
        <ScriptPreviewPart />
        <SelectField field="scriptType" options={SCRIPT_TYPE_OPTIONS} />
        <TextField field="scriptHash" mono placeholder="not pinned" />
      </Section>
      <ScheduleFields />
      <ValueFields field="parameters" thing="parameter" />
      <ValueFields field="environment" thing="variable" />
      <TargetFields />
      <Section title="Execution" id="section-execution">
        <NumberField field="timeout" unit="seconds" placeholder="none" />
        <NumberField field="maxRetries" unit="times" />
        <NumberField field="retryDelay" unit="seconds" />
        <NumberField field="retryBackoff" unit="times" />
        <SelectField
          field="overlapPolicy"
          options={[
            { value: 'Skip', label: 'Skip while it runs' },
            { value: 'Queue', label: 'Let one wait' },
            { value: 'Parallel', label: 'Run side by side' },
          ]}
        />
        <NumberField field="priority" />
        <SelectField
          field="onLeaseLost"
          options={[
            { value: 'Finish', label: 'Let the script finish' },
            { value: 'Kill', label: 'Kill the script' },
          ]}
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
    <Field label={FIELD_LABELS.tags} htmlFor={id} changed={changed} error={error} help={TASK_HELP.tags}>
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
