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
    await page.goto(`${node.url}/#/tasks/${left}`)
    await page.getByRole('heading', { name: 'Left behind' }).waitFor()
    await page.evaluate(inOneBreath('#/history', ['r', '/']))
    const focused = await page.evaluate<string | null>(`document.activeElement.getAttribute('aria-label')`)
    expect(focused).toBe('Search task, app, reason')
    expect((await client.tasks.history({ taskId: left })).items).toEqual([])
    expect(errors).toEqual([])
  })

  it('is drawn for a key that leads on from it, and the page before both does not come back', async () => {
    const { page, node, task, errors } = await open()
    const left = await task({ taskName: 'Left behind' })
    await page.goto(`${node.url}/#/tasks/${left}`)
    await page.getByRole('heading', { name: 'Left behind' }).waitFor()
    await page.evaluate(`new MutationObserver(() => {
      window.cameBack ||= location.hash === '#/tasks/new' && document.querySelector('.editor h1, .editor h2')?.textContent === 'Left behind'
    }).observe(document.body, { childList: true, subtree: true })`)
    await page.evaluate(inOneBreath('#/tasks', ['n']))
    await page.getByRole('heading', { name: 'New task' }).waitFor()
    expect(await page.evaluate('window.cameBack')).not.toBe(true)
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
    // Timers end in their order: the one of the search was first.
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 250))')
    expect(addressOf(page)).toBe('#/runtime')
  })

  it('leaves no field of the page before it to be typed on in', async () => {
    const { page, node, task, client } = await open()
    const taskId = await task({ taskName: 'Nightly backup' })
    await page.goto(`${node.url}/#/tasks/${taskId}`)
    await page.getByLabel('Name', { exact: true }).focus()
    await page.evaluate(inOneBreath('#/runtime', ['x']))
    expect(await page.getByLabel('Name', { exact: true }).count()).toBe(0)
    await page.keyboard.type('yz')
    await page.goBack()
    await page.getByRole('heading', { name: 'Nightly backup' }).waitFor()
    expect(await page.getByText('unsaved change').count()).toBe(0)
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
