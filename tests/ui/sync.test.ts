import { expect, it } from 'vitest'
import { byRule, conflictField, conflictOf, pendingOf } from '../support/sync-records.ts'
import { violationsOf } from './axe.ts'
import { conflictPanel, DELETED, deleted, EDIT, edit, openSync, rowOf } from './sync-page.ts'
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
    await page.keyboard.press('6')
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

describeWindow('a conflict', (open) => {
  it('is decided field by field, with what neither side has, by keys', async () => {
    const { page, node, go, errors } = await openSync(open)
    node.sync.conflicts = [edit(), deleted()]
    await go('sync')
    const panel = conflictPanel(page, 'Import price list')
    await panel.getByText('j.ito edited it offline on edge-muc-02').waitFor()
    await panel.getByText('Until you decide, theirs applies.').waitFor()
    await panel.getByRole('radio', { name: 'schedule: mine' }).check()
    await panel.getByRole('button', { name: 'Edit timeout' }).click()
    await panel.getByRole('textbox', { name: 'timeout, as JSON' }).fill('10o0')
    await panel.getByText('This is no JSON').first().waitFor()
    expect(await panel.getByRole('button', { name: 'Save result' }).isDisabled()).toBe(true)
    await panel.getByRole('textbox', { name: 'timeout, as JSON' }).fill('1000')
    await page.keyboard.press('Control+Enter')
    await page.getByText('Import price list: the result is saved').waitFor()
    expect(node.sync.resolved).toEqual([
      { conflictId: EDIT, sides: { schedule: 'mine' }, merged: { timeout: 1000 } },
    ])
    // The next one comes by itself.
    await conflictPanel(page, 'Warm cache').waitFor()
    expect(addressOf(page)).toBe(`#/sync/conflicts/${DELETED}`)
    expect(errors).toEqual([])
  })

  it('takes one side with M or T, and offers the way back', async () => {
    const { page, node, go } = await openSync(open)
    node.sync.conflicts = [edit()]
    await go(`sync/conflicts/${EDIT}`)
    const panel = conflictPanel(page, 'Import price list')
    await panel.waitFor()
    await page.keyboard.press('m')
    await expect.poll(() => panel.getByRole('radio', { name: 'timeout: mine' }).isChecked()).toBe(true)
    await page.keyboard.press('Control+Enter')
    await page.getByText('Import price list: mine was taken').waitFor()
    await page.getByRole('button', { name: 'Undo', exact: true }).click()
    await page.getByText('Import price list has the values from before').waitFor()
    expect(node.sync.resolved).toEqual([
      { conflictId: EDIT, take: 'mine' },
      { conflictId: EDIT, take: 'theirs' },
    ])
  })

  it('is written as JSON as a whole', async () => {
    const { page, node, go } = await openSync(open)
    node.sync.conflicts = [edit()]
    await go('sync')
    const panel = conflictPanel(page, 'Import price list')
    await panel.getByText('Edit as JSON').click()
    const text = panel.getByRole('textbox', { name: 'Result as JSON' })
    await text.fill('{"retries": 1}')
    await panel.getByText('retries is not among the fields of this conflict').first().waitFor()
    await text.fill('{"schedule": "0 9 * * *", "timeout": 900}')
    await panel.getByText('Fields', { exact: true }).click()
    await expect.poll(() => panel.getByRole('radio', { name: 'timeout: mine' }).isChecked()).toBe(true)
    await panel.getByRole('button', { name: 'Save result' }).click()
    await expect
      .poll(() => node.sync.resolved)
      .toEqual([
        {
          conflictId: EDIT,
          sides: { timeout: 'mine' },
          merged: { schedule: '0 9 * * *' },
        },
      ])
  })

  it('between a deletion and an edit says what each choice does', async () => {
    const { page, node, go } = await openSync(open)
    node.sync.conflicts = [deleted()]
    await go('sync')
    const panel = conflictPanel(page, 'Warm cache')
    await panel.getByText('An edit is stronger than a deletion that had not seen it: it stayed.').waitFor()
    await panel.getByRole('radio', { name: 'Delete it after all' }).check()
    await panel.getByRole('button', { name: 'Save result' }).click()
    await expect.poll(() => node.sync.resolved).toEqual([{ conflictId: DELETED, take: 'mine' }])
  })

  it('that a rule decided is taken back in the list; a taken name gets another one', async () => {
    const { page, node, go } = await openSync(open)
    const rule = byRule(
      conflictOf(EDIT, { recordName: 'Fetch', fields: [conflictField('timeout', [1, 2, 3])] }),
    )
    const name = byRule(
      conflictOf(DELETED, {
        recordName: 'Ping (2)',
        kind: 'NameTaken',
        fields: [conflictField('taskName', [null, 'Ping', 'Ping'], { taken: 'merged', value: 'Ping (2)' })],
      }),
    )
    node.sync.conflicts = [rule, name]
    await go(`sync/conflicts/${DELETED}`)
    await page.getByText('timeout: theirs was newer').waitFor()
    await page.getByText('renamed from “Ping”').waitFor()
    await page.getByRole('button', { name: 'Undo the rule for Fetch' }).click()
    await page.getByText('Fetch: mine was taken').waitFor()
    const panel = conflictPanel(page, 'Ping (2)')
    expect(await panel.getByRole('button', { name: 'Save result' }).isDisabled()).toBe(true)
    await panel.getByRole('radio', { name: 'Another name' }).check()
    await panel.getByRole('textbox', { name: 'Name' }).fill('Ping west')
    await panel.getByRole('button', { name: 'Save result' }).click()
    await expect
      .poll(() => node.sync.resolved)
      .toEqual([
        { conflictId: EDIT, take: 'mine' },
        { conflictId: DELETED, merged: { taskName: 'Ping west' } },
      ])
  })

  it('tells when its record was changed since, and when it is gone', async () => {
    const { page, node, go } = await openSync(open)
    node.sync.conflicts = [{ ...edit(), current: { schedule: '10 8 * * 1-6', timeout: 77 } }]
    await go('sync')
    const panel = conflictPanel(page, 'Import price list')
    await panel.getByText('The record was changed since.').waitFor()
    await panel.getByText('77').waitFor()
    node.sync.conflicts = [{ ...edit(), current: null }]
    node.emit({ type: 'conflict.changed', at: '2026-11-24T14:00:00.000Z' })
    await panel.getByText('The record is gone.').waitFor()
    expect(await panel.getByRole('button', { name: 'Save result' }).isDisabled()).toBe(true)
  })

  it('is left as it is by whoever only looks', async () => {
    const { page, node, go, url } = await openSync(open, { atHome: false })
    node.sync.conflicts = [edit(), byRule(conflictOf('r', { fields: [conflictField('timeout', [1, 2, 3])] }))]
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.goto(`${url}/#token=${node.tokens.viewer}`)
    await page.reload()
    await go('sync')
    const panel = conflictPanel(page, 'Import price list')
    const save = panel.getByRole('button', { name: 'Save result' })
    await expect.poll(() => save.getAttribute('title'), { timeout: 10_000 }).toMatch(/needs the role admin/)
    expect(await save.isDisabled()).toBe(true)
    expect(await page.getByRole('button', { name: /^(Sync|Undo|Read everything)/ }).count()).toBe(0)
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
