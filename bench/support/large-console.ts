import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { createHttpServer } from '../../src/main/api/http.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import type { Services } from '../../src/main/services/services.ts'
import { withBrowser } from './browser.ts'
import { largeDatabase } from './large-database.ts'
import { openServices } from './large-services.ts'
import type { BenchRow } from './rows.ts'

const TOKEN = 'bench-token'

/** Whoever has the bench's token: the large database is to stay as it is. */
const withToken = (services: Services): Services => ({
  ...services,
  tokens: {
    ...services.tokens,
    verify: async (text) => (text === TOKEN ? { tokenId: 'bench', tokenName: 'bench', role: 'admin' } : null),
  },
})

/** The console on the large database in a browser, signed in, for the length of `work`. No rows without a browser. */
export const withLargeConsole = (
  work: (page: Page, url: string) => Promise<BenchRow[]>,
): Promise<BenchRow[]> =>
  withBrowser(async (browser) => {
    const { folder } = await largeDatabase()
    const { services, close } = await openServices(folder)
    const server = await createHttpServer({
      services: withToken(services),
      config: { host: '127.0.0.1', port: 0, insecure: false, certificate: null },
      consoleDir: join(import.meta.dirname, '..', '..', 'out', 'renderer'),
      log: memoryLog(),
      version: '0.0.0',
      clock: systemClock,
    })
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
      await page.goto(`${server.url}/#token=${TOKEN}`)
      return await work(page, server.url)
    } finally {
      await server.close()
      await close()
    }
  })
