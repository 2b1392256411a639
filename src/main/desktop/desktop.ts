import { join } from 'node:path'
import { app, Menu, shell, type BrowserWindow } from 'electron'
import { startNode, type RunningNode } from '../app.ts'
import type { PrepareOptions } from '../app/prepare-core.ts'
import type { Program } from '../app/program.ts'
import { asStartError } from '../app/start-error.ts'
import type { Place } from '../cli/place.ts'
import { exitCodeOf } from '../cli/usage-error.ts'
import { messageOf } from '../../shared/domain/errors.ts'
import { serveAppScheme } from './app-scheme.ts'
import { denyPermissions, guardContents } from './guard-contents.ts'
import { menuTemplate } from './menu.ts'
import { createOutside } from './outside.ts'
import { servePorts } from './ports.ts'
import { askKeepRunning, tellStartFailure } from './questions.ts'
import { createQuit, type Quit } from './quit.ts'
import { createTray } from './tray.ts'
import { endAtUnexpectedErrors } from './unexpected.ts'
import { createStateFile, type StateFile } from './window-state.ts'
import { createMainWindow, type MainWindow } from './window.ts'

export interface DesktopDeps {
  place: Place
  overrides: NonNullable<PrepareOptions['cliOverrides']>
  program: Program
}

/**
 * The desktop: node, window, tray and menu, each of which can be away without the others. Starts the node while
 * the window loads.
 * @returns an exit code when the node did not start; null when it runs.
 */
export const openDesktop = async ({ place, overrides, program }: DesktopDeps): Promise<number | null> => {
  const starting = startNode({ ...place, cliOverrides: overrides, isDesktop: true })
  endAtUnexpectedErrors(starting)
  const window = face(place, program, starting)
  window.show()
  try {
    await starting
    return null
  } catch (error) {
    const failure = asStartError(error)
    window.hide()
    process.stderr.write(`${messageOf(failure)}\n`)
    await tellStartFailure(messageOf(failure), place.configFile ?? join(place.dataDir, 'app.yaml'))
    return exitCodeOf(failure)
  }
}

/** What a person sees of the node. */
const face = (place: Place, program: Program, starting: Promise<RunningNode>): MainWindow => {
  const { resourcesDir } = program
  let node: RunningNode | null = null
  void starting.then(
    (started) => (node = started),
    () => undefined,
  )
  const log = { warn: (message: string): void => node?.log.warn(message) }
  const openOutside = createOutside(() => node?.url ?? null)
  guardContents(openOutside)
  denyPermissions()
  serveAppScheme(program.consoleDir)
  servePorts(starting, (origin) => log.warn(`a port of ${origin} was refused`))

  const state = createStateFile(place.dataDir, (error) => log.warn(`window.json: ${messageOf(error)}`))
  const icon = join(resourcesDir, 'icons', 'icon.png')
  const preload = join(program.consoleDir, '..', 'preload', 'index.cjs')
  const window = createMainWindow({
    preload,
    icon,
    state,
    log,
    onClose: (closed) => keepNode(closed, state, quit),
    onUnsaved: (page) => quit.onUnsaved(page),
  })
  const onOpen = (): void => window.show()
  const onQuit = (): void => void quit.ask()
  const tray = createTray({ resourcesDir, node: starting, onOpen, onQuit })
  const quit = createQuit({ node: starting, onStopping: tray.stopping, onStopped: tray.close })
  const menu = menuTemplate(
    {
      onView: window.show,
      onDataFolder: () => void shell.openPath(place.dataDir),
      onQuit,
      onOutside: (path) => openOutside(`${node?.url ?? ''}${path}`),
    },
    process.platform,
  )
  Menu.setApplicationMenu(Menu.buildFromTemplate(menu))
  app.on('second-instance', onOpen)
  app.on('activate', onOpen)
  // The node goes on without a window: Electron would quit.
  app.on('window-all-closed', () => undefined)
  return window
}

/** Closing the window hides it and leaves the node running; said once. @returns whether it is only to be hidden. */
const keepNode = (window: BrowserWindow, state: StateFile, quit: Quit): boolean => {
  if (quit.isQuitting()) return false
  if (!state.read().toldOfTray) {
    void state.change({ toldOfTray: true })
    void askKeepRunning(window).then((keep) => (keep ? undefined : quit.ask()))
  }
  return true
}
