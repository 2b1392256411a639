import { memo, useEffect } from 'react'
import { CalendarView } from './features/calendar/calendar-view.tsx'
import { ChangesView } from './features/changes/changes-view.tsx'
import { FailuresView } from './features/failures/failures-view.tsx'
import { HistoryView } from './features/history/history-view.tsx'
import { ImportView } from './features/import/import-view.tsx'
import { NodesView } from './features/nodes/nodes-view.tsx'
import { OverviewView } from './features/overview/overview-view.tsx'
import { RuntimeView } from './features/runtime/runtime-view.tsx'
import { SettingsView } from './features/settings/settings-view.tsx'
import { SyncView } from './features/sync/sync-view.tsx'
import { StartView } from './features/tasks/first-start/start-view.tsx'
import { TasksView } from './features/tasks/tasks-view.tsx'
import { href, RouteContext, useRoute, useRouter } from './lib/router.ts'
import { toastDone } from './lib/toast.ts'
import { useDrawnRoute } from './lib/use-drawn-route.ts'
import { ErrorBoundary } from './ui/error-boundary.tsx'

/** The page the address names, or for a moment still the one before. */
export function Views() {
  return (
    <RouteContext value={useDrawnRoute()}>
      <View />
    </RouteContext>
  )
}

/** The view of that page; unknown ones lead to the overview. Not rendered again but for another page. */
const View = memo(function View() {
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
      ) : view === 'failures' ? (
        <FailuresView failureId={record} />
      ) : view === 'history' ? (
        <HistoryView historyId={record} />
      ) : view === 'calendar' ? (
        <CalendarView />
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
      ) : view === 'start' ? (
        <StartView />
      ) : view === 'import' ? (
        <ImportView />
      ) : (
        <ToOverview from={view} />
      )}
    </ErrorBoundary>
  )
})

function ToOverview({ from }: { from: string }) {
  const router = useRouter()
  useEffect(() => {
    // Who has gone on meanwhile stays there.
    if ((router.current().path[0] ?? '') !== from) return
    // A link may be of another version, or mistyped.
    if (from !== '') toastDone(`There is no view “${from}”`)
    router.go(href(['overview']), { replace: true })
  }, [router, from])
  return null
}
