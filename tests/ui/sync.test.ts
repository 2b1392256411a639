import { expect, it } from 'vitest'
import { byRule, conflictField, conflictOf, pendingOf } from '../support/sync-records.ts'
import { violationsOf } from './axe.ts'
import { conflictPanel, deleted, edit, openSync, rowOf } from './sync-page.ts'
import { addressOf } from './console.ts'
import { describeWindow } from './window.ts'

describeWindow('the sync view', (open) => {
  it('says why there is no replica, and what would have to be done', async () => {
    const { page, go, errors } = await open()
    await go('sync')
    await page.getByRole('heading', { name: 'This node keeps no replica' }).waitFor()
    await page.getByText('The cluster database is a file of this machine').waitFor()
    await page.getByRole('link', { name: 'To the database settings' }).click()
    await expect.poll(() => addressOf(page)).toBe('#/settings/database')
    expect(errors).toEqual([])
  })

  it('tells how far every replica is, in sums and row by row', async () => {
    const { page, node, go, errors } = await openSync(open)
    await go('overview')
    node.sync.conflicts = [edit(), byRule(conflictOf('r', { fields: [conflictField('tags', [[], [], []])] }))]
    await page.reload()
    await page.getByRole('link', { name: /Sync\s*1 to decide/ }).waitFor()
    await page.keyboard.press('7')
    const facts = page.locator('.sync-facts')
    await facts.getByText(/^1 of 4 nodes$/).waitFor()
    await facts.getByText('340 ms p95, last hour').waitFor()
    await facts.getByText('2 edits on edge-muc-02').waitFor()
    await facts.getByText(/changes, sealed to 48.190/).waitFor()
    await rowOf(page, 'edge-fra-01')
      .getByText(/away since .*14:41:07/)
      .waitFor()
    await rowOf(page, 'edge-fra-01').getByText('118').waitFor()
    await rowOf(page, 'edge-fra-01')
      .getByText(/28.m 26.s/)
      .waitFor()
    await rowOf(page, 'edge-muc-02').getByText('2 edits wait').waitFor()
    await rowOf(page, 'ops-03').getByText('keeps no replica yet').waitFor()
    expect(errors).toEqual([])
  })

  it('lets a node sync, and asks before it reads everything anew', async () => {
    const { page, node, go } = await openSync(open)
    await go('sync')
    await page.getByRole('button', { name: 'Sync edge-muc-02' }).click()
    await page.getByText('edge-muc-02 syncs at its next look').waitFor()
    expect(await page.getByRole('button', { name: 'Sync edge-fra-01' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Read everything anew on edge-muc-02…' }).click()
    await page.getByText('Edits that wait there are kept').waitFor()
    expect(node.sync.triggered).toHaveLength(1)
    await page.keyboard.press('Control+Enter')
    await page.getByText('edge-muc-02 reads everything anew').waitFor()
    expect(node.sync.triggered).toEqual([
      { nodeId: 'edge-muc-02', bootstrap: false },
      { nodeId: 'edge-muc-02', bootstrap: true },
    ])
  })

  it('shows how far this node is with its copy', async () => {
    const { page, node, go } = await openSync(open)
    if (node.sync.status) node.sync.status.progress = { phase: 'bootstrap', done: 680, total: 1000 }
    await go('sync')
    await rowOf(page, 'this node')
      .getByText(/copying anew, 68.%/)
      .waitFor()
  })
})

describeWindow('an edit that was refused', (open) => {
  it('is given up after a question', async () => {
    const { page, node, go, errors } = await openSync(open)
    const problem = 'the lock group is gone'
    node.sync.pending = [pendingOf('p1', { recordName: 'Old report', action: 'DELETE', problem })]
    await go('sync')
    await page.getByText(problem).first().waitFor()
    await page.getByRole('button', { name: 'Give up…' }).click()
    await page.getByRole('dialog', { name: 'Give up the edit of Old report?' }).waitFor()
    await page.getByRole('button', { name: 'Keep it' }).click()
    expect(node.sync.pending).toHaveLength(1)
    await page.getByRole('button', { name: 'Give up…' }).click()
    await page.keyboard.press('Control+Enter')
    await page.getByText('Old report is what the cluster database has').waitFor()
    await page.getByText(problem).first().waitFor({ state: 'detached' })
    expect(node.sync.pending).toEqual([])
    expect(errors).toEqual([])
  })
})

describeWindow('axe', (open) => {
  const title = 'finds no fault in the sync view in the %s scheme'
  it.each(['light', 'dark'] as const)(title, { timeout: 120_000 }, async (scheme) => {
    const { page, node, go } = await openSync(open, { scheme })
    const found: Record<string, string[]> = {}
    const look = async (name: string): Promise<void> => {
      found[name] = await violationsOf(page)
    }
    await go('sync')
    await page.getByText('Nothing waits, and no edits have met').or(rowOf(page, 'ops-03')).first().waitFor()
    await look('nothing has met')
    node.sync.conflicts = [
      edit(),
      deleted(),
      byRule(conflictOf('rule', { fields: [conflictField('timeout', [1, 2, 3])] })),
    ]
    node.sync.pending = [pendingOf('p1', { recordName: 'Gone', action: 'DELETE', problem: 'no such lock' })]
    await page.reload()
    await conflictPanel(page, 'Import price list').waitFor()
    await look('a conflict')
    await page.getByRole('button', { name: 'Edit timeout' }).click()
    await look('a field that is typed')
    await page.getByText('Edit as JSON').click()
    await look('as JSON')
    await page.keyboard.press('Escape')
    await page.keyboard.press('j')
    await conflictPanel(page, 'Warm cache').waitFor()
    await look('a deletion')
    await page.getByRole('button', { name: 'Read everything anew on edge-muc-02…' }).click()
    await page.getByRole('dialog').waitFor()
    await look('the question before a copy')
    expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, []])))
  })
})
