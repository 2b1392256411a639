import { startNode } from '../app.ts'
import type { Program } from '../app/program.ts'
import { asStartError } from '../app/start-error.ts'
import { messageOf } from '../../shared/domain/errors.ts'
import { readEnvironment } from '../config/environment.ts'
import { systemClock } from '../platform/clock.ts'
import type { ask } from './ask.ts'
import type { StartOptions } from './commands.ts'
import { refuseForeignFolder } from './foreign-folder.ts'
import { parseCommandLine } from './options.ts'
import { overridesOf, placeOf, type Place } from './place.ts'
import { createTerminal } from './terminal.ts'
import { exitCodeOf } from './usage-error.ts'

/**
 * The command line: starts a node and stays, or asks the one of a data folder and ends.
 * @returns the exit code: 0; 1 something failed; 2 bad option or configuration; 3 no folder or database.
 */
export const main = async (args: readonly string[], program: Program): Promise<number> => {
  const environment = readEnvironment()
  const terminal = createTerminal(process)
  try {
    const parsed = parseCommandLine(args, { version: program.version, print: (text) => terminal.out(text) })
    if (parsed.kind === 'printed') return 0
    const place = placeOf(parsed.options, environment, program)
    refuseForeignFolder(place.dataDir)
    return parsed.kind === 'start'
      ? await serve(parsed.options, place)
      : await askNode(parsed.command, parsed.options, place, environment)
  } catch (error) {
    terminal.err(`${messageOf(error)}\n`)
    return exitCodeOf(error)
  }
}

/** Runs until it is told to stop; the one line on stdout says where the API answers. */
const serve = async (options: StartOptions, place: Place): Promise<number> => {
  const signals = listenForSignals()
  const node = await startNode({ ...place, cliOverrides: overridesOf(options) }).catch((error: unknown) => {
    throw asStartError(error)
  })
  process.stdout.write(`ready ${node.url}\n`)
  await signals.stop
  void signals.again.then(() => node.hurry())
  await node.close()
  return 0
}

/** Ctrl-C under npm reaches the program twice at once: from the terminal and from npm. */
const SAME_KEY_MS = 500

/** SIGTERM, SIGINT and SIGHUP end the node politely; another SIGTERM or SIGINT ends its wait for scripts. */
const listenForSignals = (): { stop: Promise<void>; again: Promise<void> } => {
  let first: number | null = null
  const on = (signals: readonly NodeJS.Signals[], act: () => void): void => {
    for (const signal of signals) process.on(signal, act)
  }
  const again = new Promise<void>((resolve) =>
    on(['SIGTERM', 'SIGINT'], () => {
      if (first !== null && systemClock.monotonic() - first > SAME_KEY_MS) resolve()
    }),
  )
  const stop = new Promise<void>((resolve) =>
    on(['SIGTERM', 'SIGINT', 'SIGHUP'], () => {
      first ??= systemClock.monotonic()
      resolve()
    }),
  )
  return { stop, again }
}

/** Loaded when it is needed: a node that starts has no use for the commands and what they bring. */
const askNode: typeof ask = async (...args) => (await import('./ask.ts')).ask(...args)
