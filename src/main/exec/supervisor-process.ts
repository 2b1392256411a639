import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Environment } from './environment.ts'
import type { FromSupervisor, ToSupervisor } from './protocol.ts'

export interface SupervisorProcess {
  /** False when it is known to be gone: the message was not sent. */
  send(message: ToSupervisor): boolean
  /** Closes the channel: the supervisor ends what still runs, then itself. Resolves when it has exited. */
  close(): Promise<void>
  readonly pid: number | null
  /** Resolves with how it ended, in words. Never rejects. */
  gone: Promise<string>
}

export interface SupervisorProcessDeps {
  entry: string
  nodePath: string
  spoolDir: string
  journalDir: string
  base: Environment
  onMessage: (message: FromSupervisor) => void
  warn: (text: string) => void
}

const goneOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(`could not be started: ${error.message}`)
    })
    child.once('exit', (code, signal) =>
      resolve(signal ? `was ended by ${signal}` : `ended with code ${code}`),
    )
  })

/** Starts the supervisor with a minimal environment, in a session of its own (Ctrl-C is for the node). */
export const startSupervisorProcess = (deps: SupervisorProcessDeps): SupervisorProcess => {
  const child = spawn(deps.nodePath, [deps.entry, deps.spoolDir, deps.journalDir], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: deps.base,
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  const gone = goneOf(child)
  if (child.stderr) createInterface({ input: child.stderr }).on('line', deps.warn)
  // Only our own supervisor is on this channel, so its messages are what the protocol says.
  child.on('message', (message) => deps.onMessage(message as FromSupervisor))
  return {
    pid: child.pid ?? null,
    gone,
    send: (message) => {
      if (!child.connected) return false
      child.send(message, () => undefined)
      return true
    },
    close: async () => {
      if (child.connected) child.disconnect()
      await gone
    },
  }
}
