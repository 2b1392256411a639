import { Button } from '@mantine/core'
import { useStore, type StoreApi } from 'zustand'
import type { ClusterNode } from '../../../shared/domain/node.ts'
import type { Run } from '../../../shared/domain/run.ts'
import { useRefusal } from '../../lib/role.ts'
import { href } from '../../lib/router.ts'
import { useAct } from '../../lib/use-act.ts'
import { RunTimeline } from '../../ui/run-timeline/run-timeline.tsx'
import { Shape } from '../../ui/state.tsx'
import { Section } from '../../ui/text.tsx'
import { Since } from '../../ui/time.tsx'
import type { NodeViewState } from './node-store.ts'
import { PartError } from './part-error.tsx'
import { nodesContext } from './store.ts'

/** The runs that go on there, each of which can be stopped from here. */
export function RunningThere({ node, store }: { node: ClusterNode; store: StoreApi<NodeViewState> }) {
  const running = useStore(store, (state) => state.running)
  const runs = running.status === 'ready' ? running.data : []
  return (
    <Section title="Running now" count={`${node.running} of ${node.maxConcurrentTasks}`}>
      {running.status === 'failed' && <PartError error={running.error} store={store} />}
      {running.status === 'ready' && runs.length === 0 && <p className="t3 small">Nothing.</p>}
      <ul className="node-runs">
        {runs.map((run) => (
          <RunLine key={run.historyId} run={run} />
        ))}
      </ul>
    </Section>
  )
}

const DAY = 24 * 60 * 60_000

/** What ran there, nearer or further as one likes. */
export function RanThere({ store }: { store: StoreApi<NodeViewState> }) {
  const { readTimeline } = store.getState()
  const running = useStore(store, (state) => state.running)
  return (
    <section className="section">
      <RunTimeline label="Timeline" read={readTimeline} lengthMs={DAY} version={running} />
    </section>
  )
}

function RunLine({ run }: { run: Run }) {
  const { stopRun } = nodesContext.useApi().getState()
  const stopping = useAct(`${run.taskName} was not stopped`)
  const refusal = useRefusal('operator')
  const asked = run.stopRequestedAt !== null
  return (
    <li>
      <Shape of="Running" alone />
      <a className="cut" href={href(['history', run.historyId])}>
        {run.taskName}
      </a>
      <span className="t3">{run.startTime && <Since at={run.startTime} />}</span>
      <Button
        size="compact-xs"
        aria-label={`Stop ${run.taskName}`}
        loading={stopping.busy}
        disabled={refusal !== null || asked}
        title={refusal ?? (asked ? 'It was asked to stop; its processes are ending.' : undefined)}
        onClick={() => stopping.start(() => stopRun(run.historyId))}
      >
        {asked ? 'Stopping' : 'Stop'}
      </Button>
    </li>
  )
}
