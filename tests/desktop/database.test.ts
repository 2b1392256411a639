import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeDesktop } from './desktop.ts'

describeDesktop('the database in the desktop window', (open) => {
  it('is copied to another file, switched to, and holds its tasks after a restart', async () => {
    const first = await open()
    const { page, dir } = first
    await page.getByText(/slots$/).waitFor()
    await page.goto('app://ui/index.html#/settings/database')
    await page.getByLabel('File', { exact: true }).first().fill('other.db')
    await page.getByLabel('File', { exact: true }).first().press('Enter')
    await page.getByText('A node can work on it once its tables are created.').waitFor()
    await page.getByRole('button', { name: "Copy this node's data there" }).click()
    await page.getByText(/equal on both sides/).waitFor()
    await page.getByText('A node can work on it.', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Switch…' }).click()
    await page.getByRole('button', { name: 'Switch', exact: true }).click()
    await page.getByText(`from then on it uses ${join(dir, 'other.db')}`).waitFor()
    expect(await readFile(join(dir, 'app.yaml'), 'utf8')).toContain('path: other.db')
    expect(await readFile(join(dir, 'app.yaml.before-switch'), 'utf8')).not.toContain('other.db')
    expect(await first.quit()).toBe(0)

    const second = await open({ dir })
    await second.page.getByText(/slots$/).waitFor()
    await second.page.goto('app://ui/index.html#/settings/database')
    await second.page.getByText(`uses ${join(dir, 'other.db')}`).waitFor()
    expect([...first.errors, ...second.errors]).toEqual([])
  })
})
