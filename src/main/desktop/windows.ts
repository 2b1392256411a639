import type { BrowserWindow } from 'electron'
import { addressOf } from './page-address.ts'
import { openWindow, type WindowDeps } from './window.ts'

/** The windows of the program, all on one node; paths are like `tasks/new`. */
export interface Windows {
  /** Shows the one used last in front, made anew where there is none, and goes to `path` there. */
  show(path?: string): void
  /** One more, beside the one used last. */
  open(path?: string): void
  hide(): void
}

export interface WindowsDeps extends Omit<WindowDeps, 'onClose'> {
  /** The person closes the last window; true: it is only to be hidden. */
  onCloseLast: (window: BrowserWindow) => boolean
}

/** An address that another one overtakes is no failure. One that is shown already stays: it would be loaded anew. */
const goTo = ({ webContents }: BrowserWindow, path: string): void => {
  const address = addressOf(path)
  if (webContents.getURL() !== address) void webContents.loadURL(address).catch(() => undefined)
}

export const createWindows = ({ onCloseLast, ...deps }: WindowsDeps): Windows => {
  /** The one used last at the end. */
  const windows = new Set<BrowserWindow>()
  const last = (): BrowserWindow | null => [...windows].at(-1) ?? null
  const use = (window: BrowserWindow): void => {
    windows.delete(window)
    windows.add(window)
  }
  const onClose = (window: BrowserWindow): boolean => windows.size === 1 && onCloseLast(window)
  const add = (path: string): void => {
    const window = openWindow({ ...deps, onClose }, last())
    use(window)
    window.on('focus', () => use(window))
    window.on('closed', () => windows.delete(window))
    goTo(window, path)
  }
  const show = (path?: string): void => {
    const window = last()
    if (!window) return add(path ?? '')
    // Going to another part of the page that is there ends no edit: the page asks first.
    if (path !== undefined) goTo(window, path)
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  }
  return {
    show,
    // A window that is hidden is there to be used, where it was unless something else is asked for.
    open: (path = '') => (last()?.isVisible() === false ? show(path || undefined) : add(path)),
    hide: () => windows.forEach((window) => window.hide()),
  }
}
