/*
 * How set-up speaks. Everything goes to stderr: stdout belongs to the program that is set up, whose first
 * line may be parsed (`npm start --silent -- --headless`).
 */

/** Prints one progress line of a set-up step. */
export const say = (step, text) => process.stderr.write(`[${step}] ${text}\n`)

/** Seconds since `startedAt` (of `performance.now()`), for progress lines: `12.3 s`. */
export const since = (startedAt) => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`

/** Set-up cannot go on. `command` is what the person has to run, exactly as typed. */
export class SetupError extends Error {
  constructor(message, command) {
    super(message)
    this.command = command
  }
}

/** The text of a `SetupError` as people see it: what is wrong, then the command alone on its line. */
export const explain = (error) => `${error.message}${error.command ? `\n  Run: ${error.command}` : ''}`

/** Runs `work`; a `SetupError` becomes one message and exit code 1, anything else is a bug and stays one. */
export async function orExplain(work) {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    say('set-up', `stopped: ${explain(error)}`)
    process.exit(1)
  }
}
