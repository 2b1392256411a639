import { join, resolve } from 'node:path'
import { app } from 'electron'
import { main } from '../cli/main.ts'
import type { StartOptions } from '../cli/commands.ts'
import { parseCommandLine } from '../cli/options.ts'
import { overridesOf, placeOf, type Place } from '../cli/place.ts'
import { programIn, type Program } from '../app/program.ts'
import { readEnvironment } from '../config/environment.ts'
import { ownArguments } from './arguments.ts'
import { openDesktop } from './desktop.ts'

export interface DesktopOptions {
  /** The folder of the built entry files. */
  builtMain: string
  version: string
}

/**
 * Reads the command line and becomes the window, or what else was asked for (a command, a headless node).
 * @returns an exit code at once, or null: the window stays, and Electron ends when it is quit.
 */
export const runDesktop = async ({ builtMain, version }: DesktopOptions): Promise<number | null> => {
  const environment = readEnvironment()
  const args = ownArguments(process.argv, process.defaultApp ? app.getAppPath() : null)
  const program = programIn(builtMain, { version, nodePath: environment.nodePath ?? shippedNode() })
  const start = windowStart(args, version)
  if (!start) return main(args, program)
  return openWindow(placeOf(start, environment, program), start, program)
}

/** The options of a start with a window; null when something else is asked for, or something wrong. */
const windowStart = (args: readonly string[], version: string): StartOptions | null => {
  try {
    const parsed = parseCommandLine(args, { version, print: () => undefined })
    return parsed.kind === 'start' && !parsed.options.headless ? parsed.options : null
  } catch {
    // The command line says what is wrong with it.
    return null
  }
}

const openWindow = async (place: Place, start: StartOptions, program: Program): Promise<number | null> => {
  const dataDir = resolve(place.dataDir)
  // The window's own files (cookies, caches) belong to the data folder; so does the lock of a second start.
  app.setPath('userData', join(dataDir, 'window'))
  if (!app.requestSingleInstanceLock()) {
    process.stderr.write(`The window of ${dataDir} is open already; it comes to the front.\n`)
    return 0
  }
  await app.whenReady()
  return openDesktop({ place: { ...place, dataDir }, overrides: overridesOf(start), program })
}

/** Packages bring Node beside Electron. */
const shippedNode = (): string =>
  join(process.resourcesPath, 'node', process.platform === 'win32' ? 'node.exe' : 'node')
