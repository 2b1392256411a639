import { extname } from 'node:path'
import type { ScriptType } from '../../shared/domain/task.ts'
import { minimalEnvironment } from './environment.ts'
import type { Command } from './limits.ts'
import { probe } from './probe.ts'
import { errorLines } from './run-result.ts'

export interface CheckRequest {
  scriptPath: string
  scriptType: ScriptType
  /** null: its interpreter is not on this node, so nothing is checked. */
  interpreter: string | null
  hostEnvironment: Readonly<Record<string, string | undefined>>
  platform: NodeJS.Platform
}

const CHECK_TIMEOUT_MS = 10_000

/** `node --check` does not strip types, so a TypeScript file is parsed by the stripper, which also knows enums fail. */
const CHECK_TYPESCRIPT =
  "require('node:module').stripTypeScriptTypes(require('node:fs').readFileSync(process.argv[1],'utf8'))"

/** compile(), not py_compile: it leaves no __pycache__ behind. Bytes, so that a coding line is obeyed. */
const CHECK_PYTHON =
  "import sys; compile(open(sys.argv[1],'rb').read(), sys.argv[1], 'exec', dont_inherit=True)"

/** -Command has no arguments of its own: the path is quoted behind the script block. */
const CHECK_POWERSHELL =
  '& { param($p) $t=$null; $e=$null; [void][System.Management.Automation.Language.Parser]::ParseFile($p,[ref]$t,[ref]$e);' +
  ' foreach ($x in $e) { [Console]::Error.WriteLine("line $($x.Extent.StartLineNumber): $($x.Message)") };' +
  ' if ($e.Count) { exit 1 } }'

/** PowerShell takes the typographic quotes for single quotes too. */
const quoted = (text: string): string => `'${text.replace(/['\u2018-\u201b]/g, '$&$&')}'`

/** The command that checks the syntax of a script without running it; null for types that have none. */
export const checkCommandFor = (
  type: ScriptType,
  interpreter: string,
  scriptPath: string,
): Command | null => {
  switch (type) {
    case 'bash':
      return { command: interpreter, args: ['-n', scriptPath] }
    case 'node':
      return ['.ts', '.mts'].includes(extname(scriptPath).toLowerCase())
        ? {
            command: interpreter,
            args: ['--disable-warning=ExperimentalWarning', '-e', CHECK_TYPESCRIPT, scriptPath],
          }
        : { command: interpreter, args: ['--check', scriptPath] }
    case 'python':
      return { command: interpreter, args: ['-I', '-c', CHECK_PYTHON, scriptPath] }
    case 'powershell':
      return {
        command: interpreter,
        args: [
          '-NoLogo',
          '-NoProfile',
          '-NonInteractive',
          '-Command',
          `${CHECK_POWERSHELL} ${quoted(scriptPath)}`,
        ],
      }
    case 'cmd':
    case 'executable':
      return null
  }
}

/**
 * Warnings of a syntax check, as shown when a task is saved; empty when there is nothing to say. Nothing of the
 * script is run. Takes at most ten seconds and never throws: a check that fails is itself a warning.
 */
export const checkScript = async (request: CheckRequest): Promise<string[]> => {
  const { scriptPath, scriptType, interpreter } = request
  const command = interpreter === null ? null : checkCommandFor(scriptType, interpreter, scriptPath)
  if (command === null) return []
  const environment = minimalEnvironment(request.hostEnvironment, request.platform)
  const answer = await probe({ ...command, environment, timeoutMs: CHECK_TIMEOUT_MS })
  if (answer.code === 0) return []
  if (answer.code === null) return [`the syntax of ${scriptPath} could not be checked: ${answer.problem}`]
  const said = errorLines(answer.stderr) ?? `the check ended with code ${answer.code}`
  return [`${scriptPath} has a syntax error: ${said}`]
}
