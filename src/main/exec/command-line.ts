import type { ScriptType } from '../../shared/domain/task.ts'
import type { Command } from './limits.ts'

export interface CommandOptions {
  /** Absolute path of the interpreter; ignored for `executable`. */
  interpreter: string | null
  /** Absolute path of `resources/exec/run-task.ps1`. */
  powershellWrapper: string
  platform: NodeJS.Platform
  /** Heap limit of a Node script. */
  memoryMb: number | null
}

export interface CommandLine extends Command {
  /** Windows: hand the arguments over as they stand (cmd.exe has its own quoting). */
  verbatim: boolean
}

const powershell = (scriptPath: string, options: CommandOptions): string[] => [
  '-NoLogo',
  '-NoProfile',
  '-NonInteractive',
  // Downloaded scripts are blocked by default on Windows; what may run is decided by the script roots.
  ...(options.platform === 'win32' ? ['-ExecutionPolicy', 'Bypass'] : []),
  '-File',
  options.powershellWrapper,
  '-ScriptPath',
  scriptPath,
]

/** cmd expands `%` and ends at `"` even inside quotes: such a path could become another command. */
const cmdArguments = (scriptPath: string): string[] => {
  if (/[%"\r\n]/.test(scriptPath)) throw new RangeError('the path of a cmd script must not contain % or "')
  return ['/d', '/s', '/c', `""${scriptPath}""`]
}

const argumentsFor = (
  type: Exclude<ScriptType, 'executable'>,
  path: string,
  options: CommandOptions,
): string[] => {
  switch (type) {
    case 'powershell':
      return powershell(path, options)
    case 'node':
      return [...(options.memoryMb === null ? [] : [`--max-heap-size=${options.memoryMb}`]), path]
    case 'cmd':
      return cmdArguments(path)
    case 'bash':
    case 'python':
      return [path]
  }
}

/**
 * The command that runs a script. Nothing but paths and numbers is in it: parameters and secrets travel by stdin
 * and environment, where other users of the machine cannot read them.
 */
export const commandFor = (type: ScriptType, scriptPath: string, options: CommandOptions): CommandLine => {
  if (type === 'executable') return { command: scriptPath, args: [], verbatim: false }
  if (options.interpreter === null) throw new RangeError(`no interpreter for ${type} scripts on this node`)
  return {
    command: options.interpreter,
    args: argumentsFor(type, scriptPath, options),
    verbatim: type === 'cmd',
  }
}
