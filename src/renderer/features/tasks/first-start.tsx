import { Button, Checkbox } from '@mantine/core'
import { PlusIcon } from '@primer/octicons-react'
import { useEffect, useState } from 'react'
import type { Sample } from '../../../shared/domain/import-result.ts'
import { describeSchedule } from '../../../shared/domain/schedule/describe.ts'
import type { ScheduleSpec } from '../../../shared/domain/schedule/spec.ts'
import { things } from '../../lib/format.ts'
import { href, useRouter } from '../../lib/router.ts'
import { toastDone } from '../../lib/toast.ts'
import { useAct } from '../../lib/use-act.ts'
import { Code, Keys } from '../../ui/text.tsx'
import { tasksContext } from './store.ts'

/** Nothing is scheduled yet: the three ways to the first task. */
export function FirstStart() {
  const router = useRouter()
  return (
    <div className="first">
      <div className="first-in">
        <h2>Nothing is scheduled here yet</h2>
        <p className="t2">
          This machine is a complete node with its own database. It waits for its first task.
        </p>
        <ol className="steps">
          <li>
            <span className="step-n">1</span>
            <div className="grow">
              <b>Write a first task</b>
              <p className="t2 small">A name, a script, and a schedule if it shall run by itself.</p>
            </div>
            <Button
              variant="filled"
              leftSection={<PlusIcon size={14} />}
              rightSection={<Keys of="N" />}
              onClick={() => router.go(href(['tasks', 'new']))}
            >
              Write a task
            </Button>
          </li>
          <li>
            <span className="step-n">2</span>
            <div className="grow">
              <b>Import from PSWebHost</b>
              <p className="t2 small">
                On this machine: <Code>pswebhost-node import FOLDER --dry-run</Code> shows the plan and
                changes nothing; without <Code>--dry-run</Code> the tasks appear here.
              </p>
            </div>
          </li>
          <li>
            <span className="step-n">3</span>
            <Samples />
          </li>
        </ol>
      </div>
    </div>
  )
}

function Samples() {
  const samples = tasksContext.useState((state) => state.samples)
  const { loadSamples, importSamples } = tasksContext.useApi().getState()
  const [chosen, setChosen] = useState<string[]>([])
  const importing = useAct('The samples were not imported')
  useEffect(() => void loadSamples(), [loadSamples])
  const toggle = (name: string, on: boolean): void =>
    setChosen((names) => (on ? [...names, name] : names.filter((one) => one !== name)))
  const start = async (): Promise<void> => {
    const { created } = await importSamples(chosen)
    toastDone(`Imported ${things(created, 'sample task')}, disabled until you enable them`)
  }
  return (
    <div className="grow">
      <div className="row">
        <div className="grow">
          <b>Try sample tasks</b>
          <p className="t2 small">They are created disabled: look at each, then enable it or run it once.</p>
        </div>
        <Button
          disabled={chosen.length === 0}
          loading={importing.busy}
          onClick={() => importing.start(start)}
        >
          {chosen.length === 0 ? 'Import samples' : `Import ${things(chosen.length, 'sample')}`}
        </Button>
      </div>
      {samples.status === 'failed' && <p className="bad small">{samples.error.message}</p>}
      {samples.status === 'ready' && (
        <ul className="samples">
          {samples.data.map((sample) => (
            <li key={sample.name}>
              <Checkbox
                label={sample.title}
                description={<SampleText sample={sample} />}
                checked={chosen.includes(sample.name)}
                onChange={(event) => toggle(sample.name, event.currentTarget.checked)}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function SampleText({ sample }: { sample: Sample }) {
  // The contract leaves a sample's schedule as JSON; describeSchedule shows what it cannot read as written.
  const words = describeSchedule(sample.schedule as ScheduleSpec | null, 'UTC')
  return (
    <>
      {sample.description} <span className="num">({words})</span>
    </>
  )
}
