import { Button } from '@mantine/core'
import { useEffect } from 'react'
import type { SyncStatus } from '../../../shared/domain/sync.ts'
import { href } from '../../lib/router.ts'
import { syncContext } from '../../shell/sync-store.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorView } from '../../ui/error-view.tsx'
import { SkeletonRows } from '../../ui/skeleton-rows.tsx'
import { FactsStrip } from './facts-strip.tsx'
import { Inbox } from './inbox.tsx'
import { Matrix } from './matrix.tsx'
import { conflictsContext } from './store.ts'

/** How far every replica is, what waits to be sent, and edits that had not seen each other. */
export function SyncView({ conflictId }: { conflictId: string | undefined }) {
  const status = syncContext.useState((state) => state.status)
  const sync = syncContext.useApi().getState()
  const conflicts = conflictsContext.useApi().getState()
  useEffect(() => sync.watch(), [sync])
  useEffect(() => conflicts.watch(), [conflicts])
  if (status.status === 'failed')
    return (
      <ErrorView
        what="The state of table sync could not be read"
        error={status.error}
        onRetry={() => void sync.load()}
      />
    )
  if (status.status !== 'ready') return <SkeletonRows />
  if (!status.data.enabled) return <NoSync status={status.data} />
  return (
    <div className="sync-view">
      <FactsStrip status={status.data} />
      <Matrix status={status.data} />
      <Inbox status={status.data} conflictId={conflictId} />
    </div>
  )
}

/** Why this node keeps no replica, and the way to one. */
function NoSync({ status: { reason } }: { status: SyncStatus }) {
  return (
    <EmptyState
      title="This node keeps no replica"
      act={
        <Button component="a" href={href(['settings', 'database'])}>
          To the database settings
        </Button>
      }
    >
      <p>{reason}</p>
      <p>
        With a server database (PostgreSQL, MySQL, MariaDB or SQL Server), logged changes and table sync
        switched on, every node keeps a copy of tasks, schedules and nodes. When the server is away it shows
        that copy, takes edits, and delivers them on return; edits that had not seen each other meet here.
      </p>
    </EmptyState>
  )
}
