import { expect, it } from 'vitest'
import { localCaller } from '../../src/main/api/auth.ts'
import { taskInputSchema } from '../../src/shared/domain/task.ts'
import { changeOf, NODE_ID, systemInfo } from '../support/memory-records.ts'
import { pendingOf, syncStatus } from '../support/sync-records.ts'
import { violationsOf } from './axe.ts'
import { openSync } from './sync-page.ts'
import { describeWindow, type OpenWindow, type WindowOptions } from './window.ts'

const AT = '2026-11-24T14:02:11.000Z'
const AS_OF = '2026-11-24T14:02:09.000Z'
const REASON = 'cluster on db.example:5432 does not answer (ECONNREFUSED)'
const TASK = taskInputSchema.parse({ taskName: 'Backup', scriptPath: 'backup.sh' })

/** A node whose database is away, with an edit of a task that waits, and a deletion. */
const openAway = async (open: OpenWindow, options?: WindowOptions) => {
  const window = await openSync(open, options)
  const { services, sync } = window.node
  const task = await services.tasks.create(localCaller('Manual'), TASK)
  services.system.info = async (caller) => ({
    ...systemInfo(caller.actor, caller.role),
    database: { away: { since: AT, reason: REASON } },
  })
  sync.status = syncStatus({
    ...{ newestSeq: null, sealedTo: null, openConflicts: null, fromReplica: { since: AT, asOf: AS_OF } },
    nodes: sync.status?.nodes ?? [],
  })
  const of = { recordId: task.taskId, recordName: 'Backup', changedFields: ['timeout'] }
  sync.pending = [
    pendingOf('p1', of),
    pendingOf('p2', { recordName: 'Old report', action: 'DELETE', problem: 'the lock group is gone' }),
  ]
  return { ...window, task }
}

describeWindow('a node that answers from its replica', (open) => {
  it('says so on every page: since when, how old, and how many edits wait', async () => {
    const { page, node, go, errors } = await openAway(open)
    await go('tasks')
    const banner = page.locator('.banner')
    await banner.getByText(/Database away since .*15:02:11/).waitFor()
    await banner.getByText(/You see this node’s replica as of .*15:02:09\. Edits wait here and are/).waitFor()
    await banner.getByRole('link', { name: '2 edits wait' }).waitFor()
    await page
      .locator('.foot')
      .getByText(/^Replica, .* old$/)
      .waitFor()
    await page.getByText('Reading the replica').waitFor()
    // The database answers, and what waited is on its way.
    const { services } = node
    services.system.info = async (caller) => systemInfo(caller.actor, caller.role)
    node.emit({ type: 'database.back', at: AT })
    await banner.getByText('The database is back').waitFor()
    if (node.sync.status) node.sync.status.fromReplica = null
    node.sync.pending = []
    node.emit({ type: 'sync.progress', at: AT })
    await banner.waitFor({ state: 'detached' })
    expect(errors).toEqual([])
  })

  it('marks the tasks whose edits wait, and says what will become of them', async () => {
    const { page, node, go, task } = await openAway(open)
    await go('tasks')
    const row = page.getByRole('row').filter({ hasText: 'Backup' })
    await row.getByText('edit waits').waitFor()
    await go(`tasks/${task.taskId}`)
    const notice = page.locator('.waiting-edits')
    await notice
      .getByText('This edit waits on this node; it is delivered when the cluster database')
      .waitFor()
    await notice.getByText(/timeout changed by j\.ito/).waitFor()
    const [edit] = node.sync.pending
    if (edit) edit.problem = 'the name is taken'
    node.emit({ type: 'sync.progress', at: AT })
    await notice.getByText('the name is taken').waitFor()
    await row.getByText('edit refused').waitFor()
  })

  it('lists what waits above the log, and in the sync view with what was deleted', async () => {
    const { page, go, errors } = await openAway(open)
    await go('changes')
    const waiting = page.getByRole('region', { name: 'Waiting to be sent' })
    await waiting.getByText('Old report').waitFor()
    await waiting.getByText('the lock group is gone').waitFor()
    await go('sync')
    await page.getByText('To send · 2').waitFor()
    await page.getByText('Conflicts cannot be read now').waitFor()
    await page.getByText('The cluster database is away.').waitFor()
    expect(await page.getByRole('button', { name: 'Sync edge-muc-02' }).count()).toBe(0)
    expect(errors).toEqual([])
  })

  it.each(['light', 'dark'] as const)(
    'has no fault that axe finds, %s',
    { timeout: 60_000 },
    async (scheme) => {
      const { page, go, task } = await openAway(open, { scheme })
      const found: Record<string, string[]> = {}
      for (const path of ['tasks', `tasks/${task.taskId}`, 'changes', 'sync']) {
        await go(path)
        await page
          .getByText(/edit waits|Waiting to be sent|To send/)
          .first()
          .waitFor()
        found[path] = await violationsOf(page)
      }
      expect(found).toEqual(Object.fromEntries(Object.keys(found).map((path) => [path, []])))
    },
  )
})

describeWindow('what was delivered', (open) => {
  it('is told once, with the way to what is in conflict', async () => {
    const { page, node, go } = await openSync(open)
    await go('tasks')
    await page.getByText(/slots$/).waitFor()
    node.emit({
      ...{ type: 'sync.delivered', at: AT },
      delivered: { accepted: 2, merged: 0, conflicts: 1, refused: 0 },
    })
    await page.getByText('3 offline edits reached the cluster database: 2 taken, 1 in conflict').waitFor()
    await page.getByRole('link', { name: 'To the conflicts' }).click()
    await page.getByRole('table', { name: 'Replicas' }).waitFor()
  })

  it('stands at a change as the replicas that hold it', async () => {
    const { page, node, go } = await openSync(open)
    const change = changeOf('0190eeee-0000-7000-8000-000000000001', {
      recordName: 'Backup',
      seq: 7,
      syncedNodes: [NODE_ID, 'edge-muc-02'],
    })
    node.services.changes.list = async () => ({ items: [change], nextCursor: null })
    node.services.changes.get = async () => ({ ...change, oldData: null, newData: null, diff: [] })
    await go(`changes/${change.changeId}`)
    await page.getByText('2 of 3 nodes; not yet on edge-fra-01').waitFor()
  })
})
