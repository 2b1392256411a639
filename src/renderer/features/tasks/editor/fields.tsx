import { NumberInput, Select, Textarea, TextInput } from '@mantine/core'
import { TASK_HELP } from '../../../../shared/domain/task-help.ts'
import { Field } from '../../../ui/field.tsx'
import { FIELD_LABELS, type Draft, type DraftField } from './draft.ts'
import { marked, useField } from './use-field.ts'

/** Fields of the draft by the kind of their value: the form is a list of these. */

type FieldsOf<T> = { [F in DraftField]: Draft[F] extends T ? F : never }[DraftField]

interface CommonProps {
  placeholder?: string
}

export function TextField({
  field,
  placeholder,
  mono,
  autoFocus,
}: CommonProps & { field: FieldsOf<string>; mono?: boolean; autoFocus?: boolean }) {
  const { id, value, changed, error, set } = useField(field)
  return (
    <Field label={FIELD_LABELS[field]} htmlFor={id} changed={changed} error={error} help={TASK_HELP[field]}>
      <TextInput
        id={id}
        value={value}
        placeholder={placeholder}
        autoFocus={autoFocus}
        classNames={mono ? { input: 'mono' } : {}}
        onChange={(event) => set(event.currentTarget.value)} // the field holds text
        {...marked(error)}
      />
    </Field>
  )
}

export function LongTextField({ field, placeholder }: CommonProps & { field: 'description' }) {
  const { id, value, changed, error, set } = useField(field)
  return (
    <Field label={FIELD_LABELS[field]} htmlFor={id} changed={changed} error={error} help={TASK_HELP[field]}>
      <Textarea
        id={id}
        value={value}
        placeholder={placeholder}
        autosize
        minRows={2}
        maxRows={8}
        onChange={(event) => set(event.currentTarget.value)}
        {...marked(error)}
      />
    </Field>
  )
}

type NumberField = 'timeout' | 'maxRetries' | 'retryDelay' | 'retryBackoff' | 'misfireWindow' | 'priority'

export function NumberField({
  field,
  unit,
  placeholder,
}: CommonProps & { field: NumberField; unit?: string }) {
  const { id, value, changed, error, set } = useField(field)
  return (
    <Field label={FIELD_LABELS[field]} htmlFor={id} changed={changed} error={error} help={TASK_HELP[field]}>
      <span className="row">
        <NumberInput
          id={id}
          w={110}
          value={value}
          placeholder={placeholder}
          onChange={(next) => set(typeof next === 'number' ? next : '')}
          {...marked(error)}
        />
        {unit && <span className="t3 small">{unit}</span>}
      </span>
    </Field>
  )
}

type ChoiceField = 'overlapPolicy' | 'misfirePolicy' | 'onLeaseLost' | 'scriptType'

interface ChoiceProps<F extends ChoiceField> extends CommonProps {
  field: F
  options: { value: Draft[F]; label: string }[]
  width?: number
}

export function SelectField<F extends ChoiceField>({ field, options, width = 220 }: ChoiceProps<F>) {
  const { id, value, changed, error, set } = useField(field)
  return (
    <Field label={FIELD_LABELS[field]} htmlFor={id} changed={changed} error={error} help={TASK_HELP[field]}>
      <Select
        id={id}
        w={width}
        data={options}
        value={value}
        onChange={(next) => set((next ?? '') as Draft[F])} // one of the options given
        {...marked(error)}
      />
    </Field>
  )
}
