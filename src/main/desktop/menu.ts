import type { MenuItemConstructorOptions } from 'electron'

export interface MenuDeps {
  /** Goes to a view of the window. */
  onView(path: string): void
  onDataFolder(): void
  onQuit(): void
  /** Opens a page of the node's HTTP server in the browser. */
  onOutside(path: string): void
}

const VIEWS = ['Overview', 'Tasks', 'History', 'Changes', 'Runtime', 'Settings']

/** The platform's menu: its own keys for its own acts, ours for the views. */
export const menuTemplate = (deps: MenuDeps, platform: NodeJS.Platform): MenuItemConstructorOptions[] => {
  const quit: MenuItemConstructorOptions = {
    label: platform === 'win32' ? 'Exit' : 'Quit',
    accelerator: 'CmdOrCtrl+Q',
    click: deps.onQuit,
  }
  const mac: MenuItemConstructorOptions = {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      quit,
    ],
  }
  return [
    ...(platform === 'darwin' ? [mac] : []),
    fileMenu(deps, platform === 'darwin' ? [] : [{ type: 'separator' }, quit]),
    { role: 'editMenu' },
    viewMenu(deps),
    { role: 'windowMenu' },
    helpMenu(deps),
  ]
}

const fileMenu = (deps: MenuDeps, quit: MenuItemConstructorOptions[]): MenuItemConstructorOptions => ({
  label: 'File',
  submenu: [
    { label: 'New task', accelerator: 'CmdOrCtrl+N', click: () => deps.onView('tasks/new') },
    { label: 'Import tasks…', accelerator: 'CmdOrCtrl+O', click: () => deps.onView('import') },
    { type: 'separator' },
    { role: 'close', label: 'Close window' },
    ...quit,
  ],
})

const viewMenu = (deps: MenuDeps): MenuItemConstructorOptions => ({
  label: 'View',
  submenu: [
    ...VIEWS.map((label, i) => ({
      label,
      accelerator: `CmdOrCtrl+${i + 1}`,
      click: () => deps.onView(label.toLowerCase()),
    })),
    { type: 'separator' },
    { role: 'reload' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
    { role: 'toggleDevTools' },
  ],
})

const helpMenu = (deps: MenuDeps): MenuItemConstructorOptions => ({
  role: 'help',
  submenu: [
    {
      label: 'API documentation',
      click: () => deps.onOutside('/api/docs'),
    },
    { label: 'Open data folder', click: deps.onDataFolder },
    { role: 'about' },
  ],
})
