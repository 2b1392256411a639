import { Button, Checkbox, SegmentedControl, TextInput } from '@mantine/core'
import { UndoIcon } from '@primer/octicons-react'
import { useState } from 'react'
import { useStore, type StoreApi } from 'zustand'
import type { ChangeDetail, RevertPreview } from '../../../shared/domain/change.ts'
import { recordWords, tableWord } from '../../lib/change-words.ts'
import { isSecret, meaningOf, valueText } from '../../lib/field-values.ts'
import { things } from '../../lib/format.ts'
import { href, useRouter } from '../../lib/router.ts'
import { toastDone } from '../../lib/toast.ts'
import { useCommands } from '../../lib/use-commands.ts'
import { Code, Keys } from '../../ui/text.tsx'
import type { ChangeViewState } from './change-store.ts'
import { shownFields } from './words.ts'

interface RevertPanelProps {
  change: ChangeDetail
  store: StoreApi<ChangeViewState>
}

/** What taking the change back would write. Nothing is written before the button is pressed. */
export function RevertPanel({ change, store }: RevertPanelProps) {
  const preview = useStore(store, (state) => state.preview)
  if (preview.status === 'failed')
    return (
      <div className="preview" role="alert">
        <b>It cannot be taken back.</b>
        <p>{preview.error.message}</p>
        <div className="row">
          <Button onClick={() => store.getState().dropRevert()}>Close</Button>
        </div>
      </div>
    )
  if (preview.status !== 'ready') return <p className="preview t3">Asking what it would write…</p>
  return <Plan change={change} store={store} items={preview.data} />
}

const textOf = (field: string, value: unknown): string =>
  value === null
    ? 'nothing'
    : isSecret(value)
      ? 'the earlier secret'
      : (meaningOf(field, value) ?? valueText(value))

/** The panel stands below the fields, perhaps out of sight when it opens. */
const intoView = (element: HTMLElement | null): void => element?.scrollIntoView({ block: 'nearest' })

function Plan({ change, store, items }: RevertPanelProps & { items: readonly RevertPreview[] }) {
  const router = useRouter()
  const failure = useStore(store, (state) => state.failure)
  const reverting = useStore(store, (state) => state.reverting)
  const [reason, setReason] = useState('')
  const [force, setForce] = useState(false)
  const conflicts = items.flatMap((item) => item.conflicts)
  const blocked = conflicts.length > 0 && !force
  const apply = async (): Promise<void> => {
    const ids = await store.getState().revert({ reason, force })
    if (ids === null) return
    toastDone(`Took back the change of ${recordWords(change)}`)
    const [first] = ids
    if (first) router.go(href(['changes', first]))
  }
  useCommands('change', { apply: blocked || reverting ? undefined : () => void apply() })
  return (
    <div className="preview" role="group" aria-label="Revert" ref={intoView}>
      <div className="row">
        <UndoIcon size={15} fill="var(--accent)" aria-hidden />
        <b>Revert would write, as a new change by you:</b>
        <span className="grow" />
        <span className="t3 small">nothing is written yet</span>
      </div>
      <ul>
        {items.map((item) => (
          <PlanItem key={item.recordId} item={item} />
        ))}
      </ul>
      {conflicts.length > 0 && (
        <Checkbox
          label={`Also overwrite what was changed later (${things(conflicts.length, 'field')})`}
          checked={force}
          onChange={(event) => setForce(event.currentTarget.checked)}
        />
      )}
      {failure && (
        <p className="bad" role="alert">
          <b>Not taken back.</b> {failure.message}
        </p>
      )}
      <div className="row preview-foot">
        <Scope store={store} />
        <TextInput
          className="grow"
          aria-label="Reason"
          placeholder="Why? Kept in the change log"
          maxLength={1000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Button onClick={() => store.getState().dropRevert()}>Cancel</Button>
        <Button
          variant="filled"
          rightSection={<Keys of="Ctrl ⏎" />}
          aria-keyshortcuts="Control+Enter"
          disabled={blocked}
          title={
            blocked ? 'Later changes stand in the way: say above that they may be overwritten.' : undefined
          }
          loading={reverting}
          onClick={() => void apply()}
        >
          Revert
        </Button>
      </div>
    </div>
  )
}

function Scope({ store }: { store: StoreApi<ChangeViewState> }) {
  const whole = useStore(store, (state) => state.wholeTransaction)
  const related = useStore(store, (state) => state.related)
  const change = useStore(store, (state) => state.change)
  const transaction = change.status === 'ready' ? change.data.transactionId : null
  const siblings = related.filter((one) => one.transactionId !== null && one.transactionId === transaction)
  if (siblings.length === 0) return null
  return (
    <SegmentedControl
      aria-label="What to take back"
      data={[
        { value: 'one', label: 'This change' },
        { value: 'all', label: `Whole transaction (${siblings.length + 1})` },
      ]}
      value={whole ? 'all' : 'one'}
      onChange={(value) => void store.getState().askRevert(value === 'all')}
    />
  )
}

function PlanItem({ item }: { item: RevertPreview }) {
  const record = `the ${tableWord(item.tableName)}`
  if (item.action === 'DELETE') return <li>Deletes {record} that this change created.</li>
  if (item.action === 'INSERT')
    return (
      <li>
        Brings back {record} with {things(item.fields.length, 'field')}.
      </li>
    )
  const fields = shownFields(item.fields)
  if (fields.length === 0) return <li className="t3">Nothing: the values are what they were before.</li>
  return fields.map((field) => {
    const conflict = item.conflicts.find((one) => one.field === field.field.split('.')[0])
    return (
      <li key={field.field} className={conflict ? 'warn' : ''}>
        <Code>{field.field}</Code> {textOf(field.field, field.old)} → <b>{textOf(field.field, field.new)}</b>
        {conflict && ` · changed again${conflict.changedBy ? ` by ${conflict.changedBy}` : ''} since`}
      </li>
    )
  })
}
