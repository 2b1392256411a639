import { NumberInput } from '@mantine/core'
import { LIMIT_HELP } from '../../../../shared/domain/task-help.ts'
import { issueAt } from '../../../lib/app-error.ts'
import { Field } from '../../../ui/field.tsx'
import type { LimitName } from './draft.ts'
import { editorContext } from './store.ts'
import { marked, useField } from './use-field.ts'

const LIMITS: readonly { name: LimitName; label: string; unit: string }[] = [
  { name: 'maxConcurrent', label: 'Runs at once', unit: '' },
  { name: 'memoryMb', label: 'Memory', unit: 'MB' },
  { name: 'cpuSeconds', label: 'Processor time', unit: 'seconds' },
  { name: 'processes', label: 'Processes', unit: '' },
  { name: 'outputBytes', label: 'Output', unit: 'bytes' },
]

/** What one run may use; empty: as the node's configuration says. */
export function LimitFields() {
  const { value, changed, set } = useField('limits')
  const issues = editorContext.useState((state) => state.issues)
  const isTouched = editorContext.useState((state) => state.touched === 'all' || state.touched.has('limits'))
  return LIMITS.map(({ name, label, unit }) => {
    const id = `task-limit-${name}`
    const error = isTouched ? issueAt(issues, 'limits', name) : undefined
    return (
      <Field key={name} label={label} htmlFor={id} changed={changed} error={error} help={LIMIT_HELP[name]}>
        <span className="row">
          <NumberInput
            id={id}
            w={130}
            placeholder="as the node"
            value={value[name]}
            onChange={(next) => set({ ...value, [name]: typeof next === 'number' ? next : '' })}
            {...marked(error)}
          />
          {unit && <span className="t3 small">{unit}</span>}
        </span>
      </Field>
    )
  })
}
