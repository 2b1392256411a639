import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** The demo as a person starts it, after it has run for a while. */

export interface Demo {
  url: string
  /** The console of its first node, signed in. */
  address: string
  close: () => Promise<void>
}

const RUN = join(import.meta.dirname, '..', '..', 'scripts', 'demo', 'run.mjs')
/** Until most of its tasks have run some times; its long job goes on for a minute and a half. */
const SETTLED_MS = 60_000

export const openDemo = async (): Promise<Demo> => {
  const child = spawn(process.execPath, [RUN], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const close = async (): Promise<void> => {
    child.kill('SIGTERM')
    await ended
  }
  try {
    const address = await firstConsole(child.stdout)
    await wait(SETTLED_MS)
    return { url: new URL(address).origin, address, close }
  } catch (error) {
    await close()
    throw error
  }
}

const firstConsole = async (output: AsyncIterable<unknown>): Promise<string> => {
  let said = ''
  for await (const chunk of output) {
    said += String(chunk)
    const address = /http\S+#token=\S+/.exec(said)?.[0]
    if (address) return address
  }
  throw new Error('the demo ended before its consoles answered')
}
