import { once } from 'node:events'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import type { Screen } from '../../tests/support/screen.ts'
import { windowArgs, windowEnvironment } from '../../tests/support/window-args.ts'

/** Told by scripts/bench.mjs; empty where there is none. */
export const electronPath = process.env['PSWEBHOST_TEST_ELECTRON'] ?? ''

export interface WindowApp {
  app: ElectronApplication
  page: Page
  /** From the start of the process until the node's own line stands in the window. */
  usableMs: number
  close(): Promise<void>
}

export const startWindow = async (dir: string, screen: Screen): Promise<WindowApp> => {
  const args = windowArgs(dir)
  const env = windowEnvironment(screen.env)
  const startedAt = performance.now()
  const app = await _electron.launch({ executablePath: electronPath, args, env })
  const page = await app.firstWindow()
  await page.getByText(/slots$/).waitFor()
  const usableMs = performance.now() - startedAt
  return {
    app,
    page,
    usableMs,
    close: async () => {
      const ended = once(app.process(), 'exit')
      await app.evaluate(({ app: electron }) => electron.quit()).catch(() => undefined)
      await ended
    },
  }
}
