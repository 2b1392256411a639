import type { Browser, Page } from 'playwright-core'
import { probeDatabase } from '../../src/main/data/probe.ts'
import { isoOf, systemClock } from '../../src/main/platform/clock.ts'
import { databaseOptions } from '../support/databases.ts'
import { startPostgres } from '../support/servers/postgres.ts'
import { administrate, serverConfig } from '../support/servers/test-database.ts'
import type { TestServer } from '../support/servers/server.ts'
import { openWindow } from '../ui/window.ts'

/** Settings → Database is the window's alone: a window on a node in memory that looks at a PostgreSQL of its own. */

const DATABASE = 'pswebhost'
const ACCOUNT = 'pswebhost_node'

export interface DatabaseScene {
  /** A page on which a connection was tested. */
  open: (scheme: 'light' | 'dark', onEnd: (close: () => Promise<void>) => void) => Promise<Page>
  close: () => Promise<void>
}

export const openDatabaseScene = async (browser: Browser): Promise<DatabaseScene> => {
  const server = await startPostgres()
  await administrate(server, `create role ${ACCOUNT} login password 'long and random'`)
  await administrate(server, `create database ${DATABASE} owner ${ACCOUNT}`)
  return {
    open: async (scheme, onEnd) => {
      const { page, node, go } = await openWindow(browser, { scheme }, onEnd)
      const config = serverConfig({ ...server, username: ACCOUNT, password: 'long and random' }, DATABASE)
      node.services.database.test = () => probeDatabase(databaseOptions(config))
      const { system } = node.services
      const info = system.info
      system.info = async (caller) => {
        const told = await info(caller)
        return { ...told, scheduler: { ...told.scheduler, lastTick: isoOf(systemClock.now()) } }
      }
      await go('settings/database')
      await page.reload()
      await typeAndTest(page, server)
      return page
    },
    close: () => server.close(),
  }
}

const typeAndTest = async (page: Page, { host, port }: TestServer): Promise<void> => {
  await page.getByText('PostgreSQL', { exact: true }).click()
  for (const [field, text] of [
    ['server', host],
    ['port', String(port)],
    ['database', DATABASE],
    ['username', ACCOUNT],
    ['password', 'long and random'],
  ] as const)
    await page.locator(`#database-${field}`).fill(text)
  await page.keyboard.press('Enter')
  await page.getByText('A node can work on it').waitFor()
}
