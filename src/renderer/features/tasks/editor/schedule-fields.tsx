import { NumberInput, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core'
import { describeSchedule } from '../../../../shared/domain/schedule/describe.ts'
import { SCHEDULE_HELP, TASK_HELP } from '../../../../shared/domain/task-help.ts'
import { issueAt } from '../../../lib/app-error.ts'
import { useDescription } from '../../../lib/use-description.ts'
import { Field } from '../../../ui/field.tsx'
import { Section } from '../../../ui/text.tsx'
import { CronHelper } from './cron-helper.tsx'
import { NumberField, SelectField, TextField } from './fields.tsx'
import { NextRuns } from './next-runs.tsx'
import { scheduleOf, UNITS, type ScheduleDraft, type ScheduleKind, type Unit } from './schedule-draft.ts'
import { editorContext } from './store.ts'
import { useField } from './use-field.ts'

const KINDS: { value: ScheduleKind; label: string }[] = [
  { value: 'manual', label: 'Manual' },
  { value: 'interval', label: 'Interval' },
  { value: 'cron', label: 'Cron' },
  { value: 'once', label: 'Once' },
  { value: 'calendar', label: 'Dates' },
]

const MISFIRE = [
  { value: 'Skip', label: 'Skip them' },
  { value: 'Last', label: 'Run the last one' },
  { value: 'All', label: 'Run all, one by one' },
] satisfies { value: 'Skip' | 'Last' | 'All'; label: string }[]

/** When the task runs, in the words of the node, with its next ten runs. */
export function ScheduleFields() {
  const { value, changed, set } = useField('schedule')
  const timeZone = editorContext.useState((state) => state.draft.timeZone)
  const part = (next: Partial<ScheduleDraft>): void => set({ ...value, ...next })
  return (
    <Section
      title="Schedule"
      id="section-schedule"
      aside={<span className="t3 small">{describeSchedule(scheduleOf(value), timeZone)}</span>}
    >
      <Field label="Kind" changed={changed} help={TASK_HELP.schedule} helpId="task-schedule-help">
        <SegmentedControl
          aria-label="Kind of schedule"
          aria-describedby="task-schedule-help"
          data={KINDS}
          value={value.kind}
          onChange={(kind) => part({ kind })}
        />
      </Field>
      {value.kind !== 'manual' && (
        <>
          <OwnFields value={value} part={part} />
          <TextField field="timeZone" placeholder="this node’s zone" />
          <NextRuns />
          <SelectField field="misfirePolicy" options={MISFIRE} />
          <NumberField field="misfireWindow" unit="seconds" />
          <MoreFields value={value} part={part} />
        </>
      )}
    </Section>
  )
}

interface PartProps {
  value: ScheduleDraft
  part: (next: Partial<ScheduleDraft>) => void
}

const useScheduleIssue = (...path: string[]): string | undefined =>
  editorContext.useState((state) =>
    state.touched === 'all' || state.touched.has('schedule')
      ? issueAt(state.issues, 'schedule', ...path)
      : undefined,
  )

function OwnFields({ value, part }: PartProps) {
  switch (value.kind) {
    case 'manual':
      return null
    case 'cron':
      return (
        <>
          <ScheduleText label="Cron" field="cron" mono {...{ value, part }} />
          <CronHelper onCron={(cron) => part({ cron })} />
        </>
      )
    case 'interval':
      return <IntervalFields value={value} part={part} />
    case 'once':
      return <ScheduleText label="At" field="at" {...{ value, part }} />
    case 'calendar':
      return (
        <>
          <ScheduleText label="Dates" field="dates" {...{ value, part }} />
          <ScheduleText label="Time" field="time" {...{ value, part }} />
        </>
      )
  }
}

function IntervalFields({ value, part }: PartProps) {
  const error = useScheduleIssue('everySeconds')
  useDescription('schedule-unit', 'schedule-every-help')
  return (
    <>
      <Field label="Every" htmlFor="schedule-every" error={error} help={SCHEDULE_HELP.everySeconds}>
        <span className="row">
          <NumberInput
            id="schedule-every"
            w={90}
            value={value.every}
            onChange={(every) => part({ every: typeof every === 'number' ? every : '' })}
            error={error !== undefined}
          />
          <Select
            id="schedule-unit"
            aria-label="Unit"
            w={86}
            data={Object.keys(UNITS)}
            value={value.unit}
            onChange={(unit) => part({ unit: (unit ?? 'min') as Unit })} // one of UNITS
          />
        </span>
      </Field>
      <ScheduleText label="Counted from" field="anchor" {...{ value, part }} />
    </>
  )
}

type TextPart = 'cron' | 'anchor' | 'at' | 'dates' | 'time' | 'start' | 'end'

interface ScheduleTextProps extends PartProps {
  label: string
  field: TextPart
  mono?: boolean
}

function ScheduleText({ label, field, mono, value, part }: ScheduleTextProps) {
  const own = useScheduleIssue(field)
  const whole = useScheduleIssue()
  // A plain cron string is the schedule itself: its errors have no deeper path.
  const error = own ?? (field === 'cron' ? whole : undefined)
  const id = `schedule-${field}`
  return (
    <Field label={label} htmlFor={id} error={error} help={SCHEDULE_HELP[field]}>
      <TextInput
        id={id}
        value={value[field]}
        error={error !== undefined}
        classNames={mono ? { input: 'mono' } : {}}
        onChange={(event) => part({ [field]: event.currentTarget.value })}
      />
    </Field>
  )
}

/** What most schedules do without: folded until asked for, or until one is set. */
function MoreFields({ value, part }: PartProps) {
  const jitter = useScheduleIssue('jitterSeconds')
  const blackouts = useScheduleIssue('blackouts')
  const isSet = Boolean(value.start || value.end || value.blackouts) || value.jitterSeconds !== ''
  return (
    <details className="more" open={isSet || undefined}>
      <summary className="link small">Start, end, jitter and pauses</summary>
      <ScheduleText label="Start" field="start" {...{ value, part }} />
      <ScheduleText label="End" field="end" {...{ value, part }} />
      <Field label="Jitter" htmlFor="schedule-jitter" error={jitter} help={SCHEDULE_HELP.jitterSeconds}>
        <span className="row">
          <NumberInput
            id="schedule-jitter"
            w={90}
            value={value.jitterSeconds}
            onChange={(next) => part({ jitterSeconds: typeof next === 'number' ? next : '' })}
            error={jitter !== undefined}
          />
          <span className="t3 small">seconds</span>
        </span>
      </Field>
      <Field
        label="Pauses"
        htmlFor="schedule-blackouts"
        error={blackouts}
        help={
          <>
            {SCHEDULE_HELP.blackouts} One a line:{' '}
            <code className="mono">2026-12-24T00:00 to 2026-12-27T00:00</code>, or{' '}
            <code className="mono">0 22 * * * for 480 min</code>.
          </>
        }
      >
        <Textarea
          id="schedule-blackouts"
          autosize
          minRows={2}
          maxRows={6}
          classNames={{ input: 'mono' }}
          value={value.blackouts}
          onChange={(event) => part({ blackouts: event.currentTarget.value })}
          error={blackouts !== undefined}
        />
      </Field>
    </details>
  )
}
