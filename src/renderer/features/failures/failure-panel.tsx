import { Button } from '@mantine/core'
import { XIcon } from '@primer/octicons-react'
import { useEffect } from 'react'
import type { Failure } from '../../../shared/domain/failure.ts'
import { stripAnsi } from '../../lib/ansi.ts'
import { things } from '../../lib/format.ts'
import { dataOf, idle } from '../../lib/loadable.ts'
import { keyOf } from '../../lib/key-table.ts'
import { href, useRoute, useRouter } from '../../lib/router.ts'
import { useNamed } from '../../lib/trail.ts'
import { unless, useCommands } from '../../lib/use-commands.ts'
import { ErrorView } from '../../ui/error-view.tsx'
import { SkeletonRows } from '../../ui/skeleton-rows.tsx'
import { Shape } from '../../ui/state.tsx'
import { Keys, Section } from '../../ui/text.tsx'
import { Clock, Relative } from '../../ui/time.tsx'
import { failuresContext } from './store.ts'
import { useReopen } from './use-reopen.ts'

interface FailurePanelProps {
  failureId: string
  /** Why it cannot be acknowledged. */
  refusal: string | null
  onAsk: (failure: Failure) => void
}

/** One failure at the right of the list, which may have no line of it: another filter, or it is pages away. */
export function FailurePanel({ failureId, refusal, onAsk }: FailurePanelProps) {
  const { params } = useRoute()
  const router = useRouter()
  const { showOne } = failuresContext.useApi().getState()
  const open = failuresContext.useState((state) => (state.openId === failureId ? state.open : idle))
  useEffect(() => {
    void showOne(failureId)
    return () => void showOne(null)
  }, [showOne, failureId])
  const failure = dataOf(open)
  const close = (): void => router.go(href(['failures'], params))
  useCommands(
    'failures',
    {
      close,
      acknowledge: failure ? unless(refusal, () => onAsk(failure)) : undefined,
      log: failure ? () => router.go(href(['history', failure.lastHistoryId])) : undefined,
    },
    failure ? { kind: 'task', id: failure.taskId, name: failure.taskName } : undefined,
  )
  useNamed(failure?.taskName ?? null)
  return (
    <aside
      className="rail failure-panel"
      aria-label={failure ? `Failure of ${failure.taskName}` : 'Failure'}
      tabIndex={-1}
    >
      {failure ? (
        <Told {...{ failure, refusal, onAsk }} onClose={close} />
      ) : open.status === 'failed' ? (
        <>
          <header className="panel-head row">
            <span className="grow" />
            <CloseButton onClose={close} />
          </header>
          <ErrorView
            what="The failure could not be read"
            error={open.error}
            onRetry={() => void showOne(failureId)}
          />
        </>
      ) : (
        <SkeletonRows rows={4} />
      )}
    </aside>
  )
}

const CloseButton = ({ onClose }: { onClose: () => void }) => (
  <button type="button" className="t3" aria-label="Close" title="Close (Esc)" onClick={onClose}>
    <XIcon size={15} />
  </button>
)

interface ToldProps extends Omit<FailurePanelProps, 'failureId'> {
  failure: Failure
  onClose: () => void
}

/** What it means, what happened, who has seen it. */
function Told({ failure, refusal, onAsk, onClose }: ToldProps) {
  const reopen = useReopen()
  const { taskName, lastState, lastError, acknowledgedAt } = failure
  const admitted = { disabled: refusal !== null, title: refusal ?? undefined }
  return (
    <>
      <header className="panel-head">
        <div className="row">
          <Shape of={lastState} size={18} />
          <h1 className="cut">{taskName}</h1>
          <span className="grow" />
          <CloseButton onClose={onClose} />
        </div>
        <p className="failure-story">
          <Story failure={failure} />
        </p>
        <div className="row">
          <Button
            {...admitted}
            rightSection={<Keys of={keyOf('failures', 'acknowledge')} />}
            onClick={() => onAsk(failure)}
          >
            {acknowledgedAt === null ? 'Acknowledge…' : 'Change the note…'}
          </Button>
          {acknowledgedAt !== null && (
            <Button {...admitted} onClick={() => reopen([failure])}>
              Open again
            </Button>
          )}
        </div>
      </header>
      {lastError !== null && <pre className="failure-why">{stripAnsi(lastError)}</pre>}
      <Seen failure={failure} />
      <Links failure={failure} />
    </>
  )
}

const Links = ({ failure: { taskId, firstHistoryId, lastHistoryId } }: { failure: Failure }) => (
  <Section title="Where to look">
    <ul className="failure-links">
      <li>
        <a href={href(['history', lastHistoryId])}>Log of the last failed run</a>{' '}
        <Keys of={keyOf('failures', 'log')} />
      </li>
      {firstHistoryId !== lastHistoryId && (
        <li>
          <a href={href(['history', firstHistoryId])}>Log of the first one</a>
        </li>
      )}
      <li>
        <a href={href(['tasks', taskId])}>The task</a>
      </li>
      <li>
        <a href={href(['history'], { task: taskId })}>All its runs</a>
      </li>
      <li>
        <a href={href(['changes'], { record: taskId })}>What was changed in it</a>
      </li>
    </ul>
  </Section>
)

function Story({
  failure: { failureCount, firstAt, lastAt, recoveredAt, recoveredHistoryId },
}: {
  failure: Failure
}) {
  return (
    <>
      {failureCount === 1 ? 'Failed' : `Failed ${things(failureCount, 'time')}, first`} at{' '}
      <Clock at={firstAt} precision="seconds" />
      {failureCount > 1 && (
        <>
          {' '}
          and last at <Clock at={lastAt} precision="seconds" />
        </>
      )}
      .{' '}
      {recoveredAt === null ? (
        <b className="bad">It has not succeeded since.</b>
      ) : (
        <>
          {recoveredHistoryId === null ? (
            'Over, since the task was deleted or runs elsewhere,'
          ) : (
            <>
              <a href={href(['history', recoveredHistoryId])}>Succeeded</a> again
            </>
          )}{' '}
          at <Clock at={recoveredAt} precision="seconds" />.
        </>
      )}
    </>
  )
}

function Seen({ failure: { acknowledgedAt, acknowledgedBy, note, recoveredAt } }: { failure: Failure }) {
  if (acknowledgedAt === null) return null
  return (
    <Section title="Acknowledged">
      <p>
        by <b>{acknowledgedBy}</b>, <Relative at={acknowledgedAt} />
      </p>
      {note !== null && <blockquote className="failure-note">{note}</blockquote>}
      {recoveredAt === null && (
        <p className="t3">
          It stays so until the task has succeeded; what fails after that is a failure of its own.
        </p>
      )}
    </Section>
  )
}
