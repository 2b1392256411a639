import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createClient, type Client } from '../src/shared/client/create-client.ts'
import { createHttpLink } from '../src/shared/client/http-link.ts'
import { openScreen, type Screen } from '../tests/support/screen.ts'
import { urlInLog } from '../tests/support/window-args.ts'
import { writeScript } from './support/bench-node.ts'
import { say, withTempFolder } from './support/folders.ts'
import { below, median, type BenchRow } from './support/rows.ts'
import { electronPath, startWindow, type WindowApp } from './support/window-app.ts'

/**
 * The desktop: how soon the window can be used, and whether a busy engine leaves the main process, which draws
 * the window's frame and answers its calls, free to do so.
 */

const ROUNDS = 5
const USABLE_BUDGET_MS = 2500
const DELAY_BUDGET_MS = 50
const BUSY_TASKS = 20
const BUSY_MS = 15_000
const IDLE_MS = 3_000
const MILLION = 1_000_000

export const rows = async (): Promise<BenchRow[]> => {
  if (electronPath === '') {
    say('left out: there is no Electron here; npm test fetches one')
    return []
  }
  const screen = await openScreen()
  try {
    return await withTempFolder(async (dir) => [await usable(dir, screen), await delay(dir, screen)])
  } finally {
    await screen.close()
  }
}

const usable = async (dir: string, screen: Screen): Promise<BenchRow> => {
  const times: number[] = []
  for (let round = -1; round < ROUNDS; round += 1) {
    const window = await startWindow(dir, screen)
    await window.close()
    // The first round makes the folder and warms the caches.
    if (round >= 0) times.push(window.usableMs)
  }
  return below('window usable, warm (p50)', median(times), { unit: 'ms', budget: USABLE_BUDGET_MS })
}

/** Tasks that run every second, output and all, while the main process measures how late its timers are. */
const delay = async (dir: string, screen: Screen): Promise<BenchRow> => {
  writeFileSync(
    join(dir, 'app.yaml'),
    'node:\n  maxConcurrentTasks: 10\nexecution:\n  shutdownGraceSeconds: 1\n',
  )
  writeScript(dir, 'busy.sh', 'for i in $(seq 1 50); do echo "line $i of the output"; done\n')
  const window = await startWindow(dir, screen)
  try {
    const token = tokenOf(dir)
    const client = createClient(createHttpLink({ origin: urlOf(dir), token: () => token }))
    const idle = await lateness(window, IDLE_MS)
    await createBusy(client)
    const busy = await lateness(window, BUSY_MS)
    return below(`main process late with ${BUSY_TASKS / 2} runs a second (p99)`, busy, {
      unit: 'ms',
      reference: idle,
      budget: DELAY_BUDGET_MS,
    })
  } finally {
    await window.close()
  }
}

const createBusy = async (client: Client): Promise<void> => {
  const schedule = { type: 'interval', everySeconds: 2 } as const
  for (let i = 0; i < BUSY_TASKS; i += 1)
    await client.tasks.create({ taskName: `Busy ${i}`, scriptPath: 'busy.sh', schedule })
}

/** How late timers of the main process are, milliseconds at p99. */
const lateness = async ({ app }: WindowApp, lengthMs: number): Promise<number> => {
  const nanoseconds = await app.evaluate(async (_, ms) => {
    const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks')
    const histogram = monitorEventLoopDelay({ resolution: 5 })
    histogram.enable()
    await new Promise((resolve) => setTimeout(resolve, ms))
    histogram.disable()
    return histogram.percentile(99)
  }, lengthMs)
  return nanoseconds / MILLION
}

const tokenOf = (dir: string): string => readFileSync(join(dir, 'admin.token'), 'utf8').trim()

const urlOf = (dir: string): string => urlInLog(readFileSync(join(dir, 'logs', 'pswebhost.log'), 'utf8'))
