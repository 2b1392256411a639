import { expect, it } from 'vitest'
import type { Run } from '../../src/shared/domain/run.ts'
import { eventually } from '../support/eventually.ts'
import { addressOf, describeConsole } from './console.ts'

const START = Date.now() - 3_600_000

describeConsole('the trend of durations', (open) => {
  /** A task with one run, of which the node tells many, from the `first` on; the 20th took long, the others the longer the later it is asked. */
  const withTrend = async () => {
    const console = await open()
    const { page, node, client, task } = console
    const taskId = await task({ taskName: 'Often' })
    const run = async (): Promise<void> => {
      const { historyId } = await client.tasks.run({ taskId })
      await eventually(async () => (await client.history.get({ historyId })).endTime !== null)
    }
    await run()
    const told = { first: 1 }
    const runOf = (like: Run, n: number): Run => ({
      ...like,
      ...{ historyId: `run-${n}`, startTime: new Date(START + n * 60_000).toISOString() },
      duration: n === 20 ? 200_000 : told.first * 10_000,
    })
    await page.route('**/rpc/tasks/history*', async (route) => {
      const response = await route.fetch()
      const body = (await response.json()) as { json: { items: Run[] } }
      const [like] = body.json.items
      if (like)
        body.json.items = Array.from({ length: 30 }, (_, n) => runOf(like, told.first + n)).toReversed()
      await route.fulfill({ response, json: body })
    })
    await page.goto(`${node.url}/#/history?task=${taskId}&charts=true`)
    const trend = page.getByRole('group', { name: /How long the runs took/ })
    await trend.waitFor()
    return { ...console, run, told, trend }
  }

  it('opens an outlier in a window of its own with Ctrl, from its link and from its point', async () => {
    const { page, trend } = await withTrend()
    const here = addressOf(page)
    await trend.getByText(/1 run took more than/).click()
    for (const place of [
      trend.getByRole('link', { name: /an outlier/ }),
      trend.locator('[fill="var(--timeout)"]'),
    ]) {
      const opened = page.waitForEvent('popup')
      await place.first().click({ modifiers: ['ControlOrMeta'] })
      await (await opened).waitForURL(/history\/run-20/)
      expect(addressOf(page)).toBe(here)
    }
  })

  it('keeps its cursor on the run when another one comes and the oldest goes', async () => {
    const { page, run, told, trend } = await withTrend()
    await trend.focus()
    for (let i = 0; i < 11; i += 1) await page.keyboard.press('ArrowLeft')
    const said = trend.getByRole('status')
    await said.getByText(/an outlier$/).waitFor()
    told.first = 2
    await run()
    await trend.getByText(/^Usually 20/).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(/history\/run-20/)
  })
})
