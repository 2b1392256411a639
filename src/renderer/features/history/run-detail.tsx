import { Button } from '@mantine/core'
import { PencilIcon, PlayIcon, SquareFillIcon } from '@primer/octicons-react'
import { useEffect, useState } from 'react'
import { useStore, type StoreApi } from 'zustand'
import { isActive } from './active.ts'
import type { Run } from '../../../shared/domain/run.ts'
import { useRefusal } from '../../lib/role.ts'
import { href, useRoute, useRouter } from '../../lib/router.ts'
import { useNamed } from '../../lib/trail.ts'
import { useAct } from '../../lib/use-act.ts'
import { unless, useCommands } from '../../lib/use-commands.ts'
import { looks } from '../../theme/states.tsx'
import { CopyLink } from '../../ui/copy-link.tsx'
import { ErrorView } from '../../ui/error-view.tsx'
import { SkeletonRows } from '../../ui/skeleton-rows.tsx'
import { Shape } from '../../ui/state.tsx'
import { Code, Keys } from '../../ui/text.tsx'
import { Relative, Since } from '../../ui/time.tsx'
import { Compare } from './compare.tsx'
import { Neighbours } from './neighbours.tsx'
import { RunFacts } from './run-facts.tsx'
import { RunOutput } from './run-output.tsx'
import { RunRail } from './run-rail.tsx'
import type { RunViewState } from './run-store.ts'
import { historyContext } from './store.ts'
import { exitWords, reasonWords } from './words.ts'

/** One run: why it ended so, the facts, and its output as proof, live while it goes on. */
export function RunDetail({ historyId }: { historyId: string }) {
  const router = useRouter()
  const history = historyContext.useApi()
  const [store] = useState(() => history.getState().createRunView(historyId))
  useEffect(() => {
    const control = new AbortController()
    const detach = history.getState().attach(store)
    void store.getState().load()
    void store.getState().follow(control.signal)
    return () => {
      control.abort()
      detach()
    }
  }, [history, store])
  const run = useStore(store, (state) => state.run)
  useNamed(run.status === 'ready' ? run.data.taskName : null)
  const { path, params } = useRoute()
  const compared = params.get('compare')
  useCommands('run', { close: () => router.go(compared ? href(path) : href(['history'])) })
  if (run.status === 'failed')
    return (
      <ErrorView
        what="The run could not be read"
        error={run.error}
        onRetry={() => void store.getState().load()}
      />
    )
  if (run.status !== 'ready') return <SkeletonRows />
  return (
    <div className="run-page">
      <header className="run-head">
        <RunTitle run={run.data} store={store} />
        <RunFacts run={run.data} />
      </header>
      <div className="run-body">
        {compared ? (
          <Compare key={compared} run={run.data} other={compared} store={store} />
        ) : (
          <RunOutput run={run.data} store={store} />
        )}
        <RunRail run={run.data} store={store} />
      </div>
    </div>
  )
}

function RunTitle({ run, store }: { run: Run; store: StoreApi<RunViewState> }) {
  const look = looks[run.state]
  return (
    <div className="run-title">
      <Shape of={run.state} size={22} />
      <div className="grow">
        <h1>
          {run.taskName} <span style={{ color: look.color }}>{look.word.toLowerCase()}</span>
          <small className="t3">{[`attempt ${run.attempt}`, run.appName].filter(Boolean).join(' · ')}</small>
        </h1>
        <Why run={run} />
      </div>
      <CopyLink kind="run" id={run.historyId} />
      <Neighbours run={run} store={store} />
      <a className="mantine-focus-auto plain-button" href={href(['tasks', run.taskId])}>
        <PencilIcon size={14} aria-hidden /> Task
      </a>
      <RunActs run={run} store={store} />
    </div>
  )
}

function Why({ run }: { run: Run }) {
  const exit = exitWords(run)
  return (
    <p className="run-why" role="status">
      {exit && <Code>{exit}</Code>} <b>{reasonWords(run)}</b>
      {run.state === 'Running' && run.startTime && (
        <>
          {' '}
          <Since at={run.startTime} />
        </>
      )}
      {run.state === 'Queued' && (
        <>
          {' '}
          Due <Relative at={run.notBefore} />.
        </>
      )}
    </p>
  )
}

function RunActs({ run, store }: { run: Run; store: StoreApi<RunViewState> }) {
  const router = useRouter()
  const refusal = useRefusal('operator')
  const stopping = useAct('The run was not stopped')
  const starting = useAct(`${run.taskName} was not started`)
  const again = async (): Promise<void> => router.go(href(['history', await store.getState().again()]))
  const active = isActive(run.state)
  const stop = (): void => stopping.start(() => store.getState().stop())
  const start = (): void => starting.start(again)
  useCommands('run', active ? { stop: unless(refusal, stop) } : { again: unless(refusal, start) })
  const common = { disabled: refusal !== null, title: refusal ?? undefined }
  return active ? (
    <Button
      {...common}
      {...(refusal === null && { c: 'var(--failed)' })}
      leftSection={<SquareFillIcon size={14} />}
      rightSection={<Keys of="S" />}
      aria-keyshortcuts="s"
      loading={stopping.busy || (run.state === 'Running' && run.stopRequestedAt !== null)}
      onClick={stop}
    >
      Stop
    </Button>
  ) : (
    <Button
      {...common}
      leftSection={<PlayIcon size={14} />}
      rightSection={<Keys of="R" />}
      aria-keyshortcuts="r"
      loading={starting.busy}
      onClick={start}
    >
      Run again
    </Button>
  )
}
