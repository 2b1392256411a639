import { expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { violationsOf } from './axe.ts'
import { addressOf, describeConsole } from './console.ts'

describeConsole('the first steps', (open) => {
  it.each(['light', 'dark'] as const)('lead to the output of a first run, in %s', async (scheme) => {
    const { page, node, client, errors } = await open({ scheme })
    await page.goto(`${node.url}/#/tasks`)
    const shot = process.env['PSWEBHOST_TEST_SHOTS']
    await page.getByRole('form', { name: 'This node' }).waitFor()
    if (shot) await page.screenshot({ path: `${shot}/first-${scheme}.png` })
    expect(await violationsOf(page)).toEqual([])

    await page.getByLabel('Group', { exact: true }).fill('office')
    await page.keyboard.press('Enter')
    await eventually(async () => (await client.nodes.list({})).items[0]?.nodeGroup === 'office')

    const samples = page.getByRole('button', { name: 'Try sample tasks' })
    await samples.focus()
    await page.keyboard.press('Enter')
    await page.getByText('There are 2 tasks now.').waitFor()
    expect((await client.tasks.list({})).items.map(({ enabled }) => enabled)).toEqual([false, false])
    if (shot) await page.screenshot({ path: `${shot}/first-tasks-${scheme}.png` })
    await page.keyboard.press('n')
    await page.getByRole('heading', { name: 'New task' }).waitFor()
    await page.goBack()
    expect(await violationsOf(page)).toEqual([])

    await page.getByRole('button', { name: /^Run / }).first().focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/#\/history\//)
    await page.getByRole('region', { name: 'Output' }).waitFor()
    await eventually(async () => (await client.history.list({ state: ['Success'] })).items.length === 1)
    await page.goto(`${node.url}/#/start`)
    await page.getByRole('listitem', { name: 'Step 3, First run' }).getByLabel('done').waitFor()
    expect(errors).toEqual([])
  })

  it('are reached by keys alone, and so is their first field', async () => {
    const { page, node } = await open()
    await page.goto(`${node.url}/#/overview`)
    await page.getByText(/slots$/).waitFor()
    await page.keyboard.press('2')
    await page.getByRole('form', { name: 'This node' }).waitFor()
    const group = page.getByLabel('Group', { exact: true })
    await eventually(async () => {
      await page.keyboard.press('Tab')
      return group.and(page.locator(':focus')).isVisible()
    })
    await page.keyboard.type('office')
    expect(await group.inputValue()).toBe('office')
  })

  it('refuse what the token may not do, with the reason, and are skipped by Escape outside of a field', async () => {
    const { page, node, client } = await open({ signedIn: false })
    const { token } = await client.tokens.create({ role: 'viewer', name: 'reader' })
    await page.goto(`${node.url}/#token=${token}`)
    await page.reload()
    await page.getByText(/slots$/).waitFor()
    await page.goto(`${node.url}/#/tasks`)
    for (const name of ['Write a task', 'Import from PSWebHost', 'Try sample tasks']) {
      const button = page.getByRole('button', { name })
      await button.and(page.locator(':disabled')).waitFor()
      expect(await button.getAttribute('title')).toContain('it needs the role admin')
    }
    await page
      .getByRole('listitem', { name: 'Join a cluster' })
      .getByText('pswebhost-node join TOKEN')
      .waitFor()
    await page.getByLabel('Group', { exact: true }).focus()
    await page.keyboard.press('Escape')
    await page.getByRole('form', { name: 'This node' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('A task is a script, where it runs and when.').waitFor()
    await page.getByRole('button', { name: 'Write a task' }).and(page.locator(':disabled')).waitFor()
  })

  it('are skipped one by one or all, which is kept, and come back when asked for', async () => {
    const { page, node } = await open()
    await page.goto(`${node.url}/#/tasks`)
    await page.getByRole('button', { name: 'Skip this node' }).click()
    await page.getByRole('form', { name: 'This node' }).waitFor({ state: 'hidden' })
    await page.reload()
    await page.getByRole('button', { name: 'Show this node' }).waitFor()
    await page.getByRole('button', { name: 'Skip all' }).click()
    await page.getByText('A task is a script, where it runs and when.').waitFor()
    await page.reload()
    await page.getByRole('button', { name: 'First steps' }).waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Go to or do anything' }).fill('First steps')
    await page
      .getByRole('option', { name: /First steps/ })
      .first()
      .waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Try sample tasks' }).waitFor()
    expect(addressOf(page)).toBe('#/start')
    await page.goto(`${node.url}/#/settings/about`)
    await page.getByRole('link', { name: 'First steps' }).waitFor()
  })

  it('write of this node only what was said otherwise, and refuse what is no number', async () => {
    const { page, node, client } = await open()
    const [self] = (await client.nodes.list({})).items
    const nodeId = self?.nodeId ?? ''
    await page.goto(`${node.url}/#/tasks`)
    await page.getByLabel('Group', { exact: true }).fill('office')
    await client.nodes.update({ nodeId, nodeName: 'renamed-elsewhere', maxConcurrentTasks: 7 })
    await page.getByLabel('Runs at once').fill('')
    await page.keyboard.press('Enter')
    await page.getByText('How many scripts it runs at once: 0 to 1000').waitFor()
    expect((await client.nodes.get({ nodeId })).nodeGroup).not.toBe('office')
    await page.getByLabel('Runs at once').fill(String(self?.maxConcurrentTasks))
    await page.keyboard.press('Enter')
    await page.getByText('The node was changed').waitFor()
    expect(await client.nodes.get({ nodeId })).toMatchObject({
      ...{ nodeName: 'renamed-elsewhere', nodeGroup: 'office', maxConcurrentTasks: 7 },
    })
  })

  it('say why this node could not be read, and read it again', async () => {
    const { page, node } = await open()
    await page.route('**/rpc/nodes/get*', (route) => route.fulfill({ status: 500, body: '{}' }))
    await page.goto(`${node.url}/#/tasks`)
    await page.getByRole('heading', { name: 'This node could not be read' }).waitFor()
    await page.unroute('**/rpc/nodes/get*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByLabel('Group', { exact: true }).waitFor()
  })
})
