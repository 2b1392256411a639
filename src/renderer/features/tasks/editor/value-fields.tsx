import { ActionIcon, Switch, TextInput, Tooltip } from '@mantine/core'
import { CodeSquareIcon, LockIcon, TrashIcon } from '@primer/octicons-react'
import { TASK_HELP } from '../../../../shared/domain/task-help.ts'
import { issueAt } from '../../../lib/app-error.ts'
import { Section } from '../../../ui/text.tsx'
import { FIELD_LABELS } from './draft.ts'
import { editorContext } from './store.ts'
import { useField } from './use-field.ts'
import { newRow, type ValueRow } from './value-draft.ts'

interface ValueFieldsProps {
  field: 'parameters' | 'environment'
  /** 'parameter', 'variable' */
  thing: string
}

/** Names and values, each of which may be secret: then it is set once and never shown again. */
export function ValueFields({ field, thing }: ValueFieldsProps) {
  const { value: rows, changed, set } = useField(field)
  const add = (): void => set([...rows, newRow(Math.max(-1, ...rows.map((row) => row.id)) + 1)])
  const replace = (next: ValueRow): void => set(rows.map((row) => (row.id === next.id ? next : row)))
  return (
    <Section
      title={FIELD_LABELS[field]}
      id={`section-${field}`}
      count={rows.length || undefined}
      aside={
        <button type="button" className="link small" aria-describedby={`task-${field}-help`} onClick={add}>
          Add {thing}
        </button>
      }
    >
      <div className="params">
        {rows.map((row) => (
          <ValueLine
            key={row.id}
            {...{ row, field, thing, changed }}
            onChange={replace}
            onRemove={() => set(rows.filter((one) => one.id !== row.id))}
          />
        ))}
        <p className="field-help" id={`task-${field}-help`}>
          {TASK_HELP[field]}
        </p>
      </div>
    </Section>
  )
}

interface ValueLineProps {
  row: ValueRow
  field: 'parameters' | 'environment'
  thing: string
  changed: boolean
  onChange: (row: ValueRow) => void
  onRemove: () => void
}

function ValueLine({ row, field, thing, changed, onChange, onRemove }: ValueLineProps) {
  const error = editorContext.useState((state) => issueAt(state.issues, field, row.name.trim()))
  const name = row.name || `new ${thing}`
  return (
    <div className={changed ? 'param changed' : 'param'}>
      <TextInput
        aria-label={`Name of ${thing}`}
        classNames={{ input: 'mono' }}
        value={row.name}
        placeholder="name"
        onChange={(event) => onChange({ ...row, name: event.currentTarget.value })}
      />
      <TextInput
        aria-label={`Value of ${name}`}
        classNames={{ input: row.secret ? '' : 'mono' }}
        value={row.value}
        type={row.secret ? 'password' : 'text'}
        autoComplete="off"
        placeholder={row.secret && row.stored ? 'secret is set; type to replace it' : 'value'}
        leftSection={row.secret ? <LockIcon size={12} /> : undefined}
        error={error}
        onChange={(event) => onChange({ ...row, value: event.currentTarget.value })}
      />
      {field === 'parameters' && !row.secret ? (
        <Tooltip label={row.json ? 'Written as JSON: a number, a list, …' : 'Written as text'}>
          <ActionIcon
            aria-label={`${name} is JSON`}
            aria-pressed={row.json}
            color={row.json ? 'iris' : 'gray'}
            onClick={() => onChange({ ...row, json: !row.json })}
          >
            <CodeSquareIcon size={14} />
          </ActionIcon>
        </Tooltip>
      ) : (
        <span />
      )}
      <Switch
        label="secret"
        aria-label={`${name} is secret`}
        checked={row.secret}
        onChange={(event) => onChange({ ...row, secret: event.currentTarget.checked })}
      />
      <ActionIcon aria-label={`Remove ${name}`} onClick={onRemove}>
        <TrashIcon size={14} />
      </ActionIcon>
    </div>
  )
}
