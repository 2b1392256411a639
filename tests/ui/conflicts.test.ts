import { expect, it } from 'vitest'
import { byRule, conflictField, conflictOf } from '../support/sync-records.ts'
import { conflictPanel, DELETED, deleted, EDIT, edit, openSync } from './sync-page.ts'
import { addressOf } from './console.ts'
import { describeWindow } from './window.ts'

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
