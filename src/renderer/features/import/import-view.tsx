import { Button } from '@mantine/core'
import { things } from '../../lib/format.ts'
import { useRefusal } from '../../lib/role.ts'
import { useCommands } from '../../lib/use-commands.ts'
import { ErrorView } from '../../ui/error-view.tsx'
import { SkeletonRows } from '../../ui/skeleton-rows.tsx'
import { Keys } from '../../ui/text.tsx'
import { ChooseSource } from './choose-source.tsx'
import { PlanTable } from './plan-table.tsx'
import { Samples } from './samples.tsx'
import { importContext } from './store.ts'

/** Brings tasks in: first what would happen, then, when the person says so, what happened. */
export function ImportView() {
  const source = importContext.useState((state) => state.source)
  return source ? <Plan /> : <Choose />
}

function Choose() {
  return (
    <div className="import">
      <div className="import-in">
        <ChooseSource />
        <Samples />
      </div>
    </div>
  )
}

function Plan() {
  const plan = importContext.useState((state) => state.plan)
  const result = importContext.useState((state) => state.result)
  const { choose, clear } = importContext.useApi().getState()
  const source = importContext.useState((state) => state.source)
  const busy = result.status === 'loading'
  useCommands('import', { back: busy ? undefined : clear })
  const failed = result.status === 'failed' ? result.error : plan.status === 'failed' ? plan.error : null
  if (failed)
    return (
      <div className="import-plan">
        <ErrorView what="Nothing was imported" error={failed} onRetry={() => source && void choose(source)} />
        <div className="import-bar">
          <span className="grow" />
          <Button onClick={clear}>Choose something else</Button>
        </div>
      </div>
    )
  if (plan.status !== 'ready') return <SkeletonRows />
  const done = result.status === 'ready' ? result.data : null
  return (
    <div className="import-plan">
      <PlanTable result={done ?? plan.data} isDone={done !== null} />
      {done ? <DoneBar /> : <StartBar />}
    </div>
  )
}

function StartBar() {
  const plan = importContext.useState((state) => state.plan)
  const progress = importContext.useState((state) => state.progress)
  const { start, clear } = importContext.useApi().getState()
  const refusal = useRefusal('admin')
  const writes = plan.status === 'ready' ? plan.data.created + plan.data.updated : 0
  const go = (): void => void start()
  const may = writes > 0 && progress === null && refusal === null
  useCommands('import', { start: may ? go : undefined })
  return (
    <div className="import-bar">
      {progress && progress.total > 0 && (
        <progress aria-label="Import" value={progress.done} max={progress.total} />
      )}
      <span className="t2">
        {writes === 0
          ? 'There is nothing to do: every task is here as it is there.'
          : 'Nothing is written yet.'}
      </span>
      <span className="grow" />
      <Button disabled={progress !== null} onClick={clear}>
        Choose something else
      </Button>
      <Button
        variant="filled"
        rightSection={<Keys of="Ctrl Enter" />}
        aria-keyshortcuts="Control+Enter"
        disabled={!may}
        title={refusal ?? undefined}
        loading={progress !== null}
        onClick={go}
      >
        Import {things(writes, 'task')}
      </Button>
    </div>
  )
}

function DoneBar() {
  const { clear } = importContext.useApi().getState()
  return (
    <div className="import-bar">
      <span className="t2">Importing the same again changes nothing.</span>
      <span className="grow" />
      <Button onClick={clear}>Import something else</Button>
      <Button variant="filled" component="a" href="#/tasks">
        To the tasks
      </Button>
    </div>
  )
}
