import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { expect, it } from 'vitest'
import { createClient } from '../../src/shared/client/create-client.ts'
import { createHttpLink } from '../../src/shared/client/http-link.ts'
import { eventually } from '../support/eventually.ts'
import { tempDir } from '../support/node.ts'
import { describeDesktop } from './desktop.ts'

/** Succeeds as it is imported; fails once somebody has changed where it writes to. */
const SCRIPT = `#!/usr/bin/env bash
echo "copying to $TARGET"
[ "$TARGET" = /backup ] || { echo "ERROR no such target" >&2; exit 2; }
echo "copied"
`

const TASKS = `tasks:
  - name: NightlyBackup
    scriptPath: tasks/backup.sh
    schedule: "30 2 * * *"
    enabled: true
    environment: { TARGET: /backup }
`

const installation = async (): Promise<string> => {
  const folder = await tempDir()
  await mkdir(join(folder, 'config'))
  await mkdir(join(folder, 'tasks'))
  await writeFile(join(folder, 'config', 'tasks.yaml'), TASKS)
  await writeFile(join(folder, 'tasks', 'backup.sh'), SCRIPT, { mode: 0o755 })
  return folder
}

const MOST_ACTIONS = 30

describeDesktop('a new user', (open) => {
  it('imports, sees a failure, finds who broke it, reverts and runs again, in few actions', async () => {
    const folder = await installation()
    const desktop = await open()
    const { page, errors } = desktop
    let actions = 0
    const click = async (where: Locator): Promise<void> => {
      actions += 1
      await where.click()
    }
    const type = async (where: Locator, text: string): Promise<void> => {
      actions += 1
      await where.fill(text)
    }

    // Import an installation from this machine.
    await click(page.getByRole('button', { name: 'Import tasks or samples' }))
    await type(page.getByLabel('Folder or file on this machine'), folder)
    await click(page.getByRole('button', { name: 'Show the plan' }))
    await page.getByText('Create 1').waitFor()
    await click(page.getByRole('button', { name: /^Import 1 task/ }))
    await page.getByText('Importing the same again changes nothing.').waitFor()

    // Somebody else breaks it, and it fails.
    const [origin, token] = [await desktop.url(), await desktop.adminToken()]
    const other = createClient(createHttpLink({ origin, token: () => token }))
    const [task] = (await other.tasks.list({})).items
    const taskId = task?.taskId ?? ''
    await other.tasks.update(
      { taskId, environment: { TARGET: '/bakcup' } },
      { context: { reason: 'moved the target' } },
    )
    const { historyId } = await other.tasks.run({ taskId })
    await eventually(async () => (await other.history.get({ historyId })).state === 'Failed')

    // Why does it fail, and who changed it?
    await click(page.getByRole('link', { name: 'Overview' }))
    await page.getByText('1 task fails').waitFor()
    await click(page.getByRole('link', { name: 'NightlyBackup' }).first())
    await page.getByText('ERROR no such target').first().waitFor()
    await click(page.getByRole('complementary', { name: 'Around this run' }).getByText('“moved the target”'))
    await page.getByText('/bakcup').first().waitFor()

    // Take it back, and run it again.
    await click(page.getByRole('button', { name: /Revert…/ }))
    await page.getByText('nothing is written yet').waitFor()
    await type(page.getByLabel('Reason'), 'the target was right')
    await click(page.getByRole('group', { name: 'Revert' }).getByRole('button', { name: /^Revert/ }))
    await page.getByText('Took back the change of NightlyBackup').waitFor()
    await click(page.getByRole('region', { name: 'Change' }).getByRole('heading').getByRole('link'))
    await click(page.getByRole('button', { name: /^Run now/ }))
    await page.getByRole('heading', { name: /NightlyBackup success/ }).waitFor()
    await page.getByText('copied', { exact: true }).waitFor()

    expect(actions).toBeLessThanOrEqual(MOST_ACTIONS)
    expect((await other.tasks.get({ taskId })).environment).toEqual({ TARGET: '/backup' })
    expect(errors).toEqual([])
  }, 60_000)
})
