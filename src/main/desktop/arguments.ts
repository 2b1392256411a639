import { resolve } from 'node:path'
import { isLink } from '../../shared/domain/link.ts'

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

/** What a start was asked for: a link or none, and our own command line. */
export interface Asked {
  link: string | null
  rest: string[]
}

/**
 * The system starts the program with the link that somebody followed: it stands among the options and is none. On
 * Windows its text is put into a command line as it is, so that quotes in it begin further options. Whatever stands
 * behind a link may therefore be the work of whoever wrote it; what stands before it is not.
 * @returns a problem when options or commands stand there
 */
export const splitLink = (args: readonly string[]): Asked | { problem: string } => {
  const at = args.findIndex(isLink)
  if (at < 0) return { link: null, rest: [...args] }
  if (!args.slice(at).every(isLink))
    return { problem: 'Nothing may follow a link: what its text brings along was not opened.' }
  const before = args.slice(0, at)
  return { link: args[at] ?? null, rest: before.at(-1) === '--' ? before.slice(0, -1) : before }
}

/**
 * What stands before the link when the system starts the program. Windows alone reads it, as one text: a folder with
 * spaces needs its quotes, and the runtime takes nothing behind `--` for a switch.
 */
export const linkArguments = (dataDir: string): string[] => ['--data', `"${dataDir}"`, '--']
