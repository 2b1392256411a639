import { app } from 'electron'
import type { RunningNode } from '../app.ts'

/** A program that failed sooner than this would only fail again. */
const WORTH_A_NEW_START_S = 60
/** The log writes beside the program. */
const LAST_WORDS_MS = 500

/**
 * An error that nobody expected ends the program, with exit code 1, and starts it anew when it had run for a
 * while: Electron would show a box, and behind it a node that neither beats nor claims until somebody comes by.
 */
export const endAtUnexpectedErrors = (node: Promise<RunningNode>): void => {
  let ending = false
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${error.stack ?? String(error)}\n`)
    if (ending) return
    ending = true
    void node.then(
      ({ log }) => log.error({ error }, 'the program ends at an error it did not expect'),
      () => undefined,
    )
    if (process.uptime() >= WORTH_A_NEW_START_S) app.relaunch()
    setTimeout(() => app.exit(1), LAST_WORDS_MS)
  })
}
