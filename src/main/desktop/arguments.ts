import { resolve } from 'node:path'

/**
 * Switches of Electron and Chromium that a person, a driver of tests or a packaged start may add. They stand among
 * our options and are none of them.
 */
const RUNTIME_SWITCHES = [
  'disable-gpu',
  'enable-logging',
  'force-device-scale-factor',
  'inspect',
  'lang',
  'no-sandbox',
  'ozone-platform',
  'remote-debugging-pipe',
  'remote-debugging-port',
  'user-data-dir',
]

const isRuntimeSwitch = (argument: string): boolean => {
  const name = /^--([a-z-]+)(?:=|$)/.exec(argument)?.[1] ?? ''
  return RUNTIME_SWITCHES.includes(name) || name.startsWith('ozone-platform') || name.startsWith('inspect')
}

/**
 * What is left of Electron's `process.argv` for our own command line.
 * @param appPath the folder of the app when Electron was told one (`electron FOLDER …`), else null.
 */
export const ownArguments = (argv: readonly string[], appPath: string | null): string[] => {
  const at =
    appPath === null ? 0 : argv.findIndex((argument, index) => index > 0 && resolve(argument) === appPath)
  return argv.slice(at + 1).filter((argument) => !isRuntimeSwitch(argument))
}
