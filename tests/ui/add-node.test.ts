import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { servers } from '../support/databases.ts'
import { tempDir } from '../support/node.ts'
import { startNodeProcess } from '../support/node-process.ts'
import { databaseYaml } from '../support/server-config.ts'
import { createTestDatabase, dropTestDatabase } from '../support/servers/test-database.ts'
import { violationsOf } from './axe.ts'
import { describeConsole } from './console.ts'
import { goTo, rowOf } from './nodes-page.ts'

const server = servers().find(({ type }) => type === 'PostgreSQL')
const PROGRAM = join(import.meta.dirname, '..', '..', 'out', 'main', 'headless.js')

/** A database on the server, as app.yaml names it; dropped with the test. */
const newDatabase = async (): Promise<string> => {
  if (!server) throw new Error('there is no PostgreSQL')
  const name = await createTestDatabase(server)
  onTestFinished(() => dropTestDatabase(server, name))
  return databaseYaml(server, name)
}

/** What a person types on the newcomer. @returns the exit code and what it said */
const typed = async (command: string, dir: string): Promise<{ code: unknown; said: string }> => {
  const [, ...args] = command.split(' ')
  const child = spawn(process.execPath, [PROGRAM, ...args, '--data', dir])
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += String(text)))
  const [code] = (await once(child, 'exit')) as unknown[]
  return { code, said }
}

describeConsole('adding a node', (open) => {
  it.skipIf(!server)(
    'shows a token once, with which a newcomer gets in as it says',
    async () => {
      const database = await newDatabase()
      const console = await open({ database })
      const { page, client } = console
      await goTo(console, 'nodes')
      await page.getByRole('button', { name: 'Add node' }).click()
      await page.getByRole('button', { name: 'Make a join token' }).click()
      const dialog = page.getByRole('dialog', { name: 'Add a node' })
      await dialog.getByText('The token is shown only now.').waitFor()
      expect(await violationsOf(page)).toEqual([])
      const token = (await dialog.getByLabel('Join token', { exact: true }).textContent()) ?? ''
      expect(token).toMatch(/^psj_\S+$/)

      const dir = await tempDir()
      const config = `${database}node:\n  nodeName: newcomer\n  nodeGroup: edge\n`
      await writeFile(join(dir, 'app.yaml'), config, { mode: 0o600 })
      const tokens = page.getByRole('list', { name: 'Join tokens', includeHidden: true })
      await tokens.getByText('lets one node in, not used yet').waitFor()
      expect(await typed(`pswebhost-node join ${token}`, dir)).toMatchObject({ code: 0 })
      await startNodeProcess({ dir })
      await dialog.getByRole('button', { name: 'Done' }).click()
      await rowOf(page, 'newcomer').getByText('Active').waitFor()
      await tokens.getByText(/used once, by newcomer/).waitFor()
      expect(await page.content()).not.toContain(token)
      expect((await client.nodes.list({})).items.map(({ holdsKey }) => holdsKey)).toEqual([true, true])

      // Another node, through the database alone: what is done here happens there.
      await rowOf(page, 'newcomer').getByRole('link').click()
      await page.keyboard.press('d')
      await page.keyboard.press('Enter')
      await rowOf(page, 'newcomer').getByText('Draining').waitFor()
      expect(console.errors).toEqual([])
    },
    120_000,
  )
})
