import type { MenuItemConstructorOptions } from 'electron'

export interface MenuDeps {
  /** Goes to a view of the window. */
  onView(path: string): void
  onNewWindow(): void
  onDataFolder(): void
  onQuit(): void
  /** What may be switched on and off; left out where it cannot be. */
  switches: readonly MenuSwitch[]
  /** Opens a page of the node's HTTP server in the browser. */
  onOutside(path: string): void
}

export interface MenuSwitch {
  label: string
  isOn: boolean
  /** @returns how it stands then: not every change is possible. */
  onChange(on: boolean): boolean
}

/** By the keys they have in the window; Ctrl 0 is the zoom's. */
const VIEWS = [
  ...['Overview', 'Tasks', 'History', 'Calendar', 'Nodes', 'Changes', 'Sync', 'Runtime', 'Settings'],
] as const

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
    { label: 'New window', accelerator: 'CmdOrCtrl+Shift+N', click: deps.onNewWindow },
    { role: 'close', label: 'Close window' },
    ...switchItems(deps),
    ...quit,
  ],
})

const switchItems = ({ switches }: MenuDeps): MenuItemConstructorOptions[] =>
  switches.length === 0
    ? []
    : [
        { type: 'separator' },
        ...switches.map(({ label, isOn, onChange }): MenuItemConstructorOptions => ({
          ...{ label, type: 'checkbox', checked: isOn },
          click: (item) => void (item.checked = onChange(item.checked)),
        })),
      ]

const viewMenu = (deps: MenuDeps): MenuItemConstructorOptions => ({
  label: 'View',
  submenu: [
    { label: 'Failures', click: () => deps.onView('failures') },
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
