import { expect, it } from 'vitest'
import { describeConsole, addressOf } from './console.ts'

describeConsole('history', (open) => {
  it('is filtered by state and time, keeps that in the address, and offers to clear it', async () => {
    const { page, node, script, task, client, errors } = await open()
    await script('bad.sh', 'exit 3\n')
    const good = await task({ taskName: 'Good one' })
    const bad = await task({ taskName: 'Bad one', scriptPath: 'bad.sh' })
    await client.tasks.run({ taskId: good })
    await client.tasks.run({ taskId: bad })
    await page.goto(`${node.url}/#/history?state=Failed&since=24h`)
    await page.getByRole('link', { name: 'Bad one' }).waitFor()
    expect(await page.getByRole('link', { name: 'Good one' }).count()).toBe(0)
    await page.getByText('When is the last 24 hours').waitFor()

    await page.getByRole('button', { name: 'Clear filter State' }).click()
    await page.getByRole('link', { name: 'Good one' }).waitFor()
    expect(addressOf(page)).toBe('#/history?since=24h')

    await page.goto(`${node.url}/#/history?state=Lost&since=1h`)
    await page.getByRole('button', { name: 'Clear the filter' }).click()
    await page.getByRole('link', { name: 'Good one' }).waitFor()
    expect(errors).toEqual([])
  })
})
