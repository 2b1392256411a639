import { expect, it } from 'vitest'
import { addressOf, describeConsole } from './console.ts'

/** Moves and presses in one breath: the window had a turn to hear of the move, and none to draw the other page. */
const inOneBreath = (address: string, keys: readonly string[]): string => `(async () => {
  location.hash = ${JSON.stringify(address)}
  for (let turn = 0; turn < 20; turn += 1) await null
  for (const key of ${JSON.stringify(keys)})
    (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
})()`

describeConsole('a page that is not drawn yet', (open) => {
  it('gets the keys that are pressed, and the page before it none', async () => {
    const { page, node, task, client, errors } = await open()
    const left = await task({ taskName: 'Left behind' })
    const meant = await task({ taskName: 'Gone to' })
    for (const [id, name] of Object.entries({ [meant]: 'Gone to', [left]: 'Left behind' })) {
      await page.goto(`${node.url}/#/tasks/${id}`)
      await page.getByRole('heading', { name }).waitFor()
    }
    await page.evaluate(inOneBreath(`#/tasks/${meant}`, ['r']))
    const runsOf = async (taskId: string) => (await client.tasks.history({ taskId })).items.length
    await page.getByRole('heading', { name: 'Gone to' }).waitFor()
    await page.keyboard.press('r')
    await expect.poll(() => runsOf(meant)).toBe(1)
    expect(await runsOf(left)).toBe(0)
    expect(errors).toEqual([])
  })

  it('is not left for the search that was typed on the page before it', async () => {
    const { page, node, task } = await open()
    await task({ taskName: 'Nightly backup' })
    await page.goto(`${node.url}/#/tasks`)
    await page.getByRole('link', { name: 'Nightly backup' }).waitFor()
    const field = page.getByRole('searchbox', { name: 'Search name, app, script' })
    await field.fill('nightly')
    await page.evaluate(inOneBreath('#/runtime', []))
    await page.waitForTimeout(400)
    expect(addressOf(page)).toBe('#/runtime')
  })

  it('takes what is typed on from a field of the page before it', async () => {
    const { page, node, task, client } = await open()
    const taskId = await task({ taskName: 'Nightly backup' })
    await page.goto(`${node.url}/#/tasks/${taskId}`)
    await page.getByLabel('Name', { exact: true }).focus()
    await page.evaluate(inOneBreath('#/runtime', ['x']))
    expect(await page.getByLabel('Name', { exact: true }).count()).toBe(0)
    expect(addressOf(page)).toBe('#/runtime')
    expect((await client.tasks.get({ taskId })).taskName).toBe('Nightly backup')
  })
})

describeConsole('in a field of text', (open) => {
  it('Ctrl+A chooses the text, and no rows', async () => {
    const { page, task } = await open()
    await task({ taskName: 'Nightly backup' })
    await page.keyboard.press('2')
    await page.getByRole('link', { name: 'Nightly backup' }).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('nightly')
    await page.keyboard.press('Control+a')
    expect(await page.getByRole('row', { selected: true }).count()).toBe(0)
    await page.keyboard.type('b')
    const field = page.getByRole('searchbox', { name: 'Search name, app, script' })
    expect(await field.inputValue()).toBe('b')
  })
})
