import { expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { violationsOf } from './axe.ts'
import { describeConsole } from './console.ts'

describeConsole('a timeline of runs', (open) => {
  const withRuns = async (scheme: 'light' | 'dark' = 'light') => {
    const console = await open({ scheme })
    const { client, script, task } = console
    await script('bad.sh', 'exit 3\n')
    const good = await task({ taskName: 'Good' })
    const bad = await task({ taskName: 'Bad', scriptPath: 'bad.sh' })
    const ids: string[] = []
    for (const taskId of [good, bad, good]) {
      const { historyId } = await client.tasks.run({ taskId })
      await eventually(async () => (await client.history.get({ historyId })).endTime !== null)
      ids.push(historyId)
    }
    return { ...console, good, ids }
  }

  it('tells each run under the arrows, opens it, and zooms by keys and by a span dragged over', async () => {
    const { page, node, ids, errors } = await withRuns()
    await page.goto(`${node.url}/#/history?charts=true`)
    const track = page.getByRole('group', { name: '3 runs, 1 ended badly: arrows go from run to run' })
    await track.focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    const timeline = page.getByRole('group', { name: 'Timeline', exact: true })
    await timeline
      .getByRole('status')
      .getByText(/^Bad: failed, began/)
      .waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(new RegExp(`history/${ids[1]}`))
    await page.goBack()
    await track.waitFor()

    const reset = timeline.getByRole('button', { name: 'Reset the timeline' })
    expect(await reset.isDisabled()).toBe(true)
    await page.keyboard.press('[')
    await reset.and(page.locator(':enabled')).waitFor()
    await page.keyboard.press('=')
    await reset.and(page.locator(':disabled')).waitFor()
    const box = await track.boundingBox()
    if (!box) throw new Error('the timeline has no box')
    const y = box.y + box.height - 3
    await page.mouse.move(box.x + box.width * 0.2, y)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.5, y, { steps: 4 })
    // The hand need not stay on the track.
    await page.mouse.move(box.x + box.width * 0.5, box.y - 60, { steps: 4 })
    await page.mouse.up()
    // Nothing ran that long ago.
    await page.getByRole('group', { name: '0 runs, 0 ended badly: arrows go from run to run' }).waitFor()
    await page.keyboard.press('=')
    await track.waitFor()
    await track.hover({ position: { x: box.width - 5, y: 3 } })
    await page.keyboard.down('Control')
    await page.mouse.wheel(0, -300)
    await page.keyboard.up('Control')
    await reset.and(page.locator(':enabled')).waitFor()
    expect(errors).toEqual([])
  })

  it('waits for no answer about a span that is left', async () => {
    const { page, node, client } = await withRuns()
    await page.goto(`${node.url}/#/nodes/${(await client.system.info({})).nodeId}`)
    await page.getByRole('group', { name: /3 runs, 1 ended badly/ }).waitFor()
    const asked: string[] = []
    const dropped: string[] = []
    const isHeld = { now: true }
    page.on('requestfailed', (request) => void dropped.push(request.postData() ?? request.url()))
    await page.route('**/rpc/history/stats*', async (route) => {
      asked.push(route.request().postData() ?? route.request().url())
      if (!isHeld.now) await route.continue()
    })
    const zoomOut = page.getByRole('button', { name: 'Zoom out' })
    // All at once, as the wheel does it.
    const manySteps = () =>
      zoomOut.evaluate((button: { click: () => void }) => {
        for (let i = 0; i < 4; i += 1) button.click()
      })
    await manySteps()
    await expect.poll(() => asked).toHaveLength(1)
    isHeld.now = false
    await manySteps()
    await expect.poll(() => dropped).toEqual([asked[0]])
    await page.getByRole('group', { name: /3 runs(, 1 ended badly|, counted)/ }).waitFor()
    await expect.poll(() => asked).toHaveLength(2)
  })

  it('zooms where a drag begins and ends on one run, and opens the run at a click', async () => {
    const { page, node, client, script, task } = await open()
    await script('long.sh', 'sleep 60\n')
    const { historyId } = await client.tasks.run({
      taskId: await task({ taskName: 'Long', scriptPath: 'long.sh' }),
    })
    await eventually(async () => (await client.history.get({ historyId })).startTime !== null)
    // Long enough to be seen as wide as a hand needs, where a minute is the whole width.
    await page.waitForTimeout(8000)
    await page.goto(`${node.url}/#/history?charts=true`)
    const bar = page.locator('a.lane-bar')
    await bar.waitFor()
    const all = await page.locator('.run-track').boundingBox()
    if (!all) throw new Error('the timeline has no box')
    // As the runs are drawn: what is dragged over is of that span.
    const shown = page.locator('.run-axis')
    for (let i = 0; i < 3; i += 1) {
      const before = await shown.textContent()
      await page.mouse.move(all.x + all.width * 0.9, all.y + all.height - 3)
      await page.mouse.down()
      // Beyond the edge there is nothing more to choose.
      await page.mouse.move(all.x + all.width + 8, all.y + all.height - 3, { steps: 4 })
      await page.mouse.up()
      await expect.poll(() => shown.textContent()).not.toBe(before)
    }
    await expect.poll(async () => (await bar.boundingBox())?.width ?? 0).toBeGreaterThan(40)
    const box = await bar.boundingBox()
    if (!box) throw new Error('the bar has no box')
    await page.mouse.move(box.x + 5, box.y + 4)
    await page.mouse.down()
    await page.mouse.move(box.x + 35, box.y + 4, { steps: 5 })
    await page.mouse.up()
    await page.waitForTimeout(200)
    expect(new URL(page.url()).hash).toBe('#/history?charts=true')
    await bar.waitFor()
    await bar.click()
    await page.waitForURL(new RegExp(`history/${historyId}`))
    await client.history.stop({ historyId })
  })

  it('of a task and of a node is reached, read and zoomed by keys alone', async () => {
    const { page, node, errors } = await withRuns()
    await page.goto(`${node.url}/#/overview`)
    const timeline = page.getByRole('group', { name: 'Timeline', exact: true })
    const readFrom = async (view: string, name: RegExp, track: RegExp): Promise<void> => {
      await page.keyboard.press(view)
      await page.getByRole('link', { name }).and(page.locator('[data-row-link]')).first().waitFor()
      const row = page.locator('[data-row-link][tabindex="0"]', { hasText: name })
      await eventually(async () => {
        if (await row.isVisible()) return true
        await page.keyboard.press('j')
        return false
      })
      await page.keyboard.press('Enter')
      const runs = timeline.getByRole('group', { name: track })
      await runs.waitFor()
      await eventually(async () => {
        await page.keyboard.press('Tab')
        return runs.and(page.locator(':focus')).isVisible()
      }, 30_000)
      await page.keyboard.press('ArrowRight')
      await timeline
        .getByRole('status')
        .getByText(/^Good: succe\w+, began/)
        .waitFor()
      await page.keyboard.press('[')
      await timeline
        .getByRole('button', { name: 'Reset the timeline' })
        .and(page.locator(':enabled'))
        .waitFor()
    }
    await page.getByText(/slots$/).waitFor()
    await readFrom('2', /^Good$/, /^2 runs, 0 ended badly/)
    await page.keyboard.press('Escape')
    await readFrom('5', /\w/, /^3 runs, 1 ended badly/)
    expect(errors).toEqual([])
  })

  it.each(['light', 'dark'] as const)(
    'has nothing wrong beside a list, a node and a task (%s)',
    async (scheme) => {
      const { page, node, client, good } = await withRuns(scheme)
      const { nodeId } = await client.system.info({})
      const found: string[] = []
      for (const path of [
        'history?charts=true',
        `history?charts=true&task=${good}`,
        `nodes/${nodeId}`,
        `tasks/${good}`,
      ]) {
        await page.goto(`${node.url}/#/${path}`)
        await page.getByRole('group', { name: /runs?, \d ended badly/ }).waitFor()
        found.push(...(await violationsOf(page)))
      }
      expect(found).toEqual([])
    },
    120_000,
  )
})
