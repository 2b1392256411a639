import { expect, it } from 'vitest'
import { describeConsole } from './console.ts'

describeConsole('runtime', (open) => {
  it('shows what runs in which slot, and lets go of it when it ends', async () => {
    const { page, script, task, client, errors } = await open()
    await script('slow.sh', 'sleep 60\n')
    const taskId = await task({ taskName: 'Slow one', scriptPath: 'slow.sh', schedule: '0 3 * * *' })
    await page.getByRole('link', { name: 'Runtime' }).click()
    await page.getByText('Nothing runs on this node.').waitFor()
    const { historyId } = await client.tasks.run({ taskId })

    const jobs = page.getByRole('region', { name: 'Jobs' })
    await jobs.getByRole('link', { name: 'Slow one' }).waitFor()
    await page.getByRole('region', { name: 'Runspaces' }).getByText('Slow one').waitFor()
    const next = page.getByRole('table', { name: 'Tasks this node may run' })
    expect(await next.getByRole('link', { name: 'Slow one' }).getAttribute('href')).toContain(taskId)
    await page.getByRole('region', { name: 'Jobs' }).getByText('1 running').waitFor()

    await client.history.stop({ historyId })
    await jobs.getByText('0 running').waitFor()
    await page.getByRole('region', { name: 'Runspaces' }).getByText('0 of').waitFor()
    expect(errors).toEqual([])
  })

  it('says that its state is old while the node does not answer', async () => {
    const { page, node } = await open()
    await page.getByRole('link', { name: 'Runtime' }).click()
    await page.getByRole('heading', { name: 'Runspaces' }).waitFor()
    await node.stop('SIGKILL')
    await page.getByText(/Node unreachable since/).waitFor()
    expect(await page.getByRole('heading', { name: 'Runspaces' }).isVisible()).toBe(true)
  })
})
