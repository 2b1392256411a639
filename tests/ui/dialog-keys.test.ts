import { expect, it } from 'vitest'
import { addressOf, describeConsole } from './console.ts'

describeConsole('while a dialog is open', (open) => {
  it('its key stops everything, and does not take back the change on the page behind', async () => {
    const { page, node, task, client, errors } = await open()
    const taskId = await task({ taskName: 'Backup', priority: 1 })
    await client.tasks.update({ taskId, priority: 2 })
    const [newest] = (await client.changes.list({ table: ['Tasks'], record: [taskId] })).items
    await page.goto(`${node.url}/#/changes/${newest?.changeId ?? ''}`)
    await page.getByRole('button', { name: /Revert…/ }).click()
    await page.getByText('nothing is written yet').waitFor()
    await page.getByRole('button', { name: 'Emergency stop…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Stop everything?' })
    await dialog.getByLabel('Reason').fill('wrong data')
    await page.keyboard.press('Control+Enter')
    await dialog.waitFor({ state: 'detached' })
    expect((await client.cluster.get({})).hold).not.toBeNull()
    expect((await client.tasks.get({ taskId })).priority).toBe(2)

    // The page has its keys back.
    await page.keyboard.press('Control+Enter')
    await page.getByText('Took back the change of Backup').waitFor()
    expect((await client.tasks.get({ taskId })).priority).toBe(1)
    expect(errors).toEqual([])
  })

  it('the keys of the page behind do nothing, and Esc closes the dialog alone', async () => {
    const { page, node, task, client } = await open()
    const taskId = await task({ taskName: 'Backup' })
    await page.goto(`${node.url}/#/tasks/${taskId}`)
    await page.getByRole('heading', { name: 'Backup' }).waitFor()
    const ask = page.getByRole('button', { name: 'Emergency stop…' })
    const dialog = page.getByRole('dialog', { name: 'Stop everything?' })
    await ask.click()
    await dialog.getByRole('button', { name: 'Cancel' }).focus()
    for (const key of ['r', '1', 'n']) await page.keyboard.press(key)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(addressOf(page)).toBe(`#/tasks/${taskId}`)
    expect((await client.tasks.history({ taskId })).items).toEqual([])

    await ask.click()
    await dialog.getByLabel('Reason').fill('typed')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(addressOf(page)).toBe(`#/tasks/${taskId}`)
    await page.keyboard.press('Escape')
    await page.waitForURL(/#\/tasks$/)
  })

  it('takes the focus and gives it back where it was', async () => {
    const { page, node, task } = await open()
    const taskId = await task({ taskName: 'Backup' })
    await page.goto(`${node.url}/#/tasks/${taskId}`)
    const name = page.getByLabel('Name', { exact: true })
    await name.focus()
    // The first letters come before the dialog has had a turn.
    await page.evaluate(
      `document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true }))`,
    )
    await page.getByRole('combobox', { name: 'Go to or do anything' }).waitFor()
    await page.keyboard.type('sap')
    const field = page.getByRole('combobox', { name: 'Go to or do anything' })
    expect(await field.inputValue()).toBe('sap')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('End')
    await page.keyboard.type(' 2')
    expect(await name.inputValue()).toBe('Backup 2')
  })
})
