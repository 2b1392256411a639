import { join, resolve } from 'node:path'
import { app } from 'electron'
import { main } from '../cli/main.ts'
import type { StartOptions } from '../cli/commands.ts'
import { parseCommandLine } from '../cli/options.ts'
import { overridesOf, placeOf, type Place } from '../cli/place.ts'
import { programIn } from '../app/program.ts'
import { readEnvironment } from '../config/environment.ts'
import { ownArguments, splitLink } from './arguments.ts'
import { appIdOf } from './development.ts'
import { openDesktop, type DesktopDeps } from './desktop.ts'
import { collectEarlyLinks, type SecondStart } from './links.ts'
import { parseLink } from '../../shared/domain/link.ts'

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
  const links = collectEarlyLinks()
  const environment = readEnvironment()
  const own = ownArguments(process.argv, process.defaultApp ? app.getAppPath() : null)
  const asked = splitLink(own)
  if ('problem' in asked) return refuse(asked.problem)
  const { link, rest: args } = asked
  if (link !== null) links.push(link)
  const program = programIn(builtMain, { version, nodePath: environment.nodePath ?? shippedNode() })
  const start = windowStart(args, version)
  if (!start) return main(args, program)
  return openWindow(placeOf(start, environment, program), {
    overrides: overridesOf(start),
    program,
    preload: join(builtMain, '..', 'preload', 'index.cjs'),
    links,
  })
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

const openWindow = async (place: Place, deps: Omit<DesktopDeps, 'place'>): Promise<number | null> => {
  const dataDir = resolve(place.dataDir)
  // The window's own files (cookies, caches) belong to the data folder; so does the lock of a second start.
  app.setPath('userData', join(dataDir, 'window'))
  if (app.isPackaged) app.setAppUserModelId(appIdOf(app.name))
  const second: SecondStart = { link: deps.links[0] ?? null }
  if (!app.requestSingleInstanceLock({ ...second })) {
    const asked = second.link === null ? null : parseLink(second.link)
    if (asked && 'problem' in asked) return refuse(asked.problem)
    process.stderr.write(`The window of ${dataDir} is open already; it comes to the front.\n`)
    return 0
  }
  await app.whenReady()
  return openDesktop({ ...deps, place: { ...place, dataDir } })
}

/** @returns the exit code of a wrong command line */
const refuse = (problem: string): number => {
  process.stderr.write(`${problem}\n`)
  return 2
}

/** Packages bring Node beside Electron. */
const shippedNode = (): string =>
  join(process.resourcesPath, 'node', process.platform === 'win32' ? 'node.exe' : 'node')
