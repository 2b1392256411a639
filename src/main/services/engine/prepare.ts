import { messageOf } from '../../../shared/domain/errors.ts'
import type { Limits } from '../../../shared/domain/task.ts'
import { interpreterFor, scriptTypeOf, type Interpreter } from '../../exec/interpreters.ts'
import type { RunLimits, RunSpec } from '../../exec/run-spec.ts'
import { resolveScript } from '../../exec/script-path.ts'
import type { Self } from '../self.ts'
import type { Claimed } from './claims.ts'

/** From a claimed run to what the supervisor starts; every "no" is a reason for people. */

export interface PrepareDeps {
  self: Self
  /** Opens `{ $sealed }` values; `secrets` are the clear texts, for masking. */
  openValues: (stored: Record<string, unknown>) => { values: Record<string, unknown>; secrets: string[] }
  /** Looks for a key that the values name and this node has not yet. */
  refreshKeysFor?: (stored: Record<string, unknown>) => Promise<void>
  scriptRoots: () => string[]
  interpreters: () => readonly Interpreter[]
  /** What a task gets where it names no limit of its own. */
  defaultLimits: RunLimits
  graceMs: number
}

export type Prepared = { spec: RunSpec; scriptHash: string } | { refusal: string }

export const prepareRun = async (deps: PrepareDeps, { run, task }: Claimed): Promise<Prepared> => {
  const script = await resolveScript({
    scriptPath: task.scriptPath,
    scriptRoots: deps.scriptRoots(),
    scriptHash: task.scriptHash,
  })
  if (!script.ok) return { refusal: script.reason }
  const type = task.scriptType ?? scriptTypeOf(script.path, script.isExecutable)
  if (type === null)
    return { refusal: `${task.scriptPath} has no known extension and no executable bit; name its scriptType` }
  const interpreter = interpreterFor(deps.interpreters(), type, script.path)
  if (interpreter && !interpreter.available)
    return { refusal: interpreter.reason ?? `no interpreter for ${type}` }
  const opened = await openAll(deps, run.parameters ?? task.parameters, task.environment)
  if ('refusal' in opened) return opened
  return {
    scriptHash: script.hash,
    spec: {
      historyId: run.historyId,
      incarnation: deps.self.incarnation,
      taskId: task.taskId,
      taskName: task.taskName,
      nodeName: deps.self.nodeName,
      scheduledFor: run.scheduledFor,
      scriptPath: script.path,
      scriptType: type,
      interpreter: interpreter?.path ?? null,
      workingDirectory: script.root,
      parameters: opened.parameters,
      environment: opened.environment,
      timeoutMs: task.timeout === null ? null : task.timeout * 1000,
      graceMs: deps.graceMs,
      limits: limitsOf(task.limits, deps.defaultLimits),
      taskContext: {
        TaskName: task.taskName,
        AppName: task.appName,
        Environment: opened.environment,
        StartTime: run.startTime ?? run.scheduledFor,
        TriggeredBy: run.triggeredBy,
      },
      maskValues: opened.secrets,
    },
  }
}

const openAll = async (
  deps: PrepareDeps,
  parameters: Record<string, unknown>,
  environment: Record<string, unknown>,
): Promise<
  | { parameters: Record<string, unknown>; environment: Record<string, string>; secrets: string[] }
  | { refusal: string }
> => {
  try {
    // A task may be sealed by a key that another node made a moment ago.
    await deps.refreshKeysFor?.(parameters)
    await deps.refreshKeysFor?.(environment)
    const [given, variables] = [deps.openValues(parameters), deps.openValues(environment)]
    return {
      parameters: given.values,
      environment: Object.fromEntries(
        Object.entries(variables.values).map(([name, value]) => [name, String(value)]),
      ),
      secrets: [...given.secrets, ...variables.secrets],
    }
  } catch (error) {
    return { refusal: `the task's secrets cannot be opened here: ${messageOf(error)}` }
  }
}

const limitsOf = (own: Limits | null, standard: RunLimits): RunLimits => ({
  memoryMb: own?.memoryMb ?? standard.memoryMb,
  cpuSeconds: own?.cpuSeconds ?? standard.cpuSeconds,
  processes: own?.processes ?? standard.processes,
  outputBytes: own?.outputBytes ?? standard.outputBytes,
})
