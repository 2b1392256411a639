import { expect, it } from 'vitest'
import { violationsOf } from './axe.ts'
import { addressOf, describeConsole } from './console.ts'
import { AWAY, goTo, insertNodes, OTHER, ownId, ownName, panelOf, rowOf } from './nodes-page.ts'

describeConsole('nodes', (open) => {
  it('say of a single one what a second would bring, and that a file serves one machine', async () => {
    const console = await open()
    const { page } = console
    await page.getByRole('link', { name: 'Nodes', exact: true }).click()
    await page.getByRole('heading', { name: 'One node does it all' }).waitFor()
    await page.getByRole('button', { name: 'Add a second node' }).click()
    await page.getByText('Several nodes need a server database').waitFor()
    await page.getByRole('button', { name: 'To the database settings' }).click()
    await expect.poll(() => addressOf(page)).toBe('#/settings/database')
    expect(console.errors).toEqual([])
  })

  it('stand with what needs somebody first, narrowed by the address over a reload too', async () => {
    const console = await open()
    const { page } = console
    insertNodes(console, [
      OTHER,
      AWAY,
      { id: 'node-gone', name: 'web-00', retired: true },
      { id: 'node-drains', name: 'file-01', draining: true },
    ])
    await goTo(console, 'nodes')
    await rowOf(page, 'edge-fra-01').waitFor()
    const names = await page.locator('.vbody [data-row-link]').allTextContents()
    expect(names.slice(0, 2)).toEqual(['edge-fra-01', 'file-01'])
    expect(names.at(-1)).toBe('web-00')
    await page.getByText('does not have lost.sh as it should: 1 task cannot run there.').waitFor()
    await page.getByText(/runs 1\.42.s ahead of the database’s clock/).waitFor()

    await page.getByRole('button', { name: 'State' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Away' }).click()
    await page.keyboard.press('Escape')
    await rowOf(page, 'ops-02').waitFor({ state: 'detached' })
    await page.reload()
    await rowOf(page, 'edge-fra-01').waitFor()
    expect(addressOf(page)).toBe('#/nodes?state=Away')
    expect(await rowOf(page, 'ops-02').count()).toBe(0)
    expect(console.errors).toEqual([])
  })

  it('count those that are away in the side bar', async () => {
    const console = await open()
    insertNodes(console, [AWAY])
    await goTo(console, 'nodes')
    await console.page.reload()
    await console.page.getByRole('link', { name: /Nodes\s*1 away/ }).waitFor()
  })

  it('change group in place by G, not by Esc, with the way back', async () => {
    const console = await open()
    const { page, client } = console
    const nodeId = await ownId(console)
    const group = async (): Promise<string | null> => (await client.nodes.get({ nodeId })).nodeGroup
    await client.nodes.update({ nodeId, nodeGroup: 'before' })
    await goTo(console, 'nodes')
    await page.getByRole('table', { name: 'Nodes' }).getByText('before').waitFor()
    await page.keyboard.press('g')
    await page.keyboard.type('nonsense')
    await page.keyboard.press('Escape')
    await page.getByRole('combobox').waitFor({ state: 'detached' })
    expect(await group()).toBe('before')

    await page.keyboard.press('g')
    await page.keyboard.type('core')
    await page.keyboard.press('Enter')
    await expect.poll(group).toBe('core')
    await page.getByText('Changed the group of').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(group).toBe('before')
  })

  it('keep what is typed in a row when the order changes under it', async () => {
    const console = await open()
    const { page, client } = console
    insertNodes(console, [OTHER, { id: 'node-zz', name: 'zz-01' }])
    await goTo(console, 'nodes')
    await page.getByRole('columnheader', { name: 'Version' }).waitFor()
    await rowOf(page, 'zz-01').getByRole('button', { name: 'Group of zz-01' }).click()
    await page.keyboard.type('half a wo')
    // By somebody else: it comes to the top.
    await client.nodes.drain({ nodeId: 'node-zz', drain: true })
    await rowOf(page, 'zz-01').getByText('Draining').waitFor()
    const field = page.getByRole('combobox', { name: 'Group of zz-01' })
    expect(await field.inputValue()).toBe('half a wo')
    await page.keyboard.type('rd')
    await page.keyboard.press('Enter')
    await expect
      .poll(async () => (await client.nodes.get({ nodeId: 'node-zz' })).nodeGroup)
      .toBe('half a word')
  })

  it('that a filter took away are meant by no key', async () => {
    const console = await open()
    const { page, client } = console
    const nodeId = await ownId(console)
    await goTo(console, 'nodes')
    await page.getByRole('row').getByText('Active').waitFor()
    await goTo(console, 'nodes?state=Retired')
    await page.getByRole('heading', { name: 'No node fits the filter' }).waitFor()
    await page.keyboard.press('d')
    // Long enough for what must not happen: the question why it is to drain, or the drain itself.
    await page.waitForTimeout(500)
    expect(addressOf(page)).toBe('#/nodes?state=Retired')
    expect((await client.nodes.get({ nodeId })).isDraining).toBe(false)
  })

  it('drain by D, which asks why and tells everybody, and take work again', async () => {
    const console = await open()
    const { page, client } = console
    const nodeId = await ownId(console)
    await goTo(console, 'nodes')
    await page.getByText('One node does it all').waitFor()
    await page.keyboard.press('d')
    await page.getByLabel('Why it drains').and(page.locator(':focus')).waitFor()
    expect((await client.nodes.get({ nodeId })).isDraining).toBe(false)
    await page.keyboard.type('kernel update at 15:00')
    await page.keyboard.press('Enter')
    await page.getByRole('row').getByText('Draining').waitFor()
    const panel = panelOf(page, await ownName(console))
    await panel.getByText(/^Draining by \S+: kernel update at 15:00 \(it finishes what runs/).waitFor()
    // By somebody else: the list follows.
    await client.nodes.drain({ nodeId, drain: false })
    await page.getByRole('row').getByText('Active').waitFor()
    expect(console.errors).toEqual([])
  })

  it('drain without a reason too, not by Esc, and with the way back', async () => {
    const console = await open()
    const { page, client } = console
    const nodeId = await ownId(console)
    await goTo(console, `nodes/${nodeId}`)
    const panel = panelOf(page, await ownName(console))
    await panel.getByRole('button', { name: 'Drain…' }).click()
    await page.keyboard.type('nonsense')
    await page.keyboard.press('Escape')
    await page.getByLabel('Why it drains').waitFor({ state: 'detached' })
    expect(await client.nodes.get({ nodeId })).toMatchObject({ isDraining: false })

    await panel.getByRole('button', { name: 'Drain…' }).click()
    await panel.getByRole('button', { name: 'Drain', exact: true }).click()
    await panel.getByText(/^Draining by \S+: it finishes what runs and claims nothing\./).waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await panel.getByText('It is there and takes work.').waitFor()
  })
})

describeConsole('a viewer', (open) => {
  it('sees nodes and changes nothing, and is told why', async () => {
    const console = await open()
    const { page, client, node } = console
    const { token } = await client.tokens.create({ name: 'viewer', role: 'viewer' })
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.goto(`${node.url}/#token=${token}`)
    await page.reload()
    await goTo(console, `nodes/${await ownId(console)}`)
    const panel = panelOf(page, await ownName(console))
    const drain = panel.getByRole('button', { name: /Drain/ })
    await expect.poll(() => drain.isDisabled(), { timeout: 10_000 }).toBe(true)
    expect(await drain.getAttribute('title')).toMatch(/needs the role operator/)
    expect(await page.getByRole('button', { name: 'Add node' }).isDisabled()).toBe(true)
    expect(await page.getByRole('button', { name: 'Emergency stop…' }).isDisabled()).toBe(true)
    expect(await page.getByRole('button', { name: /^Edit/ }).count()).toBe(0)
    expect(console.errors).toEqual([])
  })
})

describeConsole('the nodes view', (open) => {
  // Each state of the view is looked through.
  const title = 'has no fault that axe finds in the %s scheme'
  it.each(['light', 'dark'] as const)(title, { timeout: 120_000 }, async (scheme) => {
    const console = await open({ scheme })
    const { page, client } = console
    const found: Record<string, string[]> = {}
    const look = async (name: string): Promise<void> => {
      found[name] = await violationsOf(page)
    }
    await goTo(console, 'nodes')
    await page.getByText('One node does it all').waitFor()
    await look('a single node')
    insertNodes(console, [OTHER, AWAY, { id: 'node-gone', name: 'web-00', retired: true }])
    await page.reload()
    await rowOf(page, 'edge-fra-01').waitFor()
    await look('nodes')
    await goTo(console, 'nodes/node-other')
    await panelOf(page, 'ops-02').waitFor()
    await look('a node')
    await page.keyboard.press('g')
    await page.getByRole('combobox').waitFor()
    await look('a field in place')
    await page.keyboard.press('Escape')
    await page.keyboard.press('d')
    await page.getByLabel('Why it drains').waitFor()
    await look('drain')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Retire…' }).click()
    await page.getByRole('dialog').waitFor()
    await look('retire')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Emergency stop…' }).click()
    await page.getByRole('dialog', { name: 'Stop everything?' }).waitFor()
    await look('emergency stop')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Add node' }).click()
    await page.getByText('Several nodes need a server database').waitFor()
    await look('add node')
    await page.keyboard.press('Escape')
    await client.cluster.stop({ reason: 'look' })
    await page.getByText(/Emergency stop since/).waitFor()
    await look('held')
    expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, []])))
  })
})
