import { useCallback, useMemo } from 'react'
import { useStore } from 'zustand'
import type { Conflict, PendingChange, SyncStatus } from '../../../shared/domain/sync.ts'
import { dataOf, type Loadable } from '../../lib/loadable.ts'
import type { Paged } from '../../lib/paged.ts'
import { hintOf, MOVE_HINT } from '../../lib/key-table.ts'
import { href, useRouter } from '../../lib/router.ts'
import { useMoves } from '../../lib/use-moves.ts'
import { PendingRow } from '../../shell/pending-row.tsx'
import { ReplicaAge } from '../../shell/replica-age.tsx'
import { syncContext } from '../../shell/sync-store.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { KeyFoot } from '../../ui/key-foot.tsx'
import { VirtualLines } from '../../ui/virtual-lines.tsx'
import { ConflictDetail } from './conflict-detail.tsx'
import { ConflictRow } from './conflict-row.tsx'
import { linesOf, sizeOf, type Line } from './lines.ts'
import { conflictsContext } from './store.ts'

const HINTS = [
  MOVE_HINT,
  hintOf('conflict', 'mine'),
  hintOf('conflict', 'theirs'),
  hintOf('conflict', 'save'),
]

interface InboxProps {
  status: SyncStatus
  conflictId: string | undefined
}

const addressOf = ({ conflictId }: Conflict): string => href(['sync', 'conflicts', conflictId])
const idOf = ({ conflictId }: Conflict): string => conflictId

/** What waits to be sent, what is to decide, what was decided; at the right one conflict in full. */
export function Inbox({ status, conflictId }: InboxProps) {
  const router = useRouter()
  const conflicts = conflictsContext.useApi().getState()
  const open = useStore(conflicts.open, (state) => state.list)
  const decided = useStore(conflicts.decided, (state) => state.list)
  const pending = syncContext.useState((state) => state.pending)
  const lines = useMemo(() => linesOf({ pending, open, decided }), [pending, open, decided])
  const listed = useMemo(() => lines.flatMap((line) => ('conflict' in line ? [line.conflict] : [])), [lines])
  // Nobody has chosen: what is to decide first is there already.
  const shown = conflictId ?? dataOf(open)?.items[0]?.conflictId
  useMoves({
    items: listed,
    keyOf: idOf,
    at: shown,
    onMove: (conflict) => router.go(addressOf(conflict), { replace: true }),
  })
  const { decided: decidedStore } = conflicts
  const onEnd = useCallback(() => void decidedStore.getState().more(), [decidedStore])
  const next = (): void => {
    const following = dataOf(open)?.items.find((one) => one.conflictId !== shown)
    router.go(following ? addressOf(following) : href(['sync']), { replace: true })
  }
  if (isNothing(pending, open, decided) && conflictId === undefined) return <Nothing />
  return (
    <>
      <div className="sync-inbox">
        <VirtualLines
          label="Edits that wait, and conflicts"
          lines={lines}
          keyOf={keyOf}
          sizeOf={sizeOf}
          classOf={classOf}
          shown={shown}
          onEnd={onEnd}
        >
          {(line) => <LineOf line={line} status={status} shown={shown} />}
        </VirtualLines>
        {shown === undefined ? (
          <NothingChosen isAway={status.openConflicts === null} />
        ) : (
          <ConflictDetail key={shown} conflictId={shown} status={status} onDecided={next} />
        )}
      </div>
      <KeyFoot hints={listed.length > 0 ? HINTS : []}>
        <ReplicaAge />
      </KeyFoot>
    </>
  )
}

function NothingChosen({ isAway }: { isAway: boolean }) {
  return (
    <div className="sync-none">
      {isAway ? (
        <EmptyState title="Conflicts cannot be read now">
          They are in the cluster database, which is away. What waits here is merged when it is back.
        </EmptyState>
      ) : (
        <EmptyState title="Nothing to decide">
          A conflict that a rule decided can be looked at, and decided once more.
        </EmptyState>
      )}
    </div>
  )
}

type List = Loadable<Paged<Conflict>>

const isNothing = (pending: readonly PendingChange[], ...lists: List[]): boolean =>
  pending.length === 0 && lists.every((list) => list.status === 'ready' && list.data.items.length === 0)

function Nothing() {
  return (
    <>
      <div className="sync-none">
        <EmptyState title="Nothing waits, and no edits have met">
          While a node has no cluster database, edits wait on it. When it delivers one of a field that others
          edited meanwhile, both stand here, and somebody can choose.
        </EmptyState>
      </div>
      <KeyFoot hints={[]}>
        <ReplicaAge />
      </KeyFoot>
    </>
  )
}

const keyOf = (line: Line): string =>
  'head' in line
    ? `head ${line.head}`
    : 'edit' in line
      ? line.edit.changeId
      : 'conflict' in line
        ? line.conflict.conflictId
        : line.key

const classOf = (line: Line): string => ('head' in line ? 'cf-head label' : 'cf-line')

interface LineProps {
  line: Line
  status: SyncStatus
  shown: string | undefined
}

function LineOf({ line, status, shown }: LineProps) {
  const { open } = conflictsContext.useApi().getState()
  if ('head' in line) return line.head
  if ('edit' in line) return <PendingRow edit={line.edit} />
  if ('note' in line) return <p className="cf-note t3">{line.note}</p>
  if ('conflict' in line)
    return (
      <ConflictRow
        conflict={line.conflict}
        status={status}
        address={addressOf(line.conflict)}
        isShown={line.conflict.conflictId === shown}
      />
    )
  return (
    <button type="button" className="link cf-more" onClick={() => void open.getState().more()}>
      Show more to decide
    </button>
  )
}
