import { BrowserWindow, nativeTheme, screen } from 'electron'
import { APP_ORIGIN } from './page-address.ts'
import { fitToScreens, type StateFile } from './window-state.ts'

export interface MainWindow {
  /** Shows it in front, made anew when it was destroyed; `path` like `tasks/new` is the view to go to. */
  show(path?: string): void
  hide(): void
  /** Null while there is none. */
  current(): BrowserWindow | null
}

export interface MainWindowDeps {
  preload: string
  icon: string
  state: StateFile
  log: { warn(message: string): void }
  /** The person closes the window; true: it is only to be hidden. */
  onClose: (window: BrowserWindow) => boolean
  /** The page holds edits that are not saved and would be lost; true: let them go. */
  onUnsaved: (window: BrowserWindow) => boolean
}

/** The page's ground in both schemes (theme/tokens.css), so that nothing flashes before it has painted. */
const GROUND = { light: '#ffffff', dark: '#111316' }

const SAVE_MS = 500
/** A page that dies again this soon is loaded anew no faster than this. */
const CRASH_LOOP_MS = 10_000

export const createMainWindow = (deps: MainWindowDeps): MainWindow => {
  let window: BrowserWindow | null = null
  const open = (path: string): BrowserWindow => {
    const opened = openWindow(deps)
    opened.on('closed', () => (window = null))
    void opened.loadURL(addressOf(path))
    return opened
  }
  return {
    current: () => window,
    hide: () => window?.hide(),
    show: (path) => {
      if (!window) {
        window = open(path ?? '')
        return
      }
      if (path !== undefined) void window.loadURL(addressOf(path))
      if (window.isMinimized()) window.restore()
      window.show()
      window.focus()
    },
  }
}

const addressOf = (path: string): string => `${APP_ORIGIN}/index.html${path === '' ? '' : `#/${path}`}`

const openWindow = (deps: MainWindowDeps): BrowserWindow => {
  const screens = screen.getAllDisplays().map(({ workArea }) => workArea)
  const state = deps.state.read()
  const window = new BrowserWindow({
    ...fitToScreens(state, screens),
    minWidth: 900,
    minHeight: 560,
    show: false,
    title: 'PSWebHost Cluster',
    icon: deps.icon,
    backgroundColor: nativeTheme.shouldUseDarkColors ? GROUND.dark : GROUND.light,
    webPreferences: {
      preload: deps.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  })
  if (state.maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  keepState(window, deps.state)
  keepAlive(window, deps.log)
  window.webContents.on('will-prevent-unload', (event) => {
    if (deps.onUnsaved(window)) event.preventDefault()
  })
  window.on('close', (event) => {
    if (!deps.onClose(window)) return
    event.preventDefault()
    window.hide()
  })
  return window
}

const keepState = (window: BrowserWindow, state: StateFile): void => {
  let timer: NodeJS.Timeout | null = null
  const save = (): void => {
    if (window.isDestroyed() || window.isMinimized()) return
    const maximized = window.isMaximized()
    // A maximized window keeps the place it goes back to.
    void state.change(maximized ? { maximized } : { maximized, ...window.getBounds() })
  }
  const later = (): void => {
    if (timer) clearTimeout(timer)
    timer = setTimeout(save, SAVE_MS)
  }
  window.on('resize', later)
  window.on('move', later)
  window.on('maximize', later)
  window.on('unmaximize', later)
  window.on('close', save)
}

/** A page that crashed is loaded anew; the node in this process has noticed nothing of it. */
const keepAlive = (window: BrowserWindow, log: MainWindowDeps['log']): void => {
  let crashedAt = -CRASH_LOOP_MS
  window.webContents.on('render-process-gone', (_, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    log.warn(`the window's page ended (${reason}, code ${exitCode}); the node runs on`)
    const wait = performance.now() - crashedAt < CRASH_LOOP_MS ? CRASH_LOOP_MS : 0
    crashedAt = performance.now()
    setTimeout(() => {
      if (!window.isDestroyed()) window.webContents.reload()
    }, wait)
  })
  window.on('unresponsive', () => log.warn('the window does not answer; the node runs on'))
}
