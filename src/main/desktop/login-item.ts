import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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
  /** A start without them would find the same node. */
  isPlain: boolean
  /** Linux: where desktop sessions look (freedesktop.org, Desktop Application Autostart). */
  autostartDir: string
}

const FILE = 'pswebhost-cluster.desktop'

/** Windows and macOS keep it themselves; on Linux it is a file that every desktop reads. */
export const createLoginItem = (deps: LoginItemDeps): LoginItem => {
  if (deps.platform === 'linux') return fileItem(deps)
  return deps.platform === 'darwin' ? plainItem(deps) : argumentsItem(deps)
}

const argumentsItem = ({ app, args }: LoginItemDeps): LoginItem => {
  const given = args.map(whole)
  return {
    isOn: () => app.getLoginItemSettings({ args: given }).openAtLogin,
    set: (openAtLogin) => app.setLoginItemSettings({ openAtLogin, args: given }),
  }
}

/** macOS starts the app without options: as another node than this one, unless this one was started without, too. */
const plainItem = ({ app, isPlain }: LoginItemDeps): LoginItem => ({
  isOn: () => isPlain && app.getLoginItemSettings().openAtLogin,
  set: (openAtLogin) => {
    if (!isPlain)
      throw new Error(
        'macOS starts programs without options at login, so only the window of the default data folder, started ' +
          'without options, can be.',
      )
    app.setLoginItemSettings({ openAtLogin })
  },
})

const fileItem = ({ execPath, args, autostartDir }: LoginItemDeps): LoginItem => {
  const file = join(autostartDir, FILE)
  const command = [execPath, ...args] as const
  return {
    isOn: () => starts(textOf(file), command),
    set: (on) => {
      if (!on) return rmSync(file, { force: true })
      mkdirSync(autostartDir, { recursive: true })
      writeFileSync(file, autostartText(command))
    },
  }
}

const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // Not there, or not to be read: nothing starts by it.
    return ''
  }
}

/** Whether the entry starts this command. Settings of desktops switch one off by a line in it. */
const starts = (text: string, command: readonly string[]): boolean => {
  const lines = text.split('\n').map((line) => line.trim())
  return (
    lines.includes(execLine(command)) &&
    !lines.some((line) => /^(Hidden\s*=\s*true|X-GNOME-Autostart-enabled\s*=\s*false)$/i.test(line))
  )
}

/** Electron joins them with blanks, as they are. */
const whole = (argument: string): string => (/\s/.test(argument) ? `"${argument}"` : argument)

/** A desktop entry. Whose program is gone (TryExec) is left out by the session. */
export const autostartText = (command: readonly [string, ...string[]]): string =>
  [
    '[Desktop Entry]',
    'Type=Application',
    'Name=PSWebHost Cluster',
    `TryExec=${command[0].replaceAll('\\', '\\\\')}`,
    execLine(command),
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n')

/** It has rules of its own for what is quoted and doubled. */
const execLine = (command: readonly string[]): string => `Exec=${command.map(quoted).join(' ')}`

const quoted = (argument: string): string =>
  `"${argument
    .replace(/["`$\\]/g, '\\$&')
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')}"`
