import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from 'electron'

/** Whether the program starts when its user signs in. */
export interface LoginItem {
  isOn(): boolean
  /** @throws what the file system says when it cannot be written. */
  set(on: boolean): void
}

export interface LoginItemDeps {
  app: Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings'>
  platform: NodeJS.Platform
  execPath: string
  /** With the data folder of this window. */
  args: readonly string[]
  /** Linux: where desktop sessions look (freedesktop.org, Desktop Application Autostart). */
  autostartDir: string
}

const FILE = 'pswebhost-cluster.desktop'

/** Windows and macOS keep it themselves; on Linux it is a file that every desktop reads. */
export const createLoginItem = ({
  app,
  platform,
  execPath,
  args,
  autostartDir,
}: LoginItemDeps): LoginItem => {
  if (platform !== 'linux') {
    const given = platform === 'win32' ? args.map(whole) : [...args]
    return {
      isOn: () => app.getLoginItemSettings({ args: given }).openAtLogin,
      set: (openAtLogin) => app.setLoginItemSettings({ openAtLogin, args: given }),
    }
  }
  const file = join(autostartDir, FILE)
  return {
    isOn: () => existsSync(file),
    set: (on) => {
      if (!on) return rmSync(file, { force: true })
      mkdirSync(autostartDir, { recursive: true })
      writeFileSync(file, autostartText([execPath, ...args]))
    },
  }
}

/** Electron joins them with blanks, as they are. */
const whole = (argument: string): string => (/\s/.test(argument) ? `"${argument}"` : argument)

/** A desktop entry; its Exec line has rules of its own for what is quoted and doubled. */
export const autostartText = (command: readonly string[]): string =>
  [
    '[Desktop Entry]',
    'Type=Application',
    'Name=PSWebHost Cluster',
    `Exec=${command.map(quoted).join(' ')}`,
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n')

const quoted = (argument: string): string =>
  `"${argument
    .replace(/["`$\\]/g, '\\$&')
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')}"`
