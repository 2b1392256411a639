import { Button } from '@mantine/core'
import { useEffect, useMemo, useState } from 'react'
import type { DatabaseProbe } from '../../../../shared/domain/database.ts'
import type { CurrentDatabase } from '../../../../shared/domain/database-target.ts'
import { things } from '../../../lib/format.ts'
import { useCommands } from '../../../lib/use-commands.ts'
import { useLeaveGuard } from '../../../lib/use-leave-guard.ts'
import { ErrorView } from '../../../ui/error-view.tsx'
import { LeaveBar } from '../../../ui/leave-bar.tsx'
import { SkeletonRows } from '../../../ui/skeleton-rows.tsx'
import { Shape } from '../../../ui/state.tsx'
import { Code, Keys, Section } from '../../../ui/text.tsx'
import { Arriving } from './arriving.tsx'
import { ConnectionForm } from './connection-form.tsx'
import { CopyProgress } from './copy-progress.tsx'
import { ProbeResult } from './probe-result.tsx'
import { databaseContext } from './store.ts'
import { SwitchDialog } from './switch-dialog.tsx'

/** Which database this node uses, and the way to another one: test, prepare, copy, switch. */
export function OwnDatabase() {
  const current = databaseContext.useState((state) => state.current)
  const draft = databaseContext.useState((state) => state.draft)
  const { load } = databaseContext.useApi().getState()
  useEffect(() => void load(), [load])
  if (current.status === 'failed')
    return (
      <ErrorView
        what="What app.yaml says of the database could not be read"
        error={current.error}
        onRetry={() => void load()}
      />
    )
  if (current.status !== 'ready' || !draft) return <SkeletonRows rows={6} />
  return (
    <>
      <Arriving of={current.data.where}>
        <InUse current={current.data} />
      </Arriving>
      <ConnectionForm draft={draft} />
      <ProbeResult />
      <CopyProgress />
    </>
  )
}

function InUse({ current: { where, inUse, running, before } }: { current: CurrentDatabase }) {
  return (
    <Section title="This node">
      <p className="row">
        <Shape of="Success" />
        <span>
          uses <b>{running}</b>
        </span>
      </p>
      {!inUse && (
        <p className="row database-waits" role="status">
          <Shape of="Timeout" />
          <span>
            <b className="warn">Restart the node:</b>{' '}
            {where === running ? 'it then uses it as app.yaml says now.' : <>from then on it uses {where}.</>}
            {before !== null && (
              <>
                {' '}
                Settings before are in <Code>{before}</Code>.
              </>
            )}
          </span>
        </p>
      )}
    </Section>
  )
}

/** Why there is nothing to switch to yet; null: there is. */
const refusalOf = (probe: DatabaseProbe | null): string | null => {
  if (!probe) return 'Test the connection first.'
  return probe.ok ? null : 'A node cannot work on it; the test says why.'
}

/** At the foot while something differs from the file; asks before it is lost. */
export function SwitchBar() {
  const store = databaseContext.useApi()
  const changed = databaseContext.useState((state) => state.changed.length)
  const current = databaseContext.useState((state) => state.current)
  const probe = databaseContext.useState((state) => state.probe)
  const busy = databaseContext.useState((state) => state.busy)
  const [asking, setAsking] = useState(false)
  const guarded = useMemo(
    () => ({
      isDirty: () => store.getState().changed.length > 0,
      discard: () => store.getState().discard(),
    }),
    [store],
  )
  const leave = useLeaveGuard(guarded)
  const refusal = refusalOf(probe)
  const ask = changed > 0 && refusal === null && busy === null ? () => setAsking(true) : undefined
  useCommands('settings', { save: ask })
  if (changed === 0) return null
  if (leave.to !== null) return <LeaveBar changed={changed} onLeave={leave.go} onStay={leave.stay} />
  return (
    <div className="save">
      <div className="savebar">
        <span className="dot" aria-hidden />
        <b>{things(changed, 'field')} changed</b>
        <span className="t3 grow">{refusal}</span>
        <Button onClick={guarded.discard}>Discard</Button>
        <Button
          variant="filled"
          disabled={!ask}
          title={refusal ?? undefined}
          rightSection={<Keys of="Ctrl S" />}
          aria-keyshortcuts="Control+S"
          onClick={ask}
        >
          Switch…
        </Button>
      </div>
      {asking && probe && current.status === 'ready' && (
        <SwitchDialog current={current.data} probe={probe} onClose={() => setAsking(false)} />
      )}
    </div>
  )
}
