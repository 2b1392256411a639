import { Button, Checkbox } from '@mantine/core'
import { useEffect, useState } from 'react'
import { describeSchedule } from '../../../shared/domain/schedule/describe.ts'
import type { ScheduleSpec } from '../../../shared/domain/schedule/spec.ts'
import { things } from '../../lib/format.ts'
import { toastDone } from '../../lib/toast.ts'
import { useAct } from '../../lib/use-act.ts'
import { importContext } from './store.ts'

/** Ready-made tasks, to look at and to start from. */
export function Samples() {
  const samples = importContext.useState((state) => state.samples)
  const { loadSamples, importSamples } = importContext.useApi().getState()
  const [chosen, setChosen] = useState<string[]>([])
  const importing = useAct('The samples were not imported')
  useEffect(() => void loadSamples(), [loadSamples])
  const toggle = (name: string, on: boolean): void =>
    setChosen((names) => (on ? [...names, name] : names.filter((one) => one !== name)))
  const start = async (): Promise<void> => {
    const created = await importSamples(chosen)
    setChosen([])
    toastDone(`Imported ${things(created, 'sample task')}, disabled until you enable them`)
  }
  return (
    <section aria-labelledby="samples-title">
      <div className="row import-samples">
        <div className="grow">
          <h2 id="samples-title">Samples</h2>
          <p className="t2">They are created disabled: look at each, then enable it or run it once.</p>
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
                label={sample.imported ? `${sample.title} (here already)` : sample.title}
                // The contract leaves a sample's schedule as JSON; describeSchedule shows what it cannot read as written.
                description={`${sample.description} (${describeSchedule(sample.schedule as ScheduleSpec | null, 'UTC')})`}
                checked={chosen.includes(sample.name)}
                onChange={(event) => toggle(sample.name, event.currentTarget.checked)}
              />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
