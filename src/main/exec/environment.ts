import { createHash } from 'node:crypto'
import { refusedEnvironmentName } from '../../shared/domain/environment.ts'
import type { RunSpec } from './run-spec.ts'

export type Environment = Record<string, string>

/** The variable that marks every process of a run. */
export const HISTORY_MARK = 'PSWEBHOST_HISTORY_ID'
/** The variable that tells two nodes of one machine apart. */
export const NODE_MARK = 'PSWEBHOST_NODE_DIR'

/** Linux refuses an exec with a longer `NAME=value` (MAX_ARG_STRLEN, 128 KiB with its end); Windows at 32,767. */
const LONGEST_ENTRY = { posix: 131_000, windows: 32_000 }
/** All parameters together: Linux gives arguments and environment a quarter of the stack, 2 MiB. */
const LONGEST_SUM = { posix: 1_000_000, windows: 500_000 }

const POSIX_NAMES = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'TZ', 'TMPDIR']
const WINDOWS_NAMES = [
  'PATH', 'PATHEXT', 'SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'COMSPEC', 'TEMP', 'TMP', 'USERPROFILE', 'USERNAME',
  'USERDOMAIN', 'HOMEDRIVE', 'HOMEPATH', 'APPDATA', 'LOCALAPPDATA', 'PROGRAMDATA', 'PROGRAMFILES',
  'PROGRAMFILES(X86)', 'PROGRAMW6432', 'COMPUTERNAME', 'NUMBER_OF_PROCESSORS', 'PROCESSOR_ARCHITECTURE', 'OS',
] // prettier-ignore

const POSIX_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * What any process of ours may see of the host's environment: enough to find programs, a home, a language and a
 * temporary folder. Tokens and passwords the node was started with stay behind.
 */
export const minimalEnvironment = (
  host: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): Environment => {
  const wanted = new Set(platform === 'win32' ? WINDOWS_NAMES : POSIX_NAMES)
  const kept = Object.entries(host).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      (platform === 'win32'
        ? wanted.has(entry[0].toUpperCase())
        : wanted.has(entry[0]) || isLocale(entry[0])),
  )
  return { ...(platform === 'win32' ? {} : { PATH: POSIX_PATH }), ...Object.fromEntries(kept) }
}

const isLocale = (name: string): boolean => name.startsWith('LC_')

/** `PSWEBHOST_PARAM_<NAME>`: upper case, everything but letters and digits is `_`. */
export const parameterVariable = (name: string): string =>
  `PSWEBHOST_PARAM_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`

/** Texts as they are, everything else as JSON; null and undefined as the empty text. */
const textOf = (value: unknown): string => {
  if (typeof value === 'string') return value
  return value === null || value === undefined ? '' : JSON.stringify(value)
}

/**
 * Parameters as variables. One too long for the platform, or holding a NUL, is left out (it is still in the JSON
 * on stdin), as is one that would make the whole environment too long. Of two names that become one, the first wins.
 */
export const parameterVariables = (
  parameters: Readonly<Record<string, unknown>>,
  platform: NodeJS.Platform,
): Environment => {
  const kind = platform === 'win32' ? 'windows' : 'posix'
  const variables: Environment = {}
  let sum = 0
  for (const [name, value] of Object.entries(parameters)) {
    const variable = parameterVariable(name)
    const text = textOf(value)
    const size = Buffer.byteLength(variable) + Buffer.byteLength(text) + 2
    if (text.includes('\0') || variable in variables) continue
    if (size > LONGEST_ENTRY[kind] || sum + size > LONGEST_SUM[kind]) continue
    variables[variable] = text
    sum += size
  }
  return variables
}

const allowedOnly = (environment: Readonly<Environment>): Environment =>
  Object.fromEntries(
    Object.entries(environment).filter(
      ([name, value]) =>
        refusedEnvironmentName(name) === null && !/[=\0]/.test(name) && !value.includes('\0'),
    ),
  )

/** Output reaches us at once and in UTF-8; nothing is coloured, since no terminal is there. */
const OUTPUT: Environment = { PYTHONUNBUFFERED: '1', PYTHONIOENCODING: 'utf-8', NO_COLOR: '1' }

/** The whole environment of one script. Our own variables come last, so a task cannot replace them. */
export const scriptEnvironment = (
  spec: Pick<RunSpec, 'historyId' | 'taskName' | 'nodeName' | 'scheduledFor' | 'parameters' | 'environment'>,
  host: { base: Environment; nodeDirId: string; platform: NodeJS.Platform },
): Environment => ({
  ...host.base,
  ...OUTPUT,
  ...allowedOnly(spec.environment),
  ...parameterVariables(spec.parameters, host.platform),
  PSWEBHOST_TASK_NAME: spec.taskName,
  PSWEBHOST_NODE_NAME: spec.nodeName,
  PSWEBHOST_SCHEDULED_FOR: spec.scheduledFor,
  [HISTORY_MARK]: spec.historyId,
  [NODE_MARK]: host.nodeDirId,
})

/** A short name for a data folder, safe to show: what `PSWEBHOST_NODE_DIR` holds. */
export const nodeDirId = (dataDir: string): string =>
  createHash('sha256').update(dataDir).digest('hex').slice(0, 32)
