import type { Connected } from './client.ts'
import { createChangesStore } from './features/changes/store.ts'
import { createHistoryStore } from './features/history/store.ts'
import { createImportStore } from './features/import/store.ts'
import { createOverviewStore } from './features/overview/store.ts'
import { createRuntimeStore } from './features/runtime/store.ts'
import { createSettingsStore } from './features/settings/store.ts'
import { createTasksStore } from './features/tasks/store.ts'
import { createEventStream } from './lib/event-stream.ts'
import { createSystemStore } from './shell/system-store.ts'

/** Every store of the app, wired to one client and one event stream. Features know nothing of each other. */
export const createStores = ({ client, local }: Connected) => {
  const stream = createEventStream((signal) => client.events({}, { signal }))
  const system = createSystemStore(client)
  const tasks = createTasksStore(client)
  const history = createHistoryStore(client)
  const changes = createChangesStore(client)
  const runtime = createRuntimeStore(client)
  const overview = createOverviewStore(client)
  const settings = createSettingsStore(client, local)
  const importer = createImportStore(client, local)
  stream.subscribe((event) => {
    // The first event of a connection: whatever happened meanwhile was missed.
    if (event.type === 'hello') void system.getState().load()
    tasks.getState().onEvent(event)
    history.getState().onEvent(event)
    changes.getState().onEvent(event)
    runtime.getState().onEvent(event)
    overview.getState().onEvent(event)
    settings.getState().onEvent(event)
  })
  return { stream, system, tasks, history, changes, runtime, overview, settings, importer }
}

export type Stores = ReturnType<typeof createStores>
