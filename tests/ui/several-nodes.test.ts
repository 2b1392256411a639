import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createClient } from '../../src/shared/client/create-client.ts'
import { createHttpLink } from '../../src/shared/client/http-link.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { eventually } from '../support/eventually.ts'
import { startNodeProcess } from '../support/node-process.ts'
import { putNodes } from '../support/node-rows.ts'
import { violationsOf } from './axe.ts'
import { describeConsole, type Console, type OpenConsole, type OpenOptions } from './console.ts'

const HOUR = 3_600_000

/** The same console, at a node that finds four others: one is away, one drains, one is retired. */
const openAmongOthers = async (open: OpenConsole, options: OpenOptions = {}): Promise<Console> => {
  const console = await open(options)
  const { page, node } = console
  // The name of the node is of its machine: here it has one of its own.
  const self = await console.client.system.info({})
  await console.client.nodes.update({ nodeId: self.nodeId, nodeName: 'here', nodeGroup: 'core' })
  await node.stop()
  const at = (ms: number): string => new Date(systemClock.now() + ms).toISOString()
  putNodes(join(node.dir, 'pswebhost.db'), [
    { name: 'edge-1', group: 'edge', role: 'relay', lastHeartbeat: at(-HOUR) },
    { name: 'file-1', group: 'storage', draining: true, lastHeartbeat: at(0) },
    { name: 'core-2', group: 'core', role: 'worker', lastHeartbeat: at(0) },
    { name: 'old-1', group: 'core', retired: true, lastHeartbeat: at(-24 * HOUR) },
  ])
  const again = await startNodeProcess({ dir: node.dir })
  const client = createClient(createHttpLink({ origin: again.url, token: () => again.adminToken }))
  await page.goto(`${again.url}/#token=${again.adminToken}`)
  return {
    ...console,
    node: again,
    client,
    task: async (input) => (await client.tasks.create({ scriptPath: 'ok.sh', ...input })).taskId,
  }
}

describeConsole('several nodes', (open) => {
  it('says of a target which nodes it matches and why not the others', async () => {
    const { page, node, task, client, errors } = await openAmongOthers(open)
    const taskId = await task({ taskName: 'Backup' })
    await page.goto(`${node.url}/#/tasks/${taskId}`)
    const target = page.locator('#section-target')
    await target.getByText('matches 2 nodes: core-2, here').waitFor()
    await target.getByText('Group or role', { exact: true }).click()
    await target.getByRole('combobox', { name: 'Group' }).fill('edg')
    await page.getByRole('option', { name: 'edge', exact: true }).click()
    await target.getByText('matches no node').waitFor()
    await target
      .getByText(/edge-1 is away since .*: it runs this when it is back/)
      .first()
      .waitFor()
    await target.getByText(/not of this target: core 2, storage 1/).waitFor()
    await target.getByRole('button', { name: 'Show' }).click()
    await target.getByText('the task is for group edge, core-2 is in core').waitFor()
    await target.getByText('once, on any of them').click()
    await page.keyboard.press('Control+s')
    await eventually(async () => (await client.tasks.get({ taskId })).assignedNodeGroup === 'edge')
    expect(await client.tasks.get({ taskId })).toMatchObject({ runOn: 'One', assignedNodeId: null })

    await target.getByText('One node', { exact: true }).click()
    await target.getByRole('combobox', { name: 'Node' }).click()
    await page.getByRole('option', { name: /core-2/ }).click()
    await target.getByText('matches 1 node: core-2').waitFor()
    expect(await page.getByRole('option', { name: /old-1/ }).count()).toBe(0)
    expect(errors).toEqual([])
  })

  it('names lock groups with a task, and changes and deletes them in the settings', async () => {
    const { page, node, task, client, errors } = await openAmongOthers(open)
    const taskId = await task({ taskName: 'Post orders' })
    await page.goto(`${node.url}/#/tasks/${taskId}`)
    await page.getByLabel('Lock groups', { exact: true }).fill('sap')
    await page.keyboard.press('Enter')
    await page.getByText('sap is new: room for 1 run').waitFor()
    await page.keyboard.press('Control+s')
    await eventually(async () => (await client.locks.list({})).items[0]?.tasks === 1)
    await page.getByText('sap has room for 1 run').waitFor()

    await page.goto(`${node.url}/#/settings/locks`)
    const line = page.getByRole('row', { name: /sap/ })
    await line.getByLabel('Runs at once in sap').fill('3')
    await line.getByRole('button', { name: 'Save' }).click()
    await eventually(async () => (await client.locks.list({})).items[0]?.maxConcurrent === 3)
    await page.getByText('sap has room for 3 runs').waitFor()
    await line.getByRole('button', { name: 'Delete sap…' }).click()
    await line.getByRole('button', { name: 'Delete', exact: true }).click()
    await line.getByRole('alert').filter({ hasText: 'Post orders' }).waitFor()

    await client.tasks.update({ taskId, limits: null })
    await line.getByRole('button', { name: 'Delete sap…' }).click()
    await line.getByRole('button', { name: 'Delete', exact: true }).click()
    await eventually(async () => (await client.locks.list({})).items.length === 0)
    await page.getByRole('button', { name: 'Create group' }).click()
    await page.getByText('The group must have a name.').waitFor()
    await page.getByLabel('New lock group').fill('crm')
    await page.getByRole('button', { name: 'Create group' }).click()
    await page.getByRole('row', { name: /crm/ }).waitFor()
    expect(await violationsOf(page)).toEqual([])
    expect(errors).toEqual([])
  })

  it('runs a task on a chosen node, and says that one which is away gets it when it is back', async () => {
    const { page, node, task, client, errors } = await openAmongOthers(open)
    const taskId = await task({ taskName: 'Waits' })
    await page.goto(`${node.url}/#/tasks/${taskId}`)
    await page.getByRole('button', { name: 'Run with other parameters' }).click()
    const form = page.getByRole('form', { name: 'Run with other parameters' })
    await form.getByRole('combobox', { name: 'Node' }).click()
    await page.getByRole('option', { name: /edge-1.*waits until it is back/ }).click()
    await form.getByText('edge-1 is away: the run waits until it is back').waitFor()
    await form.getByRole('button', { name: 'Run as it is' }).click()
    await page.waitForURL(/history\/./)
    const { items } = await client.tasks.history({ taskId })
    expect(items).toMatchObject([{ state: 'Queued', targetNodeId: 'edge-1' }])

    await page.goto(`${node.url}/#/tasks/${taskId}`)
    const where = page.locator('#section-where')
    await where.getByText('Once, on any of 2 nodes.').waitFor()
    await where.getByRole('listitem').filter({ hasText: 'edge-1' }).getByText('waits').waitFor()
    expect(errors).toEqual([])
  })

  it('draws a lane for each node that works, and tells who is away and what waits for it', async () => {
    const { page, node, task, client, errors } = await openAmongOthers(open)
    const here = (await client.system.info({})).nodeId
    // Half an hour away: its one run is the one that is asked for here.
    const minute = (new Date().getUTCMinutes() + 30) % 60
    const good = await task({ taskName: 'Good', assignedNodeId: here, schedule: `${minute} * * * *` })
    await task({ taskName: 'Shared', schedule: '*/30 * * * *' })
    const { historyId } = await client.tasks.run({ taskId: good })
    await eventually(async () => (await client.history.get({ historyId })).endTime !== null)
    await page.goto(`${node.url}/#/overview`)
    const lanes = page.getByRole('group', { name: 'Nodes over time' })
    await lanes.getByText('edge-1').waitFor()
    await lanes.getByText(/^away since/).waitFor()
    await lanes.getByText('draining: takes no new runs').first().waitFor()
    expect(await lanes.getByText('old-1').count()).toBe(0)
    await lanes.getByText(/: 1 run ended; 24 slots in the next 24 hours/).waitFor({ state: 'attached' })
    await lanes.getByText('any of several').waitFor()
    await page.getByRole('region', { name: 'Needs attention' }).getByText('edge-1').waitFor()
    await page.getByRole('main').getByText('1 away').waitFor()
    expect(await violationsOf(page)).toEqual([])
    await lanes.getByRole('link', { name: 'here' }).click()
    await page.getByRole('link', { name: 'Good' }).waitFor()
    expect(page.url()).toContain(`node=${here}`)
    await page.getByRole('button', { name: /Node is here/ }).waitFor()
    expect(errors).toEqual([])
  })

  it.each(['light', 'dark'] as const)('finds nothing wrong with the target of a task, %s', async (scheme) => {
    const { page, node, task } = await openAmongOthers(open, { scheme })
    const taskId = await task({ taskName: 'Backup', assignedNodeGroup: 'edge', limits: { locks: ['sap'] } })
    await page.goto(`${node.url}/#/tasks/${taskId}`)
    await page
      .locator('#section-target')
      .getByText(/not of this target/)
      .waitFor()
    await page.locator('#section-where').waitFor()
    expect(await violationsOf(page)).toEqual([])
  })
})
