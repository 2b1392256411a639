import type { Issue } from '../../../shared/domain/errors.ts'
import type { TaskInput } from '../../../shared/domain/task.ts'
import { checkScript } from '../../exec/check-script.ts'
import { interpreterFor, scriptTypeOf, type Interpreter } from '../../exec/interpreters.ts'
import { deniedPaths, type Right } from '../../exec/isolation.ts'
import { limitGaps, type LimitedPlace } from '../../exec/limits.ts'
import type { Sandbox } from '../../exec/sandbox.ts'
import { resolveScript } from '../../exec/script-path.ts'

/** What this machine says of a task's script before it is saved: warnings, for other nodes may differ. */
export interface InspectDeps extends LimitedPlace {
  scriptRoots: () => string[]
  interpreters: readonly Interpreter[]
  hostEnvironment: Readonly<Record<string, string | undefined>>
  sandbox: Sandbox
}

/** A script that the node reads and the account it runs as does not would fail with each run. */
const accessIssues = async (
  { sandbox, hostEnvironment }: InspectDeps,
  script: string,
  interpreter: string | null,
): Promise<Issue[]> => {
  if (sandbox.kind !== 'user') return []
  const rights: Right[] =
    interpreter === null
      ? [[script, '-x']]
      : [
          [script, '-r'],
          [interpreter, '-x'],
        ]
  const denied = await deniedPaths(rights, sandbox, hostEnvironment)
  const { name } = sandbox.account
  return denied.map((path) => ({
    path: [path === script ? 'scriptPath' : 'scriptType'],
    message: `the account ${name}, which scripts run as here, may not use ${path}`,
  }))
}

export const createInspector =
  (deps: InspectDeps) =>
  async (task: TaskInput): Promise<Issue[]> => {
    const { scriptPath, scriptHash } = task
    const script = await resolveScript({ scriptPath, scriptHash, scriptRoots: deps.scriptRoots() })
    if (!script.ok)
      return [{ path: [script.refusal === 'hash' ? 'scriptHash' : 'scriptPath'], message: script.reason }]
    const scriptType = task.scriptType ?? scriptTypeOf(script.path, script.isExecutable)
    if (scriptType === null)
      return [
        {
          path: ['scriptType'],
          message: 'the script has no known extension and no executable bit; name its type',
        },
      ]
    const interpreter = interpreterFor(deps.interpreters, scriptType, script.path)
    const syntax = await checkScript({
      ...deps,
      scriptPath: script.path,
      scriptType,
      interpreter: interpreter?.path ?? null,
    })
    const gaps = task.limits ? limitGaps(deps, task.limits, scriptType) : []
    return [
      ...(interpreter && !interpreter.available
        ? [{ path: ['scriptType'], message: interpreter.reason ?? `no interpreter for ${scriptType} here` }]
        : []),
      ...(await accessIssues(deps, script.path, interpreter?.path ?? null)),
      ...syntax.map((message) => ({ path: ['scriptPath'], message })),
      ...gaps.map((message) => ({ path: ['limits'], message })),
    ]
  }
