import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { describeConsole, addressOf } from './console.ts'

describeConsole('history', (open) => {
  it('is filtered by state and time, keeps that in the address, and offers to clear it', async () => {
    const { page, node, script, task, client, errors } = await open()
    await script('bad.sh', 'exit 3\n')
    const good = await task({ taskName: 'Good one' })
    const bad = await task({ taskName: 'Bad one', scriptPath: 'bad.sh' })
    await client.tasks.run({ taskId: good })
    await client.tasks.run({ taskId: bad })
    await page.goto(`${node.url}/#/history?state=Failed&since=24h`)
    await page.getByRole('link', { name: 'Bad one' }).waitFor()
    expect(await page.getByRole('link', { name: 'Good one' }).count()).toBe(0)
    await page.getByText('When is the last 24 hours').waitFor()

    await page.getByRole('button', { name: 'Clear filter State' }).click()
    await page.getByRole('link', { name: 'Good one' }).waitFor()
    expect(addressOf(page)).toBe('#/history?since=24h')

    await page.goto(`${node.url}/#/history?state=Lost&since=1h`)
    await page.getByRole('button', { name: 'Clear the filter' }).click()
    await page.getByRole('link', { name: 'Good one' }).waitFor()
    expect(errors).toEqual([])
  })
})

const LONG_OUTPUT = `for i in $(seq 1 300); do echo "line $i of 300"; done
echo "ERROR first problem"; for i in $(seq 1 50); do echo "rest $i"; done; echo "ERROR second problem"; exit 3
`

describeConsole('a run', (open) => {
  const withTwoRuns = async () => {
    const console = await open()
    const { client, script, task } = console
    await script('long.sh', LONG_OUTPUT)
    const taskId = await task({ taskName: 'Long one', scriptPath: 'long.sh' })
    const runOnce = async (): Promise<string> => {
      const { historyId } = await client.tasks.run({ taskId })
      await eventually(async () => (await client.history.get({ historyId })).endTime !== null)
      return historyId
    }
    const first = await runOnce()
    await script('long.sh', LONG_OUTPUT.replace('first problem', 'other problem').replace('exit 3', 'exit 4'))
    const second = await runOnce()
    return { ...console, taskId, first, second }
  }

  it('is searched: place among the places, back and forth, and the next error', async () => {
    const { page, node, first } = await withTwoRuns()
    await page.goto(`${node.url}/#/history/${first}`)
    await page.getByText('ERROR first problem').or(page.getByText('line 1 of 300')).first().waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('line 29')
    const places = page.getByRole('search', { name: 'In the output' }).getByRole('status')
    await places.getByText('1 of 11').waitFor()
    await page.keyboard.press('Enter')
    await places.getByText('2 of 11').waitFor()
    await page.locator('.log-line.current', { hasText: 'line 290 of 300' }).waitFor()
    await page.keyboard.press('Shift+Enter')
    await places.getByText('1 of 11').waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('n')
    await page.locator('.log-line.current', { hasText: 'first problem' }).waitFor()
    await page.keyboard.press('n')
    await page.locator('.log-line.current', { hasText: 'second problem' }).waitFor()
  })

  it('is saved as a file, whole', async () => {
    const { page, node, first } = await withTwoRuns()
    await page.goto(`${node.url}/#/history/${first}`)
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download' }).click()
    const file = await saved
    expect(file.suggestedFilename()).toMatch(/^Long one .*\.log$/)
    expect((await readFile(await file.path(), 'utf8')).trim().split('\n')).toHaveLength(352)
  })

  it('is compared with the one before, and leads to it', async () => {
    const { page, node, first, second } = await withTwoRuns()
    await page.goto(`${node.url}/#/history/${second}`)
    await page.getByRole('button', { name: 'Compare' }).and(page.locator(':enabled')).waitFor()
    await page.keyboard.press('c')
    await page.getByText(/exit code 3 → 4/).waitFor()
    await page.getByText(/another script/).waitFor()
    await page.locator('.cm-merge-a').getByText('first', { exact: true }).waitFor()
    await page.locator('.cm-merge-b').getByText('other', { exact: true }).waitFor()
    // What is the same is folded away.
    expect(await page.getByText('line 5 of 300').count()).toBe(0)
    await page.keyboard.press('Escape')
    await page.getByRole('log').waitFor()
    await page.keyboard.press('[')
    await page.waitForURL(new RegExp(`history/${first}`))
  })
})

describeConsole('charts of runs', (open) => {
  it('count how runs ended and show how long one task took, in the address', async () => {
    const { page, node, client, script, task, errors } = await open()
    await script('bad.sh', 'exit 3\n')
    const good = await task({ taskName: 'Good' })
    const bad = await task({ taskName: 'Bad', scriptPath: 'bad.sh' })
    for (const taskId of [good, good, bad]) {
      const { historyId } = await client.tasks.run({ taskId })
      await eventually(async () => (await client.history.get({ historyId })).endTime !== null)
    }
    await page.goto(`${node.url}/#/history?since=24h`)
    await page.getByRole('button', { name: 'Charts' }).click()
    await page.getByText('How they ended').waitFor()
    await page
      .getByText('3 runs: 1 Failed, 2 Success.')
      .or(page.getByText('3 runs: 2 Success, 1 Failed.'))
      .waitFor({
        state: 'attached',
      })
    await page.locator('.recharts-bar-rectangle path').first().waitFor({ state: 'attached' })
    await page.goto(`${node.url}/#/history?task=${good}&charts=true`)
    await page.getByText('How long they took').waitFor()
    await page.locator('.recharts-scatter-symbol').nth(1).waitFor()
    const trend = page.getByRole('group', { name: /How long the runs took/ })
    await trend.focus()
    await page.keyboard.press('ArrowLeft')
    await trend.getByRole('status').getByText(/s$/).waitFor()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Enter')
    await page.getByText('Exit code').waitFor()
    await page.goto(`${node.url}/#/tasks/${good}`)
    await page.getByRole('heading', { name: 'Durations' }).waitFor()
    expect(errors).toEqual([])
  })
})
