import { Button, SegmentedControl } from '@mantine/core'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { Failure } from '../../../shared/domain/failure.ts'
import { things } from '../../lib/format.ts'
import { hintOf, keyOf, MOVE_HINT } from '../../lib/key-table.ts'
import { href, useRoute, useRouter } from '../../lib/router.ts'
import { useRefusal } from '../../lib/role.ts'
import { unless, useCommands } from '../../lib/use-commands.ts'
import { ReplicaAge } from '../../shell/replica-age.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorView } from '../../ui/error-view.tsx'
import { KeyFoot } from '../../ui/key-foot.tsx'
import { SkeletonRows } from '../../ui/skeleton-rows.tsx'
import { Keys } from '../../ui/text.tsx'
import type { Choice } from '../../ui/use-choice.ts'
import { AcknowledgeDialog } from './acknowledge-dialog.tsx'
import { FailurePanel } from './failure-panel.tsx'
import { FailureTable } from './failure-table.tsx'
import { queryOf, VIEW_OPTIONS } from './query.ts'
import { failuresContext, type FailureQuery } from './store.ts'
import { useReopen } from './use-reopen.ts'

const HINTS = [
  MOVE_HINT,
  hintOf('list', 'open'),
  hintOf('failures', 'acknowledge', { does: 'acknowledge' }),
  hintOf('failures', 'log'),
  hintOf('list', 'choose', { does: 'choose', late: true }),
]

const NONE: readonly Failure[] = []

/** Failures first: what failed, was lost or timed out, folded by task, until somebody has seen it. */
export function FailuresView({ failureId }: { failureId: string | undefined }) {
  const { params } = useRoute()
  const query = useMemo(() => queryOf(params), [params])
  const list = failuresContext.useState((state) => state.list)
  const { show, loadNodes } = failuresContext.useApi().getState()
  useEffect(() => void show(query), [show, query])
  useEffect(() => void loadNodes(), [loadNodes])
  const shown = list.status === 'ready' ? list.data.items : NONE
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [asked, ask] = useState<readonly Failure[]>(NONE)
  const refusal = useRefusal('operator')
  const choice = useMemo(() => ({ chosen, onChoose: setChosen }), [chosen])
  const isOpen = failureId !== undefined
  // As in the list of tasks: while one is open it is the one that is meant, and those that are chosen wait.
  const those = isOpen ? NONE : shown.filter((one) => chosen.has(one.failureId))
  return (
    <div className={isOpen ? 'failures-view with-panel' : 'failures-view'}>
      <div className="failures-list">
        <Filters query={query} />
        <Rows
          query={query}
          selected={failureId}
          choice={refusal || isOpen ? undefined : choice}
          isOther={isOpen || those.length > 0}
          refusal={refusal}
          onAsk={ask}
        />
        {those.length > 0 ? (
          <Chosen failures={those} onAsk={ask} onClear={() => setChosen(new Set())} />
        ) : (
          <KeyFoot hints={HINTS}>
            <ReplicaAge />
          </KeyFoot>
        )}
      </div>
      {isOpen && (
        <FailurePanel
          key={failureId}
          failureId={failureId}
          refusal={refusal}
          onAsk={(failure) => ask([failure])}
        />
      )}
      {asked.length > 0 && (
        <AcknowledgeDialog
          failures={asked}
          onClose={(isDone) => {
            ask(NONE)
            if (isDone && !isOpen) setChosen(new Set())
          }}
        />
      )}
    </div>
  )
}

function Filters({ query }: { query: FailureQuery }) {
  const { path } = useRoute()
  const router = useRouter()
  return (
    <div className="bar" role="search">
      <SegmentedControl
        size="xs"
        aria-label="Which failures"
        data={[...VIEW_OPTIONS]}
        value={query.show}
        onChange={(show) => router.go(href(path.slice(0, 1), { show: show === 'open' ? null : show }))}
      />
      <span className="grow" />
      <span className="t3 small">
        A task that fails again and again is one line, until it is acknowledged.
      </span>
    </div>
  )
}

interface RowsProps {
  query: FailureQuery
  selected: string | undefined
  choice: Choice | undefined
  /** The keys mean others than the row under the cursor: one that is open, or those that are chosen. */
  isOther: boolean
  refusal: string | null
  onAsk: (failures: readonly Failure[]) => void
}

function Rows({ query, selected, choice, isOther, refusal, onAsk }: RowsProps) {
  const { params } = useRoute()
  const router = useRouter()
  const list = failuresContext.useState((state) => state.list)
  const { more, refresh } = failuresContext.useApi().getState()
  const [atCursor, setAtCursor] = useState<Failure | undefined>()
  const onEnd = useCallback(() => void more(), [more])
  const shown = list.status === 'ready' ? list.data.items : NONE
  const one = isOther ? undefined : shown.find(({ failureId }) => failureId === atCursor?.failureId)
  useCommands(
    'failures',
    {
      acknowledge: one && unless(refusal, () => onAsk([one])),
      log: one && (() => router.go(href(['history', one.lastHistoryId]))),
    },
    one && { kind: 'task', id: one.taskId, name: one.taskName },
  )
  const hrefOf = ({ failureId }: Failure): string => href(['failures', failureId], params)
  if (list.status === 'failed')
    return (
      <ErrorView what="The failures could not be read" error={list.error} onRetry={() => void refresh()} />
    )
  if (list.status !== 'ready') return <SkeletonRows />
  if (shown.length === 0) return <Nothing query={query} />
  return (
    <FailureTable
      failures={shown}
      {...(choice && { choice })}
      selected={selected}
      hrefOf={hrefOf}
      onOpen={(failure) => router.go(hrefOf(failure))}
      onCursor={setAtCursor}
      onEnd={onEnd}
    />
  )
}

const EMPTY: Record<FailureQuery['show'], string> = {
  open: 'Nothing waits to be acknowledged',
  failing: 'Nothing fails now',
  acknowledged: 'Nothing was acknowledged yet',
  all: 'Nothing has failed yet',
}

function Nothing({ query: { show } }: { query: FailureQuery }) {
  const router = useRouter()
  return (
    <EmptyState
      title={EMPTY[show]}
      act={
        show === 'all' ? (
          <Button onClick={() => router.go(href(['history']))}>To the history</Button>
        ) : (
          <Button onClick={() => router.go(href(['failures'], { show: 'all' }))}>All failures</Button>
        )
      }
    >
      A run that fails, times out or is lost stands here once no retry follows, with its reason, until
      somebody says that it was seen.
    </EmptyState>
  )
}

interface ChosenProps {
  failures: readonly Failure[]
  onAsk: (failures: readonly Failure[]) => void
  onClear: () => void
}

/** In place of the foot while rows are chosen. */
function Chosen({ failures, onAsk, onClear }: ChosenProps) {
  const reopen = useReopen()
  const seen = failures.filter(({ acknowledgedAt }) => acknowledgedAt !== null)
  const start = (): void => onAsk(failures)
  useCommands('chosenFailures', { acknowledge: start })
  return (
    <div className="foot bulk" role="toolbar" aria-label="Chosen failures">
      <b role="status">{things(failures.length, 'failure')} chosen</b>
      <Button rightSection={<Keys of={keyOf('chosenFailures', 'acknowledge')} />} onClick={start}>
        Acknowledge…
      </Button>
      {seen.length > 0 && (
        <Button
          onClick={() => {
            reopen(seen)
            onClear()
          }}
        >
          Open again
        </Button>
      )}
      <span className="grow" />
      <span className="t3">Only rows that are shown are chosen.</span>
      <Button rightSection={<Keys of="Esc" />} onClick={onClear}>
        Clear
      </Button>
    </div>
  )
}
