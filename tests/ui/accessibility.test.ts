import { join } from 'node:path'
import { expect, it } from 'vitest'
import { violationsOf } from './axe.ts'
import { describeConsole } from './console.ts'

const INSTALLATION = join(import.meta.dirname, '..', 'import', 'fixtures', 'installation')
describeConsole('accessibility', (open) => {
  it.each(['light', 'dark'] as const)(
    'finds nothing wrong in any view of the %s scheme',
    async (scheme) => {
      const { page, node, script, task, client } = await open({ scheme })
      const found: Record<string, string[]> = {}
      const look = async (name: string): Promise<void> => {
        found[name] = await violationsOf(page)
      }
      await page.getByText('Try sample tasks').waitFor()
      await look('first start')

      await script('bad.sh', 'echo "WARN slow"; echo "ERROR it broke" >&2; exit 3\n')
      const taskId = await task({
        taskName: 'Broken one',
        scriptPath: 'bad.sh',
        schedule: '30 2 * * *',
        parameters: { host: 'a', token: { secret: 'x' } },
      })
      await task({ taskName: 'Off', enabled: false, tags: ['nightly'] })
      await client.tasks.update({ taskId, description: 'first' }, { context: { reason: 'one' } })
      await client.tasks.update({ taskId, description: 'second' }, { context: { reason: 'two' } })
      const { historyId } = await client.tasks.run({ taskId })
      await page.getByText('Failed').first().waitFor()
      await look('tasks')

      const go = (path: string): Promise<unknown> => page.goto(`${node.url}/#/${path}`)
      await go(`tasks/${taskId}`)
      await page.locator('.runs li').first().waitFor()
      await look('editor')
      await page.getByLabel('Name', { exact: true }).fill('')
      await page.keyboard.press('Control+s')
      await page.getByText('Not saved.').waitFor()
      await look('editor with errors')
      await page.getByRole('button', { name: 'Discard' }).click()

      await go('history')
      await page.getByRole('link', { name: 'Broken one' }).first().waitFor()
      await look('history')
      await go(`history/${historyId}`)
      await page.getByText('it broke').first().waitFor()
      await look('run')

      await go('changes')
      await page.getByRole('link', { name: /one/ }).first().waitFor()
      await look('changes')
      await page.getByRole('link', { name: /changed: one/ }).click()
      await page.getByRole('button', { name: /Revert…/ }).click()
      await page.getByText('nothing is written yet').waitFor()
      await look('revert with a conflict')

      await go('overview')
      await page.getByText('1 task fails').waitFor()
      await look('overview')
      await go('runtime')
      await page.getByRole('heading', { name: 'Runspaces' }).waitFor()
      await look('runtime')

      await go('import')
      await page.getByRole('heading', { name: 'Samples' }).waitFor()
      await look('import')
      await page.getByLabel('Choose a folder').setInputFiles(INSTALLATION)
      await page.getByText(/^Create \d+/).waitFor()
      await look('import plan')
      for (const section of ['node', 'database', 'execution', 'api', 'appearance', 'about']) {
        await go(`settings/${section}`)
        await page.locator('.settings-body .section').first().waitFor()
        await look(`settings ${section}`)
      }
      const again = await client.tasks.run({ taskId })
      await page.waitForTimeout(1000)
      await go(`history/${again.historyId}?compare=${historyId}`)
      await page.getByText('beside this run').waitFor()
      await look('comparison')
      await go(`history?task=${taskId}&charts=true`)
      await page.getByText('How they ended').waitFor()
      await look('charts')
      await go('tasks')
      await page.getByRole('link', { name: 'Off' }).waitFor()
      await page.keyboard.press('Control+a')
      await page.getByText('2 tasks chosen').waitFor()
      await look('tasks chosen')

      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByText('Who is asking?').waitFor()
      await look('token form')
      expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, []])))
    },
    120_000,
  )
})
