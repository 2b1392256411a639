import { expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { describeConsole } from './console.ts'

describeConsole('the task editor', (open) => {
  it('shows the script with its colours, and says when it is not on this node', async () => {
    const { page, node, script, task, errors } = await open()
    await script('hello.sh', '# says hello\nif true; then\n  echo "hello"\nfi\n')
    const taskId = await task({ taskName: 'Hello', scriptPath: 'hello.sh' })
    await page.goto(`${node.url}/#/tasks/${taskId}`)
    await page.getByRole('button', { name: 'Show the script' }).click()
    const code = page.getByRole('textbox', { name: 'Script', exact: true }).and(page.locator('.cm-content'))
    // Plain text stands in its line without an element of its own.
    await code.locator('.cm-line span', { hasText: '# says hello' }).waitFor()
    await page.locator('#task-scriptPath').fill('nowhere.sh')
    await page
      .locator('.script-preview')
      .getByText(/is not on this node/)
      .waitFor()
    expect(errors).toEqual([])
  })

  it('sets limits, and takes them away again', async () => {
    const { page, node, task, client } = await open()
    const taskId = await task({ taskName: 'Limited' })
    await page.goto(`${node.url}/#/tasks/${taskId}`)
    await page.getByLabel('Memory', { exact: true }).fill('256')
    await page.keyboard.press('Control+s')
    await eventually(async () => (await client.tasks.get({ taskId })).limits?.memoryMb === 256)
    await page.getByLabel('Memory', { exact: true }).fill('1')
    await page.keyboard.press('Control+s')
    await page.locator('.field-error').getByText(/16/).waitFor()
    await page
      .getByRole('navigation', { name: 'Sections of the task' })
      .getByLabel('something is wrong here')
      .waitFor()
    await page.getByLabel('Memory', { exact: true }).fill('')
    await page.keyboard.press('Control+s')
    await eventually(async () => (await client.tasks.get({ taskId })).limits === null)
  })

  it('makes a copy that is disabled and asks for the secrets anew', async () => {
    const { page, node, task, client } = await open()
    const taskId = await task({
      taskName: 'Original',
      tags: ['nightly'],
      parameters: { host: 'a', key: { secret: 'hidden' } },
    })
    await page.goto(`${node.url}/#/tasks/${taskId}`)
    await page.getByRole('link', { name: 'Duplicate task' }).click()
    await page.getByRole('heading', { name: 'New task' }).waitFor()
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Original (copy)')
    await page.getByLabel('Value of key').fill('typed again')
    await page.getByRole('button', { name: /^Create/ }).click()
    await page.getByRole('heading', { name: 'Original (copy)' }).waitFor()
    const copy = (await client.tasks.list({ search: 'copy' })).items[0]
    expect(copy).toMatchObject({
      enabled: false,
      tags: ['nightly'],
      parameters: { host: 'a', key: { secret: true } },
    })
  })

  it('runs once with other parameters and leaves the task as it is', async () => {
    const { page, node, script, task, client } = await open()
    await script('greet.sh', 'echo "to $PSWEBHOST_PARAM_WHO from $PSWEBHOST_PARAM_FROM"\n')
    const taskId = await task({
      taskName: 'Greet',
      scriptPath: 'greet.sh',
      parameters: { who: 'everyone', from: 'me' },
    })
    await page.goto(`${node.url}/#/tasks/${taskId}`)
    await page.getByRole('button', { name: 'Run with other parameters' }).click()
    const form = page.getByRole('form', { name: 'Run with other parameters' })
    await form.getByLabel('Value of who').fill('you')
    await form.getByRole('button', { name: 'Run with 1 changed' }).click()
    await page.getByText('to you from me').waitFor()
    expect((await client.tasks.get({ taskId })).parameters).toEqual({ who: 'everyone', from: 'me' })
  })

  it('writes a cron expression from a few choices', async () => {
    const { page, node } = await open()
    await page.goto(`${node.url}/#/tasks/new`)
    await page.getByText('Cron', { exact: true }).click()
    await page.getByText('Help me write it').click()
    await page.getByRole('combobox', { name: 'How often' }).click()
    await page.getByRole('option', { name: 'on the last day of the month' }).click()
    await page.getByLabel('Time of day').fill('23:15')
    await page.getByRole('button', { name: /^Use/ }).click()
    expect(await page.getByRole('textbox', { name: 'Cron' }).inputValue()).toBe('15 23 L * *')
    await page.locator('.runs li').nth(9).waitFor()
  })

  it('shows the latest runs and changes of its task, and leads to all of them', async () => {
    const { page, node, task, client } = await open()
    const taskId = await task({ taskName: 'Recorded' })
    const { historyId } = await client.tasks.run({ taskId })
    await eventually(async () => (await client.history.get({ historyId })).state === 'Success')
    await client.tasks.update({ taskId, priority: 4 }, { context: { reason: 'more important' } })
    await page.goto(`${node.url}/#/tasks/${taskId}`)
    await page.locator('.record').getByText('Success').waitFor()
    await page.locator('.record').getByText('more important').click()
    await page.getByText('“more important”').waitFor()
    await page.goBack()
    await page.getByRole('link', { name: 'All runs' }).click()
    await page.waitForURL(/history\?task=/)
  })

  it('stops all runs of a task after asking', async () => {
    const { page, node, script, task, client, errors } = await open()
    await script('slow.sh', 'sleep 60\n')
    const taskId = await task({ taskName: 'Slow', scriptPath: 'slow.sh', overlapPolicy: 'Parallel' })
    await client.tasks.run({ taskId })
    await client.tasks.run({ taskId })
    await eventually(
      async () => (await client.tasks.history({ taskId, state: ['Running'] })).items.length === 2,
    )
    await page.goto(`${node.url}/#/tasks/${taskId}`)
    await page.getByRole('button', { name: 'Stop all 2 runs…' }).click()
    const asked = page.getByRole('region', { name: 'Stop all runs' })
    await asked.getByText('2 runs on 1 node are stopped.').waitFor()
    await asked.getByRole('button', { name: 'Stop all' }).click()
    await page.getByText('Stopping 2 runs').waitFor()
    await eventually(async () => {
      const { items } = await client.tasks.history({ taskId })
      return items.every(({ state }) => state === 'Stopped')
    })
    await page.getByRole('button', { name: /^Stop (all|its)/ }).waitFor({ state: 'detached' })
    expect(errors).toEqual([])
  })
})
