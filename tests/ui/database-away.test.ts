import { expect, it } from 'vitest'
import { systemInfo } from '../support/memory-records.ts'
import { violationsOf } from './axe.ts'
import { describeWindow } from './window.ts'

const AT = '2026-11-24T14:02:11.000Z'
const REASON = 'cluster on db.example:5432 does not answer (ECONNREFUSED)'
const SINCE = /Database away since (Tue |24\u202fNov )?.*15:02:11/

describeWindow('a database that is away', (open) => {
  it('is said at once: since when, why, and what still works; and no longer when it is back', async () => {
    const { page, node, go, errors } = await open()
    await go('tasks')
    await page.getByText(/slots$/).waitFor()
    node.emit({ type: 'database.away', at: AT, reason: REASON })
    await page.getByRole('status').getByText(SINCE).waitFor()
    const banner = page.locator('.banner')
    await banner.getByText(`${REASON}.`).waitFor()
    await banner
      .getByText('Running scripts end, and their results are kept on disk; nothing new starts.')
      .waitFor()
    expect(await violationsOf(page)).toEqual([])
    node.emit({ type: 'database.back', at: '2026-11-24T14:05:00.000Z' })
    await banner.waitFor({ state: 'detached' })
    expect(errors).toEqual([])
  })

  it('is known to a page that comes later, from what the node says of itself', async () => {
    const { page, node, go } = await open({ scheme: 'dark' })
    node.services.system.info = async (caller) => ({
      ...systemInfo(caller.actor, caller.role),
      database: { away: { since: AT, reason: REASON } },
    })
    await go('runtime')
    await page.getByText(SINCE).waitFor()
    expect(await violationsOf(page)).toEqual([])
  })

  it('is not told of by a node that does not answer itself: one banner stands there', async () => {
    const { page, node, go, close } = await open({ atHome: false })
    await go('tasks')
    await page.getByText(/slots$/).waitFor()
    node.emit({ type: 'database.away', at: AT, reason: REASON })
    await page.getByText(SINCE).waitFor()
    await close()
    await page.getByText(/Node unreachable since/).waitFor()
    expect(await page.locator('.banner').count()).toBe(1)
  })
})
