import { Button, Chip, NumberInput, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { cronOf, type CronPattern } from '../../../../shared/domain/schedule/cron-pattern.ts'
import { useDescription } from '../../../lib/use-description.ts'

const PATTERNS: readonly { value: CronPattern['kind']; label: string }[] = [
  { value: 'minutes', label: 'every few minutes' },
  { value: 'hourly', label: 'every hour' },
  { value: 'daily', label: 'every day' },
  { value: 'weekly', label: 'on days of the week' },
  { value: 'monthly', label: 'on a day of the month' },
  { value: 'lastDay', label: 'on the last day of the month' },
]

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

const START: CronPattern = {
  kind: 'daily',
  every: 15,
  minute: 0,
  time: '02:30',
  days: ['1', '2', '3', '4', '5'],
  day: 1,
}

const isKind = (text: string | null): text is CronPattern['kind'] =>
  PATTERNS.some(({ value }) => value === text)

const HELP_ID = 'cron-helper-help'

/** Writes the expression from a few choices; it stays in sight and can be changed by hand. */
export function CronHelper({ onCron }: { onCron: (cron: string) => void }) {
  const [pattern, setPattern] = useState<CronPattern>(START)
  const part = (next: Partial<CronPattern>): void => setPattern({ ...pattern, ...next })
  const cron = cronOf(pattern)
  useDescription('cron-kind', HELP_ID)
  return (
    <details className="more cron-helper">
      <summary className="link small">Help me write it</summary>
      <div className="cron-choices">
        <Select
          id="cron-kind"
          aria-label="How often"
          w={220}
          allowDeselect={false}
          data={PATTERNS}
          value={pattern.kind}
          onChange={(kind) => isKind(kind) && part({ kind })}
        />
        <PatternFields pattern={pattern} part={part} />
        <Button disabled={cron === null} onClick={() => cron !== null && onCron(cron)}>
          Use <code className="mono">{cron ?? '…'}</code>
        </Button>
      </div>
      <p className="field-help cron-help" id={HELP_ID}>
        How often it runs and when, in its time zone. Use writes that as the expression above, where it can
        still be changed.
      </p>
    </details>
  )
}

interface FieldsProps {
  pattern: CronPattern
  part: (next: Partial<CronPattern>) => void
}

function PatternFields({ pattern, part }: FieldsProps) {
  switch (pattern.kind) {
    case 'minutes':
      return (
        <NumberField
          label="Minutes between runs"
          min={1}
          max={59}
          value={pattern.every}
          onChange={(every) => part({ every })}
        />
      )
    case 'hourly':
      return (
        <NumberField
          label="Minute of the hour"
          min={0}
          max={59}
          value={pattern.minute}
          onChange={(minute) => part({ minute })}
        />
      )
    case 'daily':
    case 'lastDay':
      return <TimeField pattern={pattern} part={part} />
    case 'weekly':
      return (
        <>
          <Chip.Group multiple value={pattern.days} onChange={(days) => part({ days })}>
            {DAYS.map((name, i) => (
              <Chip key={name} size="xs" value={String((i + 1) % 7)}>
                {name}
              </Chip>
            ))}
          </Chip.Group>
          <TimeField pattern={pattern} part={part} />
        </>
      )
    case 'monthly':
      return (
        <>
          <NumberField
            label="Day of the month"
            min={1}
            max={31}
            value={pattern.day}
            onChange={(day) => part({ day })}
          />
          <TimeField pattern={pattern} part={part} />
        </>
      )
  }
}

function TimeField({ pattern, part }: FieldsProps) {
  useDescription('cron-time', HELP_ID)
  return (
    <TextInput
      id="cron-time"
      aria-label="Time of day"
      type="time"
      w={110}
      value={pattern.time}
      onChange={(event) => part({ time: event.currentTarget.value })}
    />
  )
}

interface NumberFieldProps {
  label: string
  min: number
  max: number
  value: number
  onChange: (value: number) => void
}

function NumberField({ label, onChange, ...rest }: NumberFieldProps) {
  useDescription('cron-number', HELP_ID)
  return (
    <NumberInput
      id="cron-number"
      aria-label={label}
      w={80}
      onChange={(value) => onChange(typeof value === 'number' ? value : NaN)}
      {...rest}
    />
  )
}
