import type { Issue } from '../../../shared/domain/errors.ts'
import type { TaskInput } from '../../../shared/domain/task.ts'
import { checkScript } from '../../exec/check-script.ts'
import { interpreterFor, scriptTypeOf, type Interpreter } from '../../exec/interpreters.ts'
import { limitGaps, type LimitedPlace } from '../../exec/limits.ts'
import { resolveScript } from '../../exec/script-path.ts'

/** What this machine says of a task's script before it is saved: warnings, for other nodes may differ. */
export interface InspectDeps extends LimitedPlace {
  scriptRoots: () => string[]
  interpreters: readonly Interpreter[]
  hostEnvironment: Readonly<Record<string, string | undefined>>
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
      ...syntax.map((message) => ({ path: ['scriptPath'], message })),
      ...gaps.map((message) => ({ path: ['limits'], message })),
    ]
  }
