import { app, type BrowserWindow } from 'electron'
import { localCaller } from '../api/auth.ts'
import type { RunningNode } from '../app.ts'
import { askLetGo, askQuit } from './questions.ts'

/** A quit that a page has stopped is over this soon. */
const CANCELLED_MS = 100

export interface Quit {
  /** The person wants to quit; asks first when scripts run. */
  ask(): Promise<void>
  /** True from the moment on that the program ends: windows may close. */
  isQuitting(): boolean
  /**
   * A page holds edits that are not saved. The person is asked, unless nobody is there to ask (a signal, the
   * end of the session). @returns true: let them go
   */
  onUnsaved(window: BrowserWindow, isClosing: boolean): boolean
}

/** What the edits of a page stand in the way of. */
type Ending = 'quit' | 'close' | 'reload'

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
  /** The person wants to quit: somebody is there to be asked. */
  let asked = false
  /** Windows whose edits may go. */
  const letGo = new Set<BrowserWindow>()

  const stop = async (): Promise<void> => {
    onStopping()
    const running = await node.catch(() => null)
    await running?.close()
    stopped = true
    onStopped()
    app.quit()
  }

  const askThen = async (window: BrowserWindow, then: Ending): Promise<void> => {
    if (!(await askLetGo(window))) return letGo.clear()
    if (then === 'close') return window.destroy()
    letGo.add(window)
    asked = then === 'quit'
    if (asked) return app.quit()
    // What is typed from then on is asked for again.
    window.webContents.once('did-finish-load', () => letGo.delete(window))
    window.webContents.reload()
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
      asked = active === 0 || (await askQuit(active))
      if (asked) app.quit()
    },
    onUnsaved: (window, isClosing) => {
      if (letGo.has(window) || (quitting && !asked)) return true
      const then = quitting ? 'quit' : isClosing ? 'close' : 'reload'
      // The page has stopped what was going on; it goes on when the person says so.
      quitting = false
      // Electron has to be done with the quit that the page stopped, before another can begin.
      setTimeout(() => void askThen(window, then), CANCELLED_MS)
      return false
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
