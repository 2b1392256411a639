import { join } from 'node:path'
import { app, Menu, shell, type BrowserWindow } from 'electron'
import { startNode, type RunningNode } from '../app.ts'
import type { PrepareOptions } from '../app/prepare-core.ts'
import type { Program } from '../app/program.ts'
import { asStartError } from '../app/start-error.ts'
import { isPlainStart, startArguments, type Place } from '../cli/place.ts'
import { exitCodeOf } from '../cli/usage-error.ts'
import { messageOf } from '../../shared/domain/errors.ts'
import type { DesktopSwitches } from '../services/desktop-switches.ts'
import { DESKTOP_SWITCH_WORDS } from '../../shared/domain/desktop.ts'
import { serveAppScheme } from './app-scheme.ts'
import { developmentNotice } from './development.ts'
import { denyPermissions, guardContents } from './guard-contents.ts'
import { followLinks, registerLinks } from './links.ts'
import { createLoginItem } from './login-item.ts'
import { menuTemplate, type MenuDeps, type MenuSwitch } from './menu.ts'
import { notifyOfFailures } from './notify.ts'
import { createOutside } from './outside.ts'
import { servePorts } from './ports.ts'
import { askKeepRunning, tellLinkRefused, tellSwitchKept, tellStartFailure } from './questions.ts'
import { createQuit, type Quit } from './quit.ts'
import { createTray } from './tray.ts'
import { endAtUnexpectedErrors } from './unexpected.ts'
import { createSwitches, type FollowedSwitches } from './switches.ts'
import { createStateFile, type StateFile } from './window-state.ts'
import { createWindows, type Windows } from './windows.ts'

interface Log {
  warn(message: string): void
}

export interface DesktopDeps {
  place: Place
  overrides: NonNullable<PrepareOptions['cliOverrides']>
  program: Program
  /** The window's preload, which stays inside a package's archive. */
  preload: string
  /** Links of ours that the start came with. */
  links: readonly string[]
}

/**
 * The desktop: node, window, tray and menu, each of which can be away without the others. Starts the node while
 * the window loads.
 * @returns an exit code when the node did not start; null when it runs.
 */
export const openDesktop = async (deps: DesktopDeps): Promise<number | null> => {
  const { place, overrides } = deps
  const inside = { node: null as RunningNode | null }
  const log: Log = { warn: (message) => inside.node?.log.warn(message) }
  const state = createStateFile(place.dataDir, (error) => log.warn(`window.json: ${messageOf(error)}`))
  const switches = switchesOf(deps, state)
  const starting = startNode({ ...place, cliOverrides: overrides, desktop: switches })
  void starting.then(
    (node) => (inside.node = node),
    () => undefined,
  )
  endAtUnexpectedErrors(starting)
  sayDevelopment(starting)
  // The node goes on without a window: Electron would quit.
  app.on('window-all-closed', () => undefined)
  const windows = face({ ...deps, ...{ inside, log, state, switches } }, starting)
  try {
    await starting
    return null
  } catch (error) {
    const failure = asStartError(error)
    windows.hide()
    process.stderr.write(`${messageOf(failure)}\n`)
    await tellStartFailure(messageOf(failure), place.configFile ?? join(place.dataDir, 'app.yaml'))
    return exitCodeOf(failure)
  }
}

/** On stderr and in the log; the title of the window says it for as long as that is open. */
const sayDevelopment = (starting: Promise<RunningNode>): void => {
  const notice = developmentNotice(app.name, process.versions.electron)
  if (notice === null) return
  process.stderr.write(`${notice}\n`)
  void starting.then(
    ({ log }) => log.warn(notice),
    () => undefined,
  )
}

interface FaceDeps extends DesktopDeps {
  /** The node, once it has started. */
  inside: { readonly node: RunningNode | null }
  log: Log
  state: StateFile
  switches: FollowedSwitches
}

/** What a person sees of the node. */
const face = (
  { place, program, preload, links, inside, log, state, switches }: FaceDeps,
  starting: Promise<RunningNode>,
): Windows => {
  const { resourcesDir } = program
  const openOutside = createOutside(() => inside.node?.url ?? null)
  guardContents({ openOutside, openWindow: (path) => windows.open(path) })
  denyPermissions()
  serveAppScheme(program.consoleDir)
  servePorts(starting, (origin) => log.warn(`a port of ${origin} was refused`))

  const icon = join(resourcesDir, 'icons', 'icon.png')
  const windows = createWindows({
    preload,
    icon,
    state,
    log,
    onCloseLast: (closed) => keepNode(closed, state, quit),
    onUnsaved: (page, isClosing) => quit.onUnsaved(page, isClosing),
  })
  const onOpen = (): void => windows.show()
  const onQuit = (): void => void quit.ask()
  const tray = createTray({ resourcesDir, node: starting, onOpen, onQuit })
  const quit = createQuit({ node: starting, onStopping: tray.stopping, onStopped: tray.close })
  const isOn = (): boolean => state.read().tellsFailures
  app.once('will-quit', notifyOfFailures({ node: starting, icon, onOpen: windows.show, isOn }).close)
  const menu = (): MenuDeps => ({
    onView: windows.show,
    onNewWindow: () => windows.open(),
    onDataFolder: () => void shell.openPath(place.dataDir),
    onQuit,
    switches: menuSwitches(switches, log),
    onOutside: (path) => openOutside(`${inside.node?.url ?? ''}${path}`),
  })
  setMenu(menu())
  switches.follow(() => setMenu(menu()))
  app.on('activate', onOpen)
  followLinks(links, {
    onPath: windows.show,
    onRefused: (problem) => void tellLinkRefused(problem),
    onStart: onOpen,
  })
  windows.show()
  registerLinks(place.dataDir)
  return windows
}

const setMenu = (deps: MenuDeps): void =>
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(deps, process.platform)))

/** What the program may be told to do or not, for the menu and for the windows. */
const switchesOf = (
  { place, overrides }: Pick<DesktopDeps, 'place' | 'overrides'>,
  state: StateFile,
): FollowedSwitches => {
  const login = createLoginItem({
    ...{
      app,
      platform: process.platform,
      execPath: process.execPath,
      args: startArguments(place, overrides),
      isPlain: isPlainStart(place, overrides),
    },
    autostartDir: join(app.getPath('appData'), 'autostart'),
  })
  return createSwitches({ state, login: app.isPackaged ? login : null })
}

/** In the File menu, where a refusal has no other place than a box of its own. */
const menuSwitches = (switches: DesktopSwitches, log: Log): MenuSwitch[] =>
  switches.list().map(({ name, isOn }) => ({
    ...{ label: DESKTOP_SWITCH_WORDS[name].label, isOn },
    onChange: (wanted) => {
      try {
        switches.change(name, wanted)
      } catch (error) {
        log.warn(`${name}: ${messageOf(error)}`)
        void tellSwitchKept(DESKTOP_SWITCH_WORDS[name].label, messageOf(error))
      }
      return switches.list().some((one) => one.name === name && one.isOn)
    },
  }))

/** Closing the window hides it and leaves the node running; said once. @returns whether it is only to be hidden. */
const keepNode = (window: BrowserWindow, state: StateFile, quit: Quit): boolean => {
  if (quit.isQuitting()) return false
  if (!state.read().toldOfTray) {
    void state.change({ toldOfTray: true })
    void askKeepRunning(window).then((keep) => (keep ? undefined : quit.ask()))
  }
  return true
}
