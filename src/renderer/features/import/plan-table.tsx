import { SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import type { ImportItem, ImportResult } from '../../../shared/domain/import-result.ts'
import { things } from '../../lib/format.ts'
import { href, useRoute, useRouter } from '../../lib/router.ts'
import { FilterButton } from '../../ui/filter-button.tsx'
import { Shape } from '../../ui/state.tsx'
import type { AnyState } from '../../theme/states.tsx'
import { CronReadings } from './cron-readings.tsx'
import { importContext, type CronReading } from './store.ts'

type Action = ImportItem['action']

/** In words of what will be, and of what has been. */
const WORDS: Record<Action, { plan: string; done: string; shape: AnyState }> = {
  created: { plan: 'Create', done: 'Created', shape: 'INSERT' },
  updated: { plan: 'Update', done: 'Updated', shape: 'UPDATE' },
  unchanged: { plan: 'Unchanged', done: 'Unchanged', shape: 'Success' },
  skipped: { plan: 'Skip', done: 'Skipped', shape: 'Skipped' },
}
const ACTIONS: readonly Action[] = ['created', 'updated', 'skipped', 'unchanged']
const isAction = (text: string): text is Action => text in WORDS
const isReading = (text: string): text is CronReading => text === 'standard' || text === 'legacy'

/** Every task found, what becomes of it and why. */
export function PlanTable({ result, isDone }: { result: ImportResult; isDone: boolean }) {
  const { path, params } = useRoute()
  const router = useRouter()
  const actions = params.getAll('action').filter(isAction)
  const setActions = (chosen: Action[]): void => router.go(href(path, { action: chosen }), { replace: true })
  const items = ACTIONS.flatMap((action) => result.items.filter((item) => item.action === action))
  const shown = items.filter((item) => actions.length === 0 || actions.includes(item.action))
  const word = (action: Action): string => WORDS[action][isDone ? 'done' : 'plan']
  return (
    <>
      <div className="bar">
        <b role="status">
          {ACTIONS.filter((action) => result[action] > 0)
            .map((action) => `${word(action)} ${result[action]}`)
            .join(', ') || 'No tasks were found'}
        </b>
        <FilterButton
          label="Outcome"
          multiple
          options={ACTIONS.map((value) => ({ value, label: word(value) }))}
          value={actions}
          onChange={setActions}
        />
        <span className="grow" />
        {!isDone && result.items.some((item) => item.cronReadings) && <CronChoice />}
      </div>
      <ul className="import-items" aria-label={isDone ? 'What was done' : 'What would be done'}>
        {shown.map((item, i) => (
          <Item key={`${item.source} ${item.name ?? ''} ${i}`} item={item} word={word(item.action)} />
        ))}
      </ul>
    </>
  )
}

/** The old engine read some expressions in another way; which one is meant only the person knows. */
function CronChoice() {
  const cron = importContext.useState((state) => state.cron)
  const { setCron } = importContext.useApi().getState()
  return (
    <label className="row">
      <span className="t2">Read cron as</span>
      <SegmentedControl
        aria-label="Read cron as"
        value={cron}
        onChange={(value) => isReading(value) && void setCron(value)}
        data={[
          { value: 'standard', label: 'the standard says' },
          { value: 'legacy', label: 'the old engine did' },
        ]}
      />
    </label>
  )
}

function Item({ item, word }: { item: ImportItem; word: string }) {
  const [open, setOpen] = useState(false)
  const { warnings } = item
  const many = warnings.length > 1 && !open
  return (
    <li className={item.action === 'skipped' ? 'bad-end' : ''}>
      <span className="state">
        <Shape of={WORDS[item.action].shape} />
        <span>{word}</span>
      </span>
      <span className="import-what">
        <span className="cut">
          {item.taskId ? (
            <a href={href(['tasks', item.taskId])}>{item.name}</a>
          ) : (
            <b>{item.name ?? 'no task'}</b>
          )}{' '}
          <span className="t3">{item.appName}</span>
        </span>
        <span className="t3 small mono cut" title={item.source}>
          {item.source}
        </span>
      </span>
      <span className="import-why small">
        {item.reason && <p>{item.reason}</p>}
        {(many ? warnings.slice(0, 1) : warnings).map((warning) => (
          <p key={warning} className="warn">
            {warning}
          </p>
        ))}
        {many && (
          <button type="button" className="link" onClick={() => setOpen(true)}>
            and {things(warnings.length - 1, 'more warning')}
          </button>
        )}
        {item.cronReadings && <CronReadings {...item.cronReadings} />}
      </span>
    </li>
  )
}
