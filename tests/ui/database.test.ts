import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import type { DatabaseProbe } from '../../src/shared/domain/database.ts'
import type { DatabaseTarget } from '../../src/shared/domain/database-target.ts'
import { AppError, badField } from '../../src/shared/domain/errors.ts'
import { lacking } from '../support/database-settings.ts'
import { eventually } from '../support/eventually.ts'
import { emptyServer } from '../support/memory-database.ts'
import { describeWindow, type WindowPage } from './window.ts'

const HERE = 'cluster on db.example:5432'

/** The field when it has the keyboard. */
const focused = (page: Page, label: string) =>
  page.getByLabel(label, { exact: true }).and(page.locator(':focus'))

const field = (page: Page, name: string) => page.getByLabel(name, { exact: true })

/** Types a server that is not the database of this node. */
const typeServer = async ({ page, go }: WindowPage): Promise<void> => {
  await go('settings/database')
  await page.getByText('PostgreSQL', { exact: true }).click()
  await field(page, 'Server').fill('db.example')
  await field(page, 'Database').fill('cluster')
  await field(page, 'Account').fill('svc')
  await field(page, 'Password').fill('geheim-42')
}

const test = (page: Page): Promise<void> => page.getByRole('button', { name: 'Test connection' }).click()

describeWindow('the database in Settings', (open) => {
  it('is tested: server, latency, clock, schema, and each check with what mends it', async () => {
    const window = await open()
    const { page, node } = window
    const asked: DatabaseTarget[] = []
    node.services.database.test = async (_, target) => {
      asked.push(target)
      return { ...lacking, clockOffsetMs: -4200 }
    }
    await typeServer(window)
    await field(page, 'Server').press('Enter')
    await page.getByText('A node cannot work on it yet: 1 thing to be mended.').waitFor()
    for (const text of ['PostgreSQL 18.4', '0.8\u202fms', '4.2\u202fs behind this machine'])
      await page.getByRole('definition').filter({ hasText: text }).waitFor()
    const checks = page.getByRole('list', { name: 'Checks of the database' }).getByRole('listitem')
    expect(await checks.count()).toBe(3)
    await checks.nth(1).getByText('grant create on schema public to "svc"').waitFor()
    await checks.nth(1).getByRole('button', { name: 'Copy what mends rights' }).click()
    await checks.nth(1).getByText('Copied').waitFor()
    expect(await page.getByRole('button', { name: 'Switch…' }).isDisabled()).toBe(true)
    expect(asked).toMatchObject([
      {
        type: 'PostgreSQL',
        connection: { server: 'db.example', port: null, username: 'svc', password: 'geheim-42', ssl: null },
        options: { timeout: 30, poolSize: 3 },
      },
    ])
    await field(page, 'Database').fill('other')
    await page.getByText('A node cannot work on it yet').waitFor({ state: 'detached' })
    expect(window.errors).toEqual([])
  })

  it('names the field that is wrong, goes there, and asks the node nothing for what is no number', async () => {
    const window = await open()
    const { page, node } = window
    let tests = 0
    node.services.database.test = async () => {
      tests++
      throw badField(
        ['target', 'connection', 'database'],
        'must be the name of the database: PostgreSQL needs it',
      )
    }
    await typeServer(window)
    await field(page, 'Port').fill('http')
    await test(page)
    await page.locator('.field-error', { hasText: 'Port must be a whole number.' }).waitFor()
    await focused(page, 'Port').waitFor()
    expect(tests).toBe(0)
    await field(page, 'Port').fill('5433')
    await test(page)
    await page.locator('.field-error', { hasText: 'Database must be the name of the database' }).waitFor()
    await focused(page, 'Database').waitFor()
  })

  it('says what is wrong with the file itself in full', async () => {
    const window = await open()
    window.node.services.database.test = async () => {
      throw badField(['retention', 'historyDays'], 'has 0; it may be a whole number from 1')
    }
    await typeServer(window)
    await test(window.page)
    await window.page.getByRole('alert').getByText('retention.historyDays: has 0').waitFor()
  })

  it('can be asked about no longer: a test that takes too long is cancelled', async () => {
    const window = await open()
    const { page, node } = window
    node.services.database.test = () => new Promise(() => undefined)
    await typeServer(window)
    await test(page)
    await page.getByRole('button', { name: 'Cancel' }).click()
    node.services.database.test = async () => emptyServer(HERE)
    await test(page)
    await page.getByText('A node can work on it once its tables are created.').waitFor()
  })

  it('gets its tables where it is empty, and is migrated where it is older', async () => {
    const window = await open()
    const { page, node } = window
    await typeServer(window)
    await test(page)
    await page.getByRole('button', { name: 'Create schema' }).click()
    await page.getByRole('definition').filter({ hasText: 'version 3' }).waitFor()
    expect(await page.getByRole('button', { name: 'Create schema' }).count()).toBe(0)
    const older: DatabaseProbe = { ...emptyServer(HERE), ok: false, schemaVersion: 1, schemaNeeds: 'migrate' }
    node.services.database.test = async () => older
    await test(page)
    await page.getByRole('button', { name: 'Migrate' }).waitFor()
    node.services.database.test = async () => ({
      ...older,
      ok: true,
      schemaVersion: 3,
      schemaNeeds: 'nothing',
    })
    await page.getByRole('button', { name: 'Migrate' }).click()
    await page.getByText('Applied 0003-several-databases.').waitFor()
    await page.getByText('A node can work on it.', { exact: true }).waitFor()
  })

  it('keeps the password that is set for its own server and account, and shows no more of it than that', async () => {
    const window = await open()
    const { page, node, go } = window
    const asked: DatabaseTarget[] = []
    const { test: look } = node.services.database
    node.services.database.test = (caller, target) => {
      asked.push(target)
      return look(caller, target)
    }
    const connection = {
      server: 'db.example',
      database: 'cluster',
      username: 'svc',
      password: { secret: true },
    }
    const current = await node.services.database.current(node.callers[0] ?? (await callerOf(window)))
    Object.assign(current.target, {
      type: 'PostgreSQL',
      connection: { ...current.target.connection, ...connection },
    })
    await go('settings/database')
    await page.getByText('secret is set').waitFor()
    await field(page, 'Database').fill('other')
    await test(page)
    await eventually(() => asked.length === 1)
    expect(asked[0]?.connection).toMatchObject({ database: 'other', password: { secret: true } })
    await field(page, 'Server').fill('elsewhere.example')
    await page.getByText('The one that is set is for its own server and account only.').waitFor()
    await test(page)
    await eventually(() => asked.length === 2)
    expect(asked[1]?.connection.password).toBeNull()
  })

  it('labels SQL Server a preview, and asks how a Windows account is written', async () => {
    const { page, go } = await open()
    await go('settings/database')
    await page.getByText('SQL Server').click()
    await page.getByText(/^Preview: not tried on a real server yet/).waitFor()
    await page.getByRole('switch', { name: 'with a Windows account' }).click()
    await page.getByText('Its name as DOMAIN\\user, with its password.').waitFor()
    for (const name of ['Account', 'Password']) await field(page, name).waitFor()
  })

  it('is read-only in a browser, with why and where', async () => {
    const { page, go, node, errors } = await open({ atHome: false })
    node.services.settings.get = async () => ({
      file: '/data/app.yaml',
      version: 'v1',
      settings: [{ key: 'database.type', value: 'SQLite' }].map((one) => ({
        ...{ default: 'SQLite', given: false, needsRestart: false, lock: 'database' },
        ...one,
      })),
    })
    await go('settings/database')
    await page.getByText(/Read-only here: whoever chooses the database chooses what the node runs/).waitFor()
    await page.getByText('in its desktop window or in').waitFor()
    await page.getByRole('definition').filter({ hasText: 'SQLite' }).first().waitFor()
    expect(await page.locator('.settings-body input').count()).toBe(0)
    expect(errors).toEqual([])
  })

  it('that cannot be read is said so, with another try', async () => {
    const { page, go, node } = await open()
    const { current } = node.services.database
    node.services.database.current = async () => {
      throw new AppError('BAD_REQUEST', '/data/app.yaml line 3, column 1 is not YAML')
    }
    await go('settings/database')
    await page.getByText('line 3, column 1 is not YAML').waitFor()
    node.services.database.current = current
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('button', { name: 'Test connection' }).waitFor()
  })
})

/** Somebody to ask the services as: any call of the page brings one. */
const callerOf = async ({ node, go, page }: WindowPage) => {
  await go('settings/about')
  await page.getByText('PSWebHost Cluster 0.1.0').waitFor()
  const [caller] = node.callers
  if (!caller) throw new Error('nobody asked')
  return caller
}
