import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { programEnvironment, type Account } from './run-program.ts'

export type CommandLine = [command: string, ...args: string[]]

export interface WatchedProgram {
  /** Run to its end before: what makes the data. */
  prepare?: CommandLine
  server: CommandLine
  account: Account
  /** Where it runs. Removed with everything in it when this process ends without having stopped it. */
  folder: string
  /** Ends it at once. */
  endSignal: NodeJS.Signals
}

/** Ends the program and answers when it is down; nothing happens when it is down already. */
export type Stop = () => Promise<void>

const WATCHDOG = join(import.meta.dirname, 'watchdog.ts')
const READY_MS = 60_000

/**
 * Starts a program that ends with this process, however this one ends. Answers once the program has said
 * `readyText` on stderr; rejects with what it said when it ends before, or is not ready within a minute.
 */
export const startWatched = async (program: WatchedProgram, readyText: string): Promise<Stop> => {
  const watchdog = spawn(process.execPath, [WATCHDOG, JSON.stringify(program)], {
    env: programEnvironment(),
    stdio: ['pipe', 'ignore', 'pipe'],
    // A group of its own: what ends all processes of a terminal or a job must leave it, to tidy up.
    detached: true,
    windowsHide: true,
  })
  const ended = new Promise<void>((resolve) => watchdog.once('close', () => resolve()))
  // The program may have ended by itself.
  watchdog.stdin.on('error', () => {})
  const stop: Stop = () => {
    watchdog.stdin.end('keep')
    return ended
  }
  try {
    await says(watchdog, readyText)
  } catch (error) {
    await stop()
    throw error
  }
  return stop
}

/** Reads on afterwards: nobody may wait for a full pipe. */
const says = (child: ChildProcess, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    let said = ''
    const fail = (why: string): void => reject(new Error(`${why}: ${said.trim()}`))
    const timer = setTimeout(() => fail(`it was not ready within ${READY_MS} ms`), READY_MS)
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk
      if (said.includes(text)) {
        clearTimeout(timer)
        resolve()
      }
      // All that is said during a test run would fill the memory.
      said = said.slice(-4_000)
    })
    child.once('error', reject)
    child.once('close', () => {
      clearTimeout(timer)
      fail('it ended before it was ready')
    })
  })
