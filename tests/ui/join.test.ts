import { expect, it } from 'vitest'
import { AppError, badField } from '../../src/shared/domain/errors.ts'
import { thisNode } from '../support/memory-records.ts'
import { violationsOf } from './axe.ts'
import { describeWindow, type WindowPage } from './window.ts'

/** The node shares the database and holds no key of the cluster, until a good token brings it. */
const withoutKey = ({ node }: WindowPage): string[] => {
  const asked: string[] = []
  let holdsKey = false
  node.services.nodes.get = async () => ({ ...thisNode(), holdsKey })
  node.services.joinTokens.join = async (_, token) => {
    asked.push(token)
    if (!token.startsWith('psj_')) throw badField(['token'], 'is no join token, or not all of it')
    if (token === 'psj_used') throw new AppError('CONFLICT', 'Another node used this join token.')
    holdsKey = true
    return { nodeId: thisNode().nodeId, clusterId: 'cluster', holdsKey, note: null }
  }
  return asked
}

describeWindow('joining a cluster in Settings', (open) => {
  it('says under the field what is wrong with a token, and keeps what was typed', async () => {
    const window = await open()
    const { page, go } = window
    const asked = withoutKey(window)
    await go('settings/node')
    await page.getByRole('heading', { name: 'Join the cluster' }).waitFor()
    const field = page.getByLabel('Join token')
    expect(await page.getByRole('button', { name: 'Join' }).isDisabled()).toBe(true)
    await field.fill('  nonsense ')
    await page.keyboard.press('Enter')
    const error = page.getByRole('alert')
    await error.getByText(/is no join token, or not all of it/).waitFor()
    expect(await field.inputValue()).toBe('  nonsense ')
    expect(await violationsOf(page)).toEqual([])

    await field.fill('psj_used')
    await page.getByRole('button', { name: 'Join' }).click()
    await error.getByText('Another node used this join token.').waitFor()
    expect(asked).toEqual(['nonsense', 'psj_used'])
    expect(window.errors).toEqual([])
  })

  it('takes the key with a good one, and asks no more', async () => {
    const window = await open()
    const { page, go } = window
    const asked = withoutKey(window)
    await go('settings/node')
    await page.getByText('not held: tasks with secrets do not run here').waitFor()
    await page.getByLabel('Join token').fill('psj_good')
    await page.getByRole('button', { name: 'Join' }).click()
    await page.getByText('This node belongs to the cluster now and can open its secrets').waitFor()
    await page.getByRole('heading', { name: 'Join the cluster' }).waitFor({ state: 'detached' })
    await page
      .getByRole('definition')
      .filter({ hasText: /^held$/ })
      .waitFor()
    expect(asked).toEqual(['psj_good'])
    expect(window.errors).toEqual([])
  })

  it('is not offered where the key is held, nor to a browser', async () => {
    const held = await open()
    await held.go('settings/node')
    await held.page
      .getByRole('definition')
      .filter({ hasText: /^held$/ })
      .waitFor()
    expect(await held.page.getByLabel('Join token').count()).toBe(0)

    const browser = await open({ atHome: false })
    withoutKey(browser)
    await browser.go('settings/node')
    await browser.page.getByText('not held: tasks with secrets do not run here').waitFor()
    expect(await browser.page.getByLabel('Join token').count()).toBe(0)
  })
})
