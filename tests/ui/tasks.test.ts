import { expect, it } from 'vitest'
import { addressOf, describeConsole } from './console.ts'

describeConsole('tasks', (open) => {
  it('are created with a preview of their runs, run by hand, and followed while they run', async () => {
    const { page, script, client, errors } = await open()
    await script('steps.sh', 'for i in 1 2 3 4; do echo "step $i"; sleep 0.7; done\n')
    await page.getByText('Nothing is scheduled here yet').waitFor()
    await page.keyboard.press('n')
    await page.locator('#task-taskName').fill('Copy blocks')
    await page.getByLabel('Script', { exact: true }).fill('steps.sh')
    await page.getByText('Cron', { exact: true }).click()
    await page.getByRole('textbox', { name: 'Cron' }).fill('30 2 * * *')
    await page.getByText('daily at 02:30').first().waitFor()
    await page.locator('.runs li').nth(9).waitFor()
    expect(await page.locator('.runs li b').allTextContents()).toContain('02:30')

    await page.getByLabel('Reason').fill('the first one')
    await page.keyboard.press('Control+s')
    await page.getByRole('heading', { name: 'Copy blocks' }).waitFor()
    const [created] = (await client.tasks.list({})).items
    expect(created).toMatchObject({ taskName: 'Copy blocks', schedule: '30 2 * * *', version: 1 })

    await page.getByRole('button', { name: /Run now/ }).click()
    await page.getByRole('heading', { name: /Copy blocks running/ }).waitFor()
    await page.getByText('step 2').waitFor()
    expect(await page.getByText('step 4').count()).toBe(0)
    await page.getByText('Following', { exact: true }).waitFor()
    await page.getByText('step 4').waitFor()
    await page.getByRole('heading', { name: /Copy blocks success/ }).waitFor()
    const [run] = (await client.history.list({})).items
    expect(run).toMatchObject({ triggeredBy: 'Manual', state: 'Success' })
    expect(errors).toEqual([])
  })

  it('show what runs now, the very first run too', async () => {
    const { page, script, client } = await open()
    await script('slow.sh', 'sleep 5\n')
    const { taskId } = await client.tasks.create({ taskName: 'Dump schema', scriptPath: 'slow.sh' })
    await page.getByText('Never run').waitFor()
    await client.tasks.run({ taskId })
    await page.getByText(/^for \d/).waitFor()
    await page.getByText('Running', { exact: true }).waitFor()
    await page.getByText('Success', { exact: true }).waitFor()
  })

  it('show an error under the field, in the words of the node, before anything is saved', async () => {
    const { page } = await open()
    await page.getByText('Nothing is scheduled here yet').waitFor()
    await page.keyboard.press('n')
    await page.getByText('Cron', { exact: true }).click()
    await page.getByRole('textbox', { name: 'Cron' }).fill('61 * * * *')
    const error = page
      .locator('.field', { has: page.getByRole('textbox', { name: 'Cron' }) })
      .locator('.field-error')
    await error.waitFor()
    expect(await error.textContent()).toMatch(/minute|0.*59/i)
  })

  it('stop when somebody stops them', async () => {
    const { page, script, task } = await open()
    await script('long.sh', 'echo begun; sleep 60\n')
    const taskId = await task({ taskName: 'Long one', scriptPath: 'long.sh' })
    await page.goto(`${page.url().split('#')[0]}#/tasks/${taskId}`)
    await page.getByRole('button', { name: /Run now/ }).click()
    await page.getByText('begun').waitFor()
    await page.getByRole('button', { name: /Stop/ }).click()
    await page.getByRole('heading', { name: /Long one stopped/ }).waitFor()
  })

  it('come back when their deletion is undone', async () => {
    const { page, task, client } = await open()
    const taskId = await task({ taskName: 'Nightly backup' })
    await page.getByRole('link', { name: 'Nightly backup' }).click()
    await page.getByRole('button', { name: 'Delete task' }).click()
    await page.getByText('Deleted Nightly backup').waitFor()
    await page.getByText('Nothing is scheduled here yet').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('link', { name: 'Nightly backup' }).waitFor()
    expect((await client.tasks.get({ taskId })).taskName).toBe('Nightly backup')
  })

  it('stay filtered over a reload, since the filter is in the address', async () => {
    const { page, task } = await open()
    await task({ taskName: 'Rotate logs' })
    await task({ taskName: 'Rotate keys', enabled: false })
    await task({ taskName: 'Check disks' })
    await page.getByRole('link', { name: 'Rotate keys' }).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('Rotate')
    await page.getByRole('link', { name: 'Check disks' }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Enabled' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'no', exact: true }).click()
    await page.getByRole('link', { name: 'Rotate logs' }).waitFor({ state: 'detached' })
    expect(addressOf(page)).toBe('#/tasks?search=Rotate&enabled=false')

    await page.reload()
    await page.getByRole('link', { name: 'Rotate keys' }).waitFor()
    expect(await page.locator('[data-row-link]').allTextContents()).toEqual(['Rotate keys'])
  })

  it('keep unsaved changes from being lost on the way to another view', async () => {
    const { page, task } = await open()
    const taskId = await task({ taskName: 'Rotate logs' })
    await page.getByRole('link', { name: 'Rotate logs' }).click()
    await page.getByLabel('App', { exact: true }).fill('Maintenance')
    await page.getByRole('link', { name: 'History' }).click()
    await page.getByText('1 unsaved change would be lost.').waitFor()
    expect(addressOf(page)).toBe(`#/tasks/${taskId}`)
    await page.getByRole('button', { name: 'Stay' }).click()
    expect(await page.getByLabel('App', { exact: true }).inputValue()).toBe('Maintenance')
    await page.getByRole('link', { name: 'History' }).click()
    await page.getByRole('button', { name: 'Leave without saving' }).click()
    await page.getByText('Nothing has run yet').waitFor()
  })

  it('show what somebody else saved meanwhile, and let mine be put over it', async () => {
    const { page, task, client } = await open()
    const taskId = await task({ taskName: 'Rotate logs', description: 'as it was' })
    await page.getByRole('link', { name: 'Rotate logs' }).click()
    await page.getByLabel('Description', { exact: true }).fill('as I want it')
    await client.tasks.update({ taskId, version: 1, description: 'as they want it', priority: 7 })
    await page.keyboard.press('Control+s')
    await page.getByText(/Not saved: .* changed this task/).waitFor()
    const row = page.locator('.stale-fields tr', { hasText: 'Description' })
    expect(await row.textContent()).toMatch(/as they want it.*as I want it/)

    await page.getByRole('button', { name: 'Put mine over theirs' }).click()
    await page.getByRole('button', { name: /^Save/ }).click()
    await expect
      .poll(() => client.tasks.get({ taskId }))
      .toMatchObject({
        version: 3,
        description: 'as I want it',
        priority: 7,
      })
  })

  it('never bring a secret back to the page, and keep it when it is not touched', async () => {
    const { page, task, client } = await open()
    const taskId = await task({ taskName: 'Upload', parameters: { token: { secret: 'hunter2-planted' } } })
    await page.getByRole('link', { name: 'Upload' }).click()
    const value = page.getByLabel('Value of token')
    expect(await value.getAttribute('placeholder')).toBe('secret is set; type to replace it')
    await page.getByLabel('App', { exact: true }).fill('Transfers')
    await page.keyboard.press('Control+s')
    await expect.poll(async () => (await client.tasks.get({ taskId })).appName).toBe('Transfers')
    expect((await client.tasks.get({ taskId })).parameters).toEqual({ token: { secret: true } })
    expect(await page.content()).not.toContain('hunter2-planted')
  })
})
