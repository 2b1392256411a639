import { expect, it } from 'vitest'
import { describeConsole } from './console.ts'
import { goTo } from './nodes-page.ts'

describeConsole('an emergency stop', (open) => {
  it('ends what runs after a question, shows on every page, and is taken back there', async () => {
    const console = await open()
    const { page, client } = console
    await console.script('long.sh', 'sleep 60\n')
    const taskId = await console.task({ taskName: 'Long one', scriptPath: 'long.sh' })
    const { historyId } = await client.tasks.run({ taskId })
    await expect.poll(async () => (await client.history.get({ historyId })).state).toBe('Running')
    await goTo(console, 'nodes')
    await page.getByRole('button', { name: 'Emergency stop…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Stop everything?' })
    await dialog.getByText(/1 run that goes on will be ended/).waitFor()
    await dialog.getByLabel('Reason').fill('wrong data everywhere')
    await page.keyboard.press('Control+Enter')
    const banner = page.getByRole('region', { name: 'Emergency stop' })
    await banner.getByText('wrong data everywhere').waitFor()
    await expect
      .poll(async () => (await client.history.get({ historyId })).state, { timeout: 10_000 })
      .toBe('Stopped')

    await goTo(console, 'tasks')
    await page.reload()
    await banner.getByText(/Emergency stop since/).waitFor()
    const again = page.getByRole('button', { name: 'Emergency stop…' })
    expect(await again.getAttribute('aria-disabled')).toBe('true')
    await again.focus()
    await page.getByRole('tooltip').getByText('The cluster is stopped already.').waitFor()
    await page.keyboard.press('Enter')
    expect(await dialog.count()).toBe(0)
    await banner.getByRole('button', { name: 'Resume' }).click()
    await banner.waitFor({ state: 'detached' })
    expect((await client.cluster.get({})).hold).toBeNull()
    expect(console.errors).toEqual([])
  })

  it('by somebody else is seen at once', async () => {
    const { page, client } = await open()
    await page.getByText('Try sample tasks').waitFor()
    await client.cluster.stop({ reason: 'from elsewhere' })
    await page.getByRole('region', { name: 'Emergency stop' }).getByText('from elsewhere').waitFor()
    await client.cluster.resume({})
    await page.getByRole('region', { name: 'Emergency stop' }).waitFor({ state: 'detached' })
  })
})
