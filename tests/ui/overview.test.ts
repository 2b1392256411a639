import { expect, it } from 'vitest'
import { describeConsole } from './console.ts'

describeConsole('overview', (open) => {
  it('leads from a failing task to the run that tells why, and is well again when the task is', async () => {
    const { page, node, script, task, client, errors } = await open()
    await page.goto(`${node.url}/#/overview`)
    await page.getByText('No tasks yet').waitFor()
    await script('bad.sh', 'echo "ERROR disk is full" >&2; exit 3\n')
    const taskId = await task({ taskName: 'Backup', scriptPath: 'bad.sh', schedule: '0 3 * * *' })
    await page.getByText('Every task ended well').waitFor()
    await client.tasks.run({ taskId })

    await page.getByText('1 task fails').waitFor()
    const failing = page.getByRole('region', { name: 'Failing' })
    await failing.getByText(/disk is full/).waitFor()
    await failing.getByRole('link', { name: 'Backup' }).click()
    await page.getByText('Exit code').waitFor()

    await script('bad.sh', 'echo fine\n')
    await page.getByRole('link', { name: 'Overview' }).click()
    await client.tasks.run({ taskId })
    await page.getByText('Every task ended well').waitFor()
    const coming = page.getByRole('region', { name: 'Coming next' })
    expect(await coming.getByRole('link', { name: 'Backup' }).getAttribute('href')).toContain(taskId)
    expect(errors).toEqual([])
  })

  it('shows a run while it goes on', async () => {
    const { page, node, script, task, client } = await open()
    await script('slow.sh', 'sleep 60\n')
    const taskId = await task({ taskName: 'Slow one', scriptPath: 'slow.sh' })
    await page.goto(`${node.url}/#/overview`)
    const running = page.getByRole('region', { name: 'Running now' })
    await running.getByText('Nothing runs.').waitFor()
    const { historyId } = await client.tasks.run({ taskId })
    await running.getByRole('link', { name: 'Slow one' }).waitFor()
    await client.history.stop({ historyId })
    await running.getByText('Nothing runs.').waitFor()
  })
})
