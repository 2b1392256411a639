import { Button } from '@mantine/core'
import { UndoIcon } from '@primer/octicons-react'
import { useEffect, useState } from 'react'
import { useStore, type StoreApi } from 'zustand'
import type { ChangeDetail } from '../../../shared/domain/change.ts'
import { actorWords, recordWords } from '../../lib/change-words.ts'
import { useRefusal } from '../../lib/role.ts'
import { href, useRoute, useRouter } from '../../lib/router.ts'
import { useAsked } from '../../lib/use-asked.ts'
import { useNamed } from '../../lib/trail.ts'
import { unless, useCommands } from '../../lib/use-commands.ts'
import { CopyLink } from '../../ui/copy-link.tsx'
import { ErrorView } from '../../ui/error-view.tsx'
import { SkeletonRows } from '../../ui/skeleton-rows.tsx'
import { Keys, Section } from '../../ui/text.tsx'
import { Moment } from '../../ui/time.tsx'
import { ChangeLine } from './change-line.tsx'
import type { ChangeViewState } from './change-store.ts'
import { Facts } from './facts.tsx'
import { Fields } from './fields.tsx'
import { Images } from './images.tsx'
import { RevertPanel } from './revert-panel.tsx'
import { changesContext } from './store.ts'
import { Timeline } from './timeline.tsx'
import { actionWords } from './words.ts'

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
  useCommands('change', {
    close: asked ? () => store.getState().dropRevert() : () => router.go(href(['changes'], params)),
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
      <Tools changeId={changeId} store={store} asked={asked} />
      <Fields change={change.data} store={store} />
      {asked && <RevertPanel change={change.data} store={store} />}
      <Related store={store} />
      <Images change={change.data} />
      <Timeline change={change.data} store={store} />
      <Facts change={change.data} />
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

interface ToolsProps {
  changeId: string
  store: StoreApi<ChangeViewState>
  asked: boolean
}

function Tools({ changeId, store, asked }: ToolsProps) {
  const refusal = useRefusal('admin')
  const ask = (): void => void store.getState().askRevert(false)
  useAsked('revert', () => {
    if (refusal === null) ask()
  })
  useCommands('change', { revert: asked ? undefined : unless(refusal, ask) })
  return (
    <div className="chg-tools">
      <span className="grow" />
      <CopyLink kind="change" id={changeId} />
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

function Related({ store }: { store: StoreApi<ChangeViewState> }) {
  const related = useStore(store, (state) => state.related)
  if (related.length === 0) return null
  return (
    <Section title="Related changes" count={related.length}>
      <ul className="related">
        {related.map((change) => (
          <ChangeLine key={change.changeId} change={change} />
        ))}
      </ul>
    </Section>
  )
}
