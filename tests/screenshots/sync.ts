import type { Browser, Page } from 'playwright-core'
import type { Task } from '../../src/shared/domain/task.ts'
import { page as pageOf, systemInfo } from '../support/memory-records.ts'
import type { MemoryNode } from '../support/memory-services.ts'
import { syncStatus } from '../support/sync-records.ts'
import { openWindow } from '../ui/window.ts'
import { ago, conflicts, HERE, nodes, pending, recent, replicas, tasks } from './replicas.ts'

/*
 * Table sync as the story has it: a window on a node in memory, of a cluster in which one node is away, one is copied
 * anew, and edits were made offline. What happens within seconds on a real cluster stands still here.
 */

/** The window of a node that is in such a cluster. */
const fill = ({ services, sync }: MemoryNode): void => {
  const all = tasks()
  sync.status = syncStatus({ nodes: replicas(), openConflicts: 2 })
  sync.conflicts = conflicts()
  services.nodes.list = async (_caller, query) => pageOf(nodes(), query)
  const shown = all.filter(({ enabled }) => enabled)
  services.tasks.list = async (_caller, query) => pageOf(shown, query)
  services.tasks.get = async (_caller, id) => all.find(({ taskId }) => taskId === id) ?? (all[0] as Task)
  services.changes.list = async (_caller, query) => pageOf(recent(all), query)
  services.system.info = async ({ actor, role }) => {
    const told = systemInfo(actor, role)
    const scheduler = { ...told.scheduler, lastTick: ago(2) }
    return { ...told, nodeName: HERE, databaseType: 'PostgreSQL', scheduler, actor: 'anna' }
  }
  services.cluster.get = async () => ({
    ...{ clusterId: '', nodes: { active: 10, away: 1, draining: 1, retired: 0 } },
    ...{ capacity: 58, running: 9, queued: 0, hold: null },
  })
}

/** The same node a while after its database went away: edits wait on it. */
const takeAway = ({ services, sync }: MemoryNode): void => {
  const { info } = services.system
  const since = ago(441)
  const reason = 'cluster on db-01.corp.example:5432 does not answer (ECONNREFUSED)'
  services.system.info = async (caller) => ({
    ...(await info(caller)),
    database: { away: { since, reason } },
  })
  sync.pending = pending(tasks())
  sync.status = syncStatus({
    // What others lack is counted in the cluster database only.
    nodes: replicas().map((one) => ({ ...one, lag: 0, lagSeconds: 0 })),
    ...{ newestSeq: null, sealedTo: null, openConflicts: null },
    fromReplica: { since, asOf: ago(443) },
  })
}

interface SyncPicture {
  name: string
  path: string
  isAway?: boolean
  show: (page: Page) => Promise<unknown>
}

export const syncPictures: readonly SyncPicture[] = [
  { name: 'sync', path: 'sync', show: (page) => page.getByText('Fetch bank statements').waitFor() },
  {
    name: 'sync-conflict',
    path: 'sync/conflicts/0190cccc-0000-7000-8000-000000000001',
    show: async (page) => {
      await page.getByRole('radio', { name: 'schedule: mine' }).click()
      await page.getByRole('button', { name: 'Edit timeout' }).click()
      await page.getByRole('textbox', { name: 'timeout, as JSON' }).fill('1000')
    },
  },
  {
    name: 'sync-deleted',
    path: 'sync/conflicts/0190cccc-0000-7000-8000-000000000002',
    show: (page) => page.getByText('Delete it after all').waitFor(),
  },
  {
    name: 'database-away',
    path: 'tasks',
    isAway: true,
    show: (page) => page.getByText('edit waits').first().waitFor(),
  },
  {
    name: 'database-away-editor',
    path: 'tasks/task-4',
    isAway: true,
    show: (page) => page.getByText('This edit waits on this node').waitFor(),
  },
  {
    name: 'database-away-sync',
    path: 'sync',
    isAway: true,
    show: (page) =>
      page
        .getByText(/To send/)
        .first()
        .waitFor(),
  },
  {
    name: 'database-away-changes',
    path: 'changes',
    isAway: true,
    show: (page) => page.getByText(/Waiting to be sent/).waitFor(),
  },
]

/** A page that shows one of the pictures. */
export const openSyncPicture = async (
  browser: Browser,
  { path, isAway = false, show }: SyncPicture,
  scheme: 'light' | 'dark',
  onEnd: (close: () => Promise<void>) => void,
): Promise<Page> => {
  const { page, node: memory, go } = await openWindow(browser, { scheme }, onEnd)
  fill(memory)
  if (isAway) takeAway(memory)
  await go(path)
  await page.reload()
  await show(page)
  return page
}
