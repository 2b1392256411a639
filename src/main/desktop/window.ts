import { app, BrowserWindow, nativeTheme, screen } from 'electron'
import { besides, fitToScreens, type StateFile } from './window-state.ts'

export interface WindowDeps {
  preload: string
  icon: string
  state: StateFile
  log: { warn(message: string): void }
  /** The person closes the window; true: it is only to be hidden. */
  onClose: (window: BrowserWindow) => boolean
  /** The page holds edits that are not saved and would be lost, perhaps with the window; true: let them go. */
  onUnsaved: (window: BrowserWindow, isClosing: boolean) => boolean
}

const TITLE = 'PSWebHost Cluster'

/** The page's ground in both schemes (theme/tokens.css), so that nothing flashes before it has painted. */
const GROUND = { light: '#ffffff', dark: '#111316' }

const SAVE_MS = 500
/** A page that dies again this soon is loaded anew no faster than this. */
const CRASH_LOOP_MS = 10_000

/** One window, shown once it has something to show. @param beside the window that it is to stand beside. */
export const openWindow = (deps: WindowDeps, beside: BrowserWindow | null): BrowserWindow => {
  const screens = screen.getAllDisplays().map(({ workArea }) => workArea)
  const state = deps.state.read()
  const place = beside ? { ...state, ...besides(beside.getNormalBounds()) } : state
  const window = new BrowserWindow({
    ...fitToScreens(place, screens),
    minWidth: 900,
    minHeight: 560,
    show: false,
    title: TITLE,
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
  if (state.maximized && !beside) window.maximize()
  keepName(window)
  window.once('ready-to-show', () => window.show())
  keepState(window, deps.state)
  keepAlive(window, deps.log)
  let isClosing = false
  window.webContents.on('will-prevent-unload', (event) => {
    if (deps.onUnsaved(window, isClosing)) event.preventDefault()
    isClosing = false
  })
  window.on('close', (event) => {
    isClosing = !deps.onClose(window)
    if (isClosing) return
    event.preventDefault()
    window.hide()
  })
  return window
}

/** A package with another name than the product's says so in the title, whatever the page calls itself. */
const keepName = (window: BrowserWindow): void => {
  if (!app.isPackaged || app.name === TITLE) return
  window.setTitle(app.name)
  window.on('page-title-updated', (event, title) => {
    event.preventDefault()
    window.setTitle(title.replace(TITLE, app.name))
  })
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
  // Of several windows the one used last says where the next start opens.
  window.on('focus', later)
}

/** A page that crashed is loaded anew; the node in this process has noticed nothing of it. */
const keepAlive = (window: BrowserWindow, log: WindowDeps['log']): void => {
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
