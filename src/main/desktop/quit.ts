import { app } from 'electron'
import { localCaller } from '../api/auth.ts'
import type { RunningNode } from '../app.ts'
import { askQuit } from './questions.ts'

export interface Quit {
  /** The person wants to quit; asks first when scripts run. */
  ask(): Promise<void>
  /** True from the moment on that the program ends: windows may close. */
  isQuitting(): boolean
}

export interface QuitDeps {
  node: Promise<RunningNode>
  /** The node has begun to stop; scripts have their grace. */
  onStopping(): void
  onStopped(): void
}

/**
 * Every way out (menu, tray, a signal, the end of the session) leads through here: the node stops claiming, lets
 * scripts end within their grace and closes its database before the program ends.
 */
export const createQuit = ({ node, onStopping, onStopped }: QuitDeps): Quit => {
  let quitting = false
  let stopped = false

  const stop = async (): Promise<void> => {
    onStopping()
    const running = await node.catch(() => null)
    await running?.close()
    stopped = true
    onStopped()
    app.quit()
  }

  app.on('before-quit', () => (quitting = true))
  let stopping: Promise<void> | null = null
  app.on('will-quit', (event) => {
    if (stopped) return
    event.preventDefault()
    // A second quit while scripts have their grace ends the grace.
    if (stopping)
      void node.then(
        ({ hurry }) => hurry(),
        () => undefined,
      )
    stopping ??= stop()
  })

  return {
    isQuitting: () => quitting,
    ask: async () => {
      const active = await activeScripts(node)
      if (active === 0 || (await askQuit(active))) app.quit()
    },
  }
}

/** 0 when the node cannot say: then nothing is to be asked. */
const activeScripts = async (starting: Promise<RunningNode>): Promise<number> => {
  try {
    const { services } = await starting
    return (await services.system.info(localCaller('Manual'))).scheduler.running
  } catch {
    return 0
  }
}
