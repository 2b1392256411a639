import { useEffect } from 'react'
import { ChangesView } from './features/changes/changes-view.tsx'
import { HistoryView } from './features/history/history-view.tsx'
import { ImportView } from './features/import/import-view.tsx'
import { NodesView } from './features/nodes/nodes-view.tsx'
import { OverviewView } from './features/overview/overview-view.tsx'
import { RuntimeView } from './features/runtime/runtime-view.tsx'
import { SettingsView } from './features/settings/settings-view.tsx'
import { SyncView } from './features/sync/sync-view.tsx'
import { TasksView } from './features/tasks/tasks-view.tsx'
import { href, useRoute, useRouter } from './lib/router.ts'
import { ErrorBoundary } from './ui/error-boundary.tsx'

/** The view the address names. Unknown ones lead to the overview. */
export function Views() {
  const { path } = useRoute()
  const [view = '', record, detail] = path
  return (
    <ErrorBoundary resetKey={path.join('/')}>
      {/* A detail has a heading of its own; a list is named by the top bar for those who see it. */}
      {record === undefined && <h1 className="hidden-text">{view}</h1>}
      {view === 'overview' ? (
        <OverviewView />
      ) : view === 'tasks' ? (
        <TasksView taskId={record} />
      ) : view === 'history' ? (
        <HistoryView historyId={record} />
      ) : view === 'nodes' ? (
        <NodesView nodeId={record} />
      ) : view === 'changes' ? (
        <ChangesView changeId={record} />
      ) : view === 'sync' ? (
        <SyncView conflictId={detail} />
      ) : view === 'runtime' ? (
        <RuntimeView />
      ) : view === 'settings' ? (
        <SettingsView section={record} />
      ) : view === 'import' ? (
        <ImportView />
      ) : (
        <ToOverview />
      )}
    </ErrorBoundary>
  )
}

function ToOverview() {
  const router = useRouter()
  useEffect(() => router.go(href(['overview']), { replace: true }), [router])
  return null
}
