import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { AppError } from '../../src/shared/domain/errors.ts'
import { eventually } from '../support/eventually.ts'
import { copyResult, emptyServer } from '../support/memory-database.ts'
import { violationsOf } from './axe.ts'
import { halfCopied, lacking } from '../support/database-settings.ts'
import { addressOf } from './console.ts'
import { describeWindow, type WindowPage } from './window.ts'

const HERE = 'cluster on db.example:5432'

const field = (page: Page, name: string) => page.getByLabel(name, { exact: true })

const type = async ({ page, go }: WindowPage): Promise<void> => {
  await go('settings/database')
  await page.getByText('PostgreSQL', { exact: true }).click()
  await field(page, 'Server').fill('db.example')
  await field(page, 'Database').fill('cluster')
  await field(page, 'Database').press('Enter')
}

const typeAndTest = async (window: WindowPage): Promise<void> => {
  await type(window)
  await window.page.getByText('A node can work on it').waitFor()
}

describeWindow('another database', (open) => {
  it('is switched to from the keyboard, after it was said what that does to the data', async () => {
    const window = await open()
    const { page, errors } = window
    await typeAndTest(window)
    await page.keyboard.press('Control+s')
    const dialog = page.getByRole('dialog', { name: `Switch to ${HERE}?` })
    await dialog.getByText('Nothing is moved.').waitFor()
    await dialog.getByText('stay in /data/pswebhost.db').waitFor()
    await dialog.getByText('The other one is empty').waitFor()
    await dialog.getByText('/data/app.yaml.before-switch').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Switch…' }).press('Enter')
    await page.keyboard.press('Control+Enter')
    await page.getByText('Restart the node:').waitFor()
    await page.getByText(`from then on it uses ${HERE}`).waitFor()
    await dialog.waitFor({ state: 'detached' })
    expect(await page.getByRole('button', { name: 'Switch…' }).count()).toBe(0)
    expect(errors).toEqual([])
  })

  it('that the node refuses is not switched to: the reason stands there, and what was typed too', async () => {
    const window = await open()
    const { page, node } = window
    node.services.database.switchTo = async () => {
      throw new AppError('CONFLICT', `${HERE} cannot be used: rights: svc may not create the tables.`)
    }
    await typeAndTest(window)
    await page.getByRole('button', { name: 'Switch…' }).click()
    await page.getByRole('button', { name: 'Switch', exact: true }).click()
    await page
      .getByRole('alert')
      .getByText('Not switched. cluster on db.example:5432 cannot be used')
      .waitFor()
    expect(await field(page, 'Server').inputValue()).toBe('db.example')
  })

  it('is copied to first, table by table, and compared', async () => {
    const window = await open()
    const { page, node } = window
    let end = (): void => undefined
    node.services.database.copy = async (_caller, _target, { onProgress }) => {
      onProgress({ phase: 'verify', table: 'Tasks', done: 212, total: 212 })
      onProgress({ phase: 'copy', table: 'Task_History', done: 18_211, total: 48_211 })
      await new Promise<void>((resolve) => (end = resolve))
      return copyResult(HERE)
    }
    await typeAndTest(window)
    await page.getByRole('button', { name: 'Switch…' }).click()
    await page.getByRole('button', { name: 'Copy the data first' }).click()
    const bar = page.getByRole('progressbar', { name: 'copying Task_History' })
    await bar.waitFor()
    expect(await bar.getAttribute('value')).toBe('18211')
    await page.getByText('18\u202f211 of 48\u202f211').waitFor()
    await page.getByText('compared', { exact: true }).waitFor()

    // It goes on while somebody looks at something else.
    await page.getByRole('link', { name: 'Tasks' }).click()
    await page.getByRole('button', { name: 'Leave without saving' }).click()
    await page.getByText('Nothing is scheduled here yet').waitFor()
    await window.go('settings/database')
    await bar.waitFor()
    end()
    await page.getByText(`2 rows of 1 table are in ${HERE} and equal on both sides.`).waitFor()
    await page.getByRole('rowheader', { name: 'Tasks' }).waitFor()
    await page.getByRole('cell', { name: 'ab'.repeat(32) }).waitFor()
  })

  it('is copied to no longer once that is cancelled, and what is there is called incomplete', async () => {
    const window = await open()
    const { page, node } = window
    let cancelled = false
    node.services.database.copy = (_caller, _target, { onProgress, signal }) =>
      new Promise((_, reject) => {
        onProgress({ phase: 'copy', table: 'Tasks', done: 1, total: 212 })
        signal.addEventListener('abort', () => {
          cancelled = true
          reject(new Error('cancelled'))
        })
      })
    await typeAndTest(window)
    await page.getByRole('button', { name: "Copy this node's data there" }).click()
    await page.getByRole('progressbar').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText(/^Cancelled\. What stands in cluster on db\.example:5432 is incomplete/).waitFor()
    await eventually(() => cancelled)
  })

  it('that a copy was cut off into is copied to again, and not switched to', async () => {
    const window = await open()
    const { page, node } = window
    let probe = halfCopied
    node.services.database.test = async () => probe
    node.services.database.copy = async () => {
      probe = { ...emptyServer(HERE), schemaVersion: 3, schemaNeeds: 'nothing' }
      return copyResult(HERE)
    }
    await type(window)
    await page.getByText('part of a copy that was not finished').waitFor()
    expect(await page.getByRole('button', { name: 'Switch…' }).isEnabled()).toBe(false)
    await page.getByRole('button', { name: 'Go on with the copy' }).click()
    await page.getByText('equal on both sides').waitFor()
    await page.getByText('A node can work on it').waitFor()
    expect(await page.getByRole('button', { name: 'Switch…' }).isEnabled()).toBe(true)
  })

  it('that cannot be copied to says why', async () => {
    const window = await open()
    const { page, node } = window
    node.services.database.copy = async () => {
      throw new AppError('CONFLICT', `${HERE} holds tasks already; a copy needs an empty one.`)
    }
    await typeAndTest(window)
    await page.getByRole('button', { name: "Copy this node's data there" }).click()
    await page.getByRole('alert').getByText('holds tasks already').waitFor()
  })

  it('that was typed is not lost by leaving unasked', async () => {
    const window = await open()
    const { page } = window
    await typeAndTest(window)
    await page.getByRole('link', { name: 'Retention' }).click()
    await page.getByText('3 unsaved changes would be lost.').waitFor()
    expect(addressOf(page)).toBe('#/settings/database')
    await page.keyboard.press('Escape')
    expect(await field(page, 'Server').inputValue()).toBe('db.example')
    const asked: string[] = []
    page.on('dialog', (dialog) => {
      asked.push(dialog.type())
      void dialog.dismiss()
    })
    await page.close({ runBeforeUnload: true })
    await eventually(() => asked.includes('beforeunload'))
    await page.getByRole('link', { name: 'Retention' }).click()
    await page.getByRole('button', { name: 'Leave without saving' }).click()
    await eventually(() => addressOf(page) === '#/settings/retention')
    await window.go('settings/database')
    expect(await page.getByRole('button', { name: 'Switch…' }).count()).toBe(0)
  })

  it.each(['light', 'dark'] as const)(
    'has nothing wrong for axe in the %s scheme',
    async (scheme) => {
      const window = await open({ scheme })
      const { page, node, go } = window
      const found: Record<string, string[]> = {}
      const look = async (name: string): Promise<void> => {
        found[name] = await violationsOf(page)
      }
      await go('settings/database')
      await page.getByRole('button', { name: 'Test connection' }).waitFor()
      await look('as it is')
      await page.getByText('SQL Server').click()
      await page.getByRole('button', { name: 'Name files…' }).click()
      await field(page, 'Port').fill('x')
      await field(page, 'Port').press('Enter')
      await page.locator('.field-error').waitFor()
      await look('a wrong field')
      node.services.database.test = async () => lacking
      await field(page, 'Port').fill('')
      await field(page, 'Port').press('Enter')
      await page.getByText('A node cannot work on it yet').waitFor()
      await look('what is missing')
      node.services.database.test = async () => emptyServer(HERE)
      node.services.database.copy = (_caller, _target, { onProgress }) =>
        new Promise(() => onProgress({ phase: 'copy', table: 'Tasks', done: 1, total: 212 }))
      await page.getByRole('button', { name: 'Test connection' }).click()
      await page.getByRole('button', { name: 'Switch…' }).click()
      await page.getByText('Nothing is moved.').waitFor()
      await look('the question')
      await page.getByRole('button', { name: 'Copy the data first' }).click()
      await page.getByRole('progressbar').waitFor()
      await look('a copy')
      await page.getByRole('button', { name: 'Cancel' }).click()
      node.services.database.copy = async () => copyResult(HERE)
      await page.getByRole('button', { name: "Copy this node's data there" }).click()
      await page.getByRole('table').waitFor()
      await look('a copy that is done')
      await page.getByRole('link', { name: 'Retention' }).click()
      await page.getByText('would be lost.').waitFor()
      await look('on leaving')
      expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, []])))
    },
    60_000,
  )
})
