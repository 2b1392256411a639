import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Runs a set-up command and waits for it. What it says goes to stderr, or with `quiet` only if it fails. When set-up itself is told to end,
 * the command is ended first, so that nothing goes on writing behind a set-up that is gone.
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, shell?: boolean, quiet?: boolean,
 *   onStart?: (pid: number) => void }} options
 * @returns {Promise<number>} its exit code; 127 when it could not be started
 */
export function run(command, args, { onStart, quiet = false, ...options } = {}) {
  return new Promise((resolve) => {
    const out = quiet ? 'pipe' : 2
    const child = spawn(command, args, { ...options, stdio: ['ignore', out, out] })
    const said = []
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => said.push(chunk))
    const stopListening = endWith(child)
    if (child.pid !== undefined) onStart?.(child.pid)
    child.once('error', () => {
      stopListening()
      resolve(127)
    })
    child.once('close', (code) => {
      stopListening()
      if (code !== 0) process.stderr.write(Buffer.concat(said))
      resolve(code ?? 1)
    })
  })
}

/** Passes the first signal on to the child and leaves, as the signal asks, once the child is gone. */
function endWith(child) {
  const handlers = SIGNALS.map((signal) => {
    const handler = () => {
      child.once('close', () => process.exit(128 + constants.signals[signal]))
      child.kill(signal)
    }
    process.once(signal, handler)
    return () => process.removeListener(signal, handler)
  })
  return () => handlers.forEach((remove) => remove())
}
