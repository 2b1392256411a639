import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { delimiter, extname, isAbsolute, join } from 'node:path'
import type { ScriptType } from '../../shared/domain/task.ts'
import { minimalEnvironment } from './environment.ts'
import { probe } from './probe.ts'

export interface Interpreter {
  type: ScriptType
  /** The extensions it serves, lower case with dot; empty for `executable`. */
  extensions: string[]
  path: string | null
  version: string | null
  available: boolean
  /** Why it is not available; null when it is. */
  reason: string | null
}

export interface DetectOptions {
  /** `execution.interpreters`: extension to path (`{ '.ps1': '/opt/pwsh' }`). */
  configured: Readonly<Record<string, string>>
  /** The Node that runs `.js`, `.mjs` and `.ts` unless configured otherwise. */
  nodePath: string
  hostEnvironment: Readonly<Record<string, string | undefined>>
  platform: NodeJS.Platform
}

const EXTENSIONS: Readonly<Record<ScriptType, readonly string[]>> = {
  powershell: ['.ps1'],
  bash: ['.sh', '.bash'],
  node: ['.js', '.mjs', '.cjs', '.ts', '.mts'],
  python: ['.py'],
  cmd: ['.cmd', '.bat'],
  executable: [],
}

const TYPES: readonly ScriptType[] = ['powershell', 'bash', 'node', 'python', 'cmd', 'executable']

/** The type of a script by its extension, else by its executable bit; null: nothing here can run it. */
export const scriptTypeOf = (path: string, isExecutable: boolean): ScriptType | null => {
  const extension = extname(path).toLowerCase()
  if (extension === '.exe') return 'executable'
  const type = TYPES.find((each) => EXTENSIONS[each].includes(extension))
  return type ?? (isExecutable ? 'executable' : null)
}

/** Extensions that make a script one of this type, lower case with dot. */
export const extensionsOf = (type: string): readonly string[] =>
  type === 'executable' ? ['.exe'] : (EXTENSIONS[type as ScriptType] ?? [])

const VERSION_ARGUMENTS: Partial<Record<ScriptType, string[]>> = {
  powershell: [
    '-NoLogo',
    '-NoProfile',
    '-NonInteractive',
    '-Command',
    '$PSVersionTable.PSVersion.ToString()',
  ],
  bash: ['--version'],
  node: ['--version'],
  python: ['--version'],
}
const VERSION_TIMEOUT_MS = 5000

/** The programs to look for on PATH, best first. */
const programsFor = (type: ScriptType, platform: NodeJS.Platform): string[] => {
  const windows = platform === 'win32'
  switch (type) {
    case 'powershell':
      return windows ? ['pwsh.exe', 'powershell.exe'] : ['pwsh']
    case 'bash':
      return windows ? ['bash.exe'] : ['bash']
    case 'python':
      return windows ? ['python3.exe', 'python.exe'] : ['python3']
    case 'cmd':
      return windows ? ['cmd.exe'] : []
    case 'node':
    case 'executable':
      return []
  }
}

const isRunnable = async (path: string): Promise<boolean> => {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}

const onPath = async (programs: string[], path: string): Promise<string | null> => {
  for (const program of programs)
    for (const folder of path.split(delimiter).filter(isAbsolute)) {
      const candidate = join(folder, program)
      if (await isRunnable(candidate)) return candidate
    }
  return null
}

const missing = (type: ScriptType, platform: NodeJS.Platform): string =>
  type === 'cmd'
    ? 'cmd scripts run on Windows only'
    : `${programsFor(type, platform).join(' or ')} was not found on PATH; install it or set execution.interpreters`

const versionOf = async (
  type: ScriptType,
  path: string,
  options: DetectOptions,
): Promise<{ version: string | null; problem: string | null }> => {
  const args = VERSION_ARGUMENTS[type]
  if (!args) return { version: null, problem: null }
  const environment = minimalEnvironment(options.hostEnvironment, options.platform)
  const answer = await probe({ command: path, args, environment, timeoutMs: VERSION_TIMEOUT_MS })
  if (answer.code !== 0)
    return {
      version: null,
      problem: answer.problem ?? `${path} ended with code ${answer.code} when asked its version`,
    }
  return { version: /\d+(\.\d+)+/.exec(answer.stdout + answer.stderr)?.[0] ?? null, problem: null }
}

const examine = async (
  type: ScriptType,
  extensions: string[],
  path: string | null,
  options: DetectOptions,
): Promise<Interpreter> => {
  const none = { type, extensions, path, version: null, available: false }
  if (path === null) return { ...none, reason: missing(type, options.platform) }
  if (!(await isRunnable(path))) return { ...none, reason: `${path} is missing or cannot be executed` }
  const { version, problem } = await versionOf(type, path, options)
  return problem
    ? { ...none, reason: problem }
    : { type, extensions, path, version, available: true, reason: null }
}

const lowerKeys = (record: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key.toLowerCase(), value]))

const detectType = async (type: ScriptType, options: DetectOptions): Promise<Interpreter[]> => {
  if (type === 'executable')
    return [{ type, extensions: [], path: null, version: null, available: true, reason: null }]
  const configured = lowerKeys(options.configured)
  const host = minimalEnvironment(options.hostEnvironment, options.platform)
  const standard = EXTENSIONS[type].some((extension) => !configured[extension])
    ? type === 'node'
      ? options.nodePath
      : await onPath(programsFor(type, options.platform), host['PATH'] ?? host['Path'] ?? '')
    : null
  const pathOf = (extension: string): string | null => configured[extension] ?? standard
  const paths = [...new Set(EXTENSIONS[type].map(pathOf))]
  return Promise.all(
    paths.map((each) =>
      examine(
        type,
        EXTENSIONS[type].filter((extension) => pathOf(extension) === each),
        each,
        options,
      ),
    ),
  )
}

/**
 * What can run scripts on this machine, by type; a type whose extensions are configured apart has one entry for
 * each. Asks every interpreter for its version, which takes some tenths of a second: cache the answer.
 */
export const detectInterpreters = async (options: DetectOptions): Promise<Interpreter[]> =>
  (await Promise.all(TYPES.map((type) => detectType(type, options)))).flat()

/** The entry that runs a script of this type and name. */
export const interpreterFor = (
  interpreters: readonly Interpreter[],
  type: ScriptType,
  scriptPath: string,
): Interpreter | undefined => {
  const extension = extname(scriptPath).toLowerCase()
  const ofType = interpreters.filter((each) => each.type === type)
  return ofType.find((each) => each.extensions.includes(extension)) ?? ofType[0]
}
