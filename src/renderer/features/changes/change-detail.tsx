import { Button } from '@mantine/core'
import { UndoIcon, LockIcon } from '@primer/octicons-react'
import { useEffect, useState } from 'react'
import { useStore, type StoreApi } from 'zustand'
import type { Change, ChangeDetail, FieldChange } from '../../../shared/domain/change.ts'
import { useRefusal } from '../../lib/role.ts'
import { href, useRoute, useRouter } from '../../lib/router.ts'
import { useNamed } from '../../lib/trail.ts'
import { useKeys } from '../../lib/use-keys.ts'
import { ErrorView } from '../../ui/error-view.tsx'
import { InlineDiff } from '../../ui/inline-diff.tsx'
import { SkeletonRows } from '../../ui/skeleton-rows.tsx'
import { Shape } from '../../ui/state.tsx'
import { Chip, Keys, Section } from '../../ui/text.tsx'
import { Clock, Moment } from '../../ui/time.tsx'
import type { ChangeViewState } from './change-store.ts'
import { RevertPanel } from './revert-panel.tsx'
import { changesContext } from './store.ts'
import {
  actionWords,
  actorWords,
  isKept,
  isSecret,
  meaningOf,
  recordWords,
  shownFields,
  valueText,
} from './words.ts'

/** One change: who did what, field by field, and what taking it back would write. */
export function ChangeDetailView({ changeId }: { changeId: string }) {
  const changes = changesContext.useApi()
  const router = useRouter()
  const { params } = useRoute()
  const [store] = useState(() => changes.getState().createChangeView(changeId))
  useEffect(() => void store.getState().load(), [store])
  const change = useStore(store, (state) => state.change)
  const asked = useStore(store, (state) => state.preview.status !== 'idle')
  useNamed(change.status === 'ready' ? recordWords(change.data) : null)
  useKeys({
    Escape: asked ? () => store.getState().dropRevert() : () => router.go(href(['changes'], params)),
  })
  if (change.status === 'failed')
    return (
      <ErrorView
        what="The change could not be read"
        error={change.error}
        onRetry={() => void store.getState().load()}
      />
    )
  if (change.status !== 'ready') return <SkeletonRows rows={6} />
  return (
    <section className="chg-detail" aria-label="Change" tabIndex={-1}>
      <Head change={change.data} />
      <Tools store={store} asked={asked} />
      <Fields change={change.data} />
      {asked && <RevertPanel change={change.data} store={store} />}
      <Related store={store} />
    </section>
  )
}

function Head({ change }: { change: ChangeDetail }) {
  return (
    <header className="chg-head">
      <h1>
        <span className="t2">{`${actorWords(change)} ${actionWords(change)}`}</span>{' '}
        {change.tableName === 'Tasks' && change.action !== 'DELETE' ? (
          <a href={href(['tasks', change.recordId])}>{recordWords(change)}</a>
        ) : (
          recordWords(change)
        )}
      </h1>
      <div className="t2 small chg-meta">
        <Moment at={change.changedAt} />
        {change.seq !== null && <span className="num">change {change.seq}</span>}
        <span>{change.tableName}</span>
      </div>
      {change.changeReason && <p className="quote">“{change.changeReason}”</p>}
    </header>
  )
}

function Tools({ store, asked }: { store: StoreApi<ChangeViewState>; asked: boolean }) {
  const refusal = useRefusal('admin')
  const ask = (): void => void store.getState().askRevert(false)
  useKeys({ z: refusal || asked ? undefined : ask })
  return (
    <div className="chg-tools">
      <span className="grow" />
      <Button
        leftSection={<UndoIcon size={14} />}
        rightSection={<Keys of="Z" />}
        aria-keyshortcuts="z"
        disabled={refusal !== null || asked}
        title={refusal ?? undefined}
        onClick={ask}
      >
        Revert…
      </Button>
    </div>
  )
}

function Fields({ change }: { change: ChangeDetail }) {
  const fields = shownFields(change.diff)
  return (
    <table className="fields">
      <thead>
        <tr>
          <th>Field</th>
          {change.action !== 'INSERT' && <th>Before</th>}
          {change.action !== 'DELETE' && <th>After</th>}
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => (
          <tr key={field.field} className={isKept(field.field) ? 't3' : ''}>
            <th scope="row" className="mono">
              {field.field}
            </th>
            {change.action !== 'INSERT' && <Value of={field} side="old" whole={change.action === 'DELETE'} />}
            {change.action !== 'DELETE' && <Value of={field} side="new" whole={change.action === 'INSERT'} />}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface ValueProps {
  of: FieldChange
  side: 'old' | 'new'
  /** There is no other side: nothing inside the value differs. */
  whole: boolean
}

function Value({ of: field, side, whole }: ValueProps) {
  const value = field[side]
  const other = field[side === 'old' ? 'new' : 'old']
  if (value === null) return <td className="t3">–</td>
  if (isSecret(value))
    return (
      <td>
        <span className="row">
          <LockIcon size={12} aria-hidden />
          {side === 'new' && isSecret(other) ? (
            <span>
              secret, <b>replaced</b>
            </span>
          ) : (
            'secret'
          )}
        </span>
      </td>
    )
  const meaning = meaningOf(field.field, value)
  const text = valueText(value)
  return (
    <td>
      {whole || isKept(field.field) ? (
        <span className="diff mono">{text}</span>
      ) : (
        <InlineDiff before={sideText(field.old)} after={sideText(field.new)} side={side} />
      )}
      {meaning !== null && meaning !== text && <div className="t3 small">{meaning}</div>}
    </td>
  )
}

const sideText = (value: FieldChange['old']): string =>
  value === null || isSecret(value) ? '' : valueText(value)

function Related({ store }: { store: StoreApi<ChangeViewState> }) {
  const related = useStore(store, (state) => state.related)
  if (related.length === 0) return null
  return (
    <Section title="Related changes" count={related.length}>
      <ul className="related">
        {related.map((change) => (
          <RelatedRow key={change.changeId} change={change} />
        ))}
      </ul>
    </Section>
  )
}

function RelatedRow({ change }: { change: Change }) {
  return (
    <li>
      <a href={href(['changes', change.changeId])}>
        <Shape of={change.action} alone />
        <span className="cut">
          <b>{recordWords(change)}</b> <span className="t3">{change.changeReason}</span>
        </span>
        <Chip>{change.tableName}</Chip>
        <span className="t3">
          <Clock at={change.changedAt} precision="seconds" />
        </span>
      </a>
    </li>
  )
}
