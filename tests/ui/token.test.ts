import { expect, it } from 'vitest'
import { addressOf, describeConsole } from './console.ts'

describeConsole('token', (open) => {
  it('is asked for, refused with the reason when it is wrong, and kept for the tab when it is right', async () => {
    const { page, node, errors } = await open({ signedIn: false })
    const field = page.getByLabel('Token', { exact: true })
    await field.fill('psw_wrong')
    await page.getByRole('button', { name: 'Open the console' }).click()
    await page.getByText(/token/i).locator('visible=true').first().waitFor()
    await page.locator('.mantine-PasswordInput-error').waitFor()

    await field.fill(node.adminToken)
    await page.getByRole('button', { name: 'Open the console' }).click()
    await page.getByText('No tasks yet').waitFor()

    await page.reload()
    await page.getByText('No tasks yet').waitFor()
    expect(errors).toEqual([])
  })

  it('is taken from the address and removed from it', async () => {
    const { page, node } = await open()
    await page.getByText('Nothing is scheduled here yet').waitFor()
    expect(page.url()).not.toContain(node.adminToken)
    expect(addressOf(page)).toBe('#/tasks')
  })

  it('leads back to the form with the reason once it is revoked', async () => {
    const { page, client, node } = await open({ signedIn: false })
    const { token, tokenId } = await client.tokens.create({ role: 'viewer', name: 'guest' })
    await page.goto(`${node.url}/#token=${token}`)
    await page.reload()
    await page.getByText('guest, viewer').waitFor()
    expect(await page.getByRole('button', { name: /New task/ }).isDisabled()).toBe(true)

    await client.tokens.revoke({ tokenId })
    // Not by a click: the page may have heard of it already.
    await page.goto(`${node.url}/#/history`)
    await page.locator('.mantine-PasswordInput-error').waitFor()
  })
})
