import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, it, onTestFinished } from 'vitest'
import { createClient } from '../../src/shared/client/create-client.ts'
import { createHttpLink } from '../../src/shared/client/http-link.ts'
import { startPostgres } from '../support/servers/postgres.ts'
import { createTestDatabase } from '../support/servers/test-database.ts'
import { describeDesktop, type Desktop } from './desktop.ts'

const toDatabase = (page: Page): Promise<unknown> => page.goto('app://ui/index.html#/settings/database')

const createTask = async (desktop: Desktop, taskName: string): Promise<void> => {
  const [origin, token] = [await desktop.url(), await desktop.adminToken()]
  const client = createClient(createHttpLink({ origin, token: () => token }))
  await writeFile(join(desktop.dir, 'scripts', 'ok.sh'), 'echo ok\n')
  await client.tasks.create({ taskName, scriptPath: 'ok.sh' })
}

/** Copies to what the form says, then switches to it. */
const copyAndSwitch = async (page: Page): Promise<void> => {
  await page.getByText('A node can work on it once its tables are created.').waitFor()
  await page.getByRole('button', { name: "Copy this node's data there" }).click()
  await page.getByText(/equal on both sides/).waitFor()
  await page.getByText('A node can work on it.', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Switch…' }).click()
  await page.getByRole('button', { name: 'Switch', exact: true }).click()
  await page.getByText('Restart the node:').waitFor()
}

describeDesktop('the database in the desktop window', (open) => {
  it('is copied to another file and switched to; after a restart its tasks are there', async () => {
    const first = await open()
    const { page, dir } = first
    await page.getByText(/slots$/).waitFor()
    await createTask(first, 'Moved along')
    await toDatabase(page)
    const file = page.locator('#database-path')
    await file.fill('other.db')
    await file.press('Enter')
    await copyAndSwitch(page)
    await page.getByText(`from then on it uses ${join(dir, 'other.db')}`).waitFor()
    expect(await readFile(join(dir, 'app.yaml'), 'utf8')).toContain('path: other.db')
    expect(await readFile(join(dir, 'app.yaml.before-switch'), 'utf8')).not.toContain('other.db')
    expect(await first.quit()).toBe(0)

    const second = await open({ dir })
    await second.page.getByText(/slots$/).waitFor()
    await toDatabase(second.page)
    await second.page.getByText(`uses ${join(dir, 'other.db')}`).waitFor()
    await second.page.goto('app://ui/index.html#/tasks')
    await second.page.getByRole('link', { name: 'Moved along' }).waitFor()
    expect([...first.errors, ...second.errors]).toEqual([])
  }, 60_000)

  it('moves to a server, says when that is away, and that it is back', async () => {
    const server = await startPostgres()
    onTestFinished(() => server.close())
    const database = await createTestDatabase(server)
    const first = await open()
    const { page, dir } = first
    await page.getByText(/slots$/).waitFor()
    await createTask(first, 'Moved to a server')
    await toDatabase(page)
    await page.getByText('PostgreSQL', { exact: true }).click()
    await page.locator('#database-server').fill(server.host)
    await page.locator('#database-port').fill(String(server.port))
    await page.locator('#database-database').fill(database)
    await page.locator('#database-username').fill(server.username)
    await page.locator('#database-password').fill('not this one')
    await page.getByRole('button', { name: 'Test connection' }).click()
    await page.getByText('A node cannot work on it yet').waitFor()
    await page.locator('#database-password').fill(server.password)
    await page.locator('#database-password').press('Enter')
    await copyAndSwitch(page)
    expect(await readFile(join(dir, 'app.yaml'), 'utf8')).not.toContain(server.password)
    expect(await first.quit()).toBe(0)

    const second = await open({ dir })
    await second.page.getByRole('complementary').getByText('PostgreSQL').waitFor()
    await second.page.goto('app://ui/index.html#/tasks')
    await second.page.getByRole('link', { name: 'Moved to a server' }).waitFor()
    await server.stop()
    await second.page.getByText(/Database away since \d\d:\d\d:\d\d/).waitFor({ timeout: 40_000 })
    await server.start()
    await second.page.getByText(/Database away since/).waitFor({ state: 'detached', timeout: 40_000 })
    await second.page.getByRole('link', { name: 'Moved to a server' }).waitFor()
    expect([...first.errors, ...second.errors]).toEqual([])
  }, 180_000)
})
