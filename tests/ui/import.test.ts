import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeConsole } from './console.ts'

const INSTALLATION = join(import.meta.dirname, '..', 'import', 'fixtures', 'installation')

describeConsole('import', (open) => {
  it('shows the plan of an installation, writes it when told to, and finds nothing to do the second time', async () => {
    const { page, client, node, errors } = await open()
    await page.getByRole('button', { name: 'Import from PSWebHost' }).click()
    await page.getByLabel('Choose a folder').setInputFiles(INSTALLATION)
    await page.getByText(/^Create \d+/).waitFor()
    const plan = page.getByRole('list', { name: 'What would be done' })
    await plan.getByText('apps/CertMgr/config/tasks.yaml').first().waitFor()
    // Scripts of the folder are not read, only what holds tasks.
    expect(await plan.getByText('renew.ps1', { exact: true }).count()).toBe(0)
    expect((await client.tasks.list({})).items).toEqual([])

    await page.keyboard.press('Control+Enter')
    await page.getByText('Importing the same again changes nothing.').waitFor()
    const created = (await client.tasks.list({})).items
    expect(created.length).toBeGreaterThan(3)
    const first = created[0]?.taskName ?? ''
    await page
      .getByRole('list', { name: 'What was done' })
      .getByRole('link', { name: first, exact: true })
      .click()
    await page.getByRole('heading', { name: first }).waitFor()

    await page.goto(`${node.url}/#/import`)
    await page.getByRole('button', { name: 'Import something else' }).click()
    await page.getByLabel('Choose a folder').setInputFiles(INSTALLATION)
    await page.getByText('There is nothing to do').waitFor()
    expect(await page.getByRole('button', { name: /^Import 0 tasks/ }).isDisabled()).toBe(true)
    expect(errors).toEqual([])
  })

  it('says what a file is not, and reads nothing else of it', async () => {
    const { page, node } = await open()
    await page.goto(`${node.url}/#/import`)
    const files = page.getByLabel('Choose files')
    await files.setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') })
    await page
      .getByRole('alert')
      .getByText(/Nothing here holds tasks/)
      .waitFor()
    await files.setInputFiles({ name: 'bad.yaml', mimeType: 'text/yaml', buffer: Buffer.from('a: [') })
    await page.getByText(/^Skip 1/).waitFor()
    await page.getByText(/YAML/).first().waitFor()
  })

  it('shows both readings of a cron expression that the old engine read otherwise', async () => {
    const { page, node } = await open()
    await page.goto(`${node.url}/#/import`)
    await page.getByLabel('Choose a folder').setInputFiles(INSTALLATION)
    await page.getByText('as the old engine did').first().waitFor()
    await page.getByText('the old engine did', { exact: true }).first().click()
    await page.getByText(/^Create \d+/).waitFor()
  })

  it('brings samples, disabled, and takes all tasks out again as one file', async () => {
    const { page, node, client } = await open()
    await page.goto(`${node.url}/#/import`)
    await page.locator('.samples li').first().getByRole('checkbox').check()
    await page.getByRole('button', { name: 'Import 1 sample' }).click()
    await page.getByText('(here already)').waitFor()
    const [sample] = (await client.tasks.list({})).items
    expect(sample?.enabled).toBe(false)
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export all tasks' }).click()
    const file = await (await saved).path()
    const document = JSON.parse(await readFile(file, 'utf8')) as { format: string; tasks: unknown[] }
    expect(document).toMatchObject({
      format: 'pswebhost-cluster-tasks',
      tasks: [{ taskName: sample?.taskName }],
    })
  })
})
