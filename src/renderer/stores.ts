import type { Connected } from './client.ts'
import { createCalendarStore } from './features/calendar/store.ts'
import { createChangesStore } from './features/changes/store.ts'
import { createFailuresStore } from './features/failures/store.ts'
import { createHistoryStore } from './features/history/store.ts'
import { createImportStore } from './features/import/store.ts'
import { createNodesStore } from './features/nodes/store.ts'
import { createOverviewStore } from './features/overview/store.ts'
import { createRuntimeStore } from './features/runtime/store.ts'
import { createSettingsStore } from './features/settings/store.ts'
import { createConflictsStore } from './features/sync/store.ts'
import { createTasksStore } from './features/tasks/store.ts'
import { createEventStream } from './lib/event-stream.ts'
import { createClusterStore } from './shell/cluster-store.ts'
import { createFailureCounts } from './shell/failure-store.ts'
import { createSyncStore } from './shell/sync-store.ts'
import { createSystemStore } from './shell/system-store.ts'

/** Every store of the app, wired to one client and one event stream. Features know nothing of each other. */
export const createStores = ({ client, local }: Connected) => {
  const stream = createEventStream((signal) => client.events({}, { signal }))
  const system = createSystemStore(client)
  const cluster = createClusterStore(client)
  const sync = createSyncStore(client)
  const tasks = createTasksStore(client)
  const history = createHistoryStore(client)
  const calendar = createCalendarStore(client)
  const nodes = createNodesStore(client)
  const changes = createChangesStore(client)
  const conflicts = createConflictsStore(client)
  const failures = createFailuresStore(client)
  const failureCounts = createFailureCounts(client)
  const runtime = createRuntimeStore(client)
  const overview = createOverviewStore(client)
  const settings = createSettingsStore(client, local)
  const importer = createImportStore(client, local)
  stream.subscribe((event) => {
    system.getState().onEvent(event)
    // What happened while the database was away was not told.
    const heard = event.type === 'database.back' ? ({ ...event, type: 'missed' } as const) : event
    cluster.getState().onEvent(heard)
    sync.getState().onEvent(heard)
    tasks.getState().onEvent(heard)
    history.getState().onEvent(heard)
    calendar.getState().onEvent(heard)
    nodes.getState().onEvent(heard)
    changes.getState().onEvent(heard)
    conflicts.getState().onEvent(heard)
    failures.getState().onEvent(heard)
    failureCounts.getState().onEvent(heard)
    runtime.getState().onEvent(heard)
    overview.getState().onEvent(heard)
    settings.getState().onEvent(heard)
  })
  const shared = { stream, system, cluster, sync, failureCounts }
  return {
    ...shared,
    tasks,
    history,
    calendar,
    nodes,
    changes,
    conflicts,
    failures,
    runtime,
    overview,
    settings,
    importer,
  }
}

export type Stores = ReturnType<typeof createStores>
