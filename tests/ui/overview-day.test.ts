import { expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { describeConsole } from './console.ts'

describeConsole('the overview of a day', (open) => {
  it('tells how many runs ended well, what failed after which change, and what comes', async () => {
    const { page, node, client, script, task, errors } = await open()
    await script('bad.sh', 'exit 3\n')
    const good = await task({ taskName: 'Good', schedule: '*/30 * * * *' })
    const bad = await task({ taskName: 'Bad', scriptPath: 'ok.sh' })
    const run = async (taskId: string): Promise<void> => {
      const { historyId } = await client.tasks.run({ taskId })
      await eventually(async () => (await client.history.get({ historyId })).endTime !== null)
    }
    await run(good)
    await run(bad)
    await client.tasks.update({ taskId: bad, scriptPath: 'bad.sh' }, { context: { reason: 'a new script' } })
    await run(bad)
    await page.goto(`${node.url}/#/overview`)
    await page.getByText(/66\.6 % of 3 runs ended well/).waitFor()
    await page.getByText('48 slots in the next 24 hours').waitFor()
    await page.getByText(/In the last 6 hours 3 runs ended, 1 badly/).waitFor({ state: 'attached' })
    await page.getByRole('link', { name: /just before: token:first-admin changed .*scriptPath/ }).click()
    await page.getByText('“a new script”').waitFor()
    expect(errors).toEqual([])
  })
})
