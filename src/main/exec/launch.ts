import { groupOf, inGroup, type RunGroup } from './cgroup.ts'
import { commandFor } from './command-line.ts'
import { scriptEnvironment, type Environment } from './environment.ts'
import { limitEnvironment, withLimits } from './limits.ts'
import type { RunLimits, RunSpec } from './run-spec.ts'
import { inSandbox, NO_SANDBOX, sandboxEnvironment, staysAround, type Sandbox } from './sandbox.ts'

/** A run ready to start: all the supervisor needs to know. */
export interface Launch {
  historyId: string
  incarnation: string
  command: string
  args: string[]
  verbatim: boolean
  workingDirectory: string
  environment: Environment
  /** Written to the script's stdin, which is then closed. */
  stdin: string
  timeoutMs: number | null
  graceMs: number
  limits: RunLimits
  group: RunGroup | null
  /** The first process is not the script but what guards it (see `staysAround`). */
  guarded: boolean
  /** The spool's cap. */
  maxOutputBytes: number
  maskValues: string[]
}

export interface LaunchDeps {
  base: Environment
  nodeDirId: string
  platform: NodeJS.Platform
  powershellWrapper: string
  maxOutputBytes: number
  /** None when left out. */
  sandbox?: Sandbox | undefined
  /** The control group in which those of runs are made; limits are those of ulimit when left out. */
  groups?: string | null | undefined
}

/** The wrapper reads more than the parameters: it hands TaskContext to scripts that ask for it. */
const stdinOf = (spec: RunSpec): string =>
  spec.scriptType === 'powershell'
    ? JSON.stringify({ parameters: spec.parameters, taskContext: spec.taskContext })
    : JSON.stringify(spec.parameters)

/** Throws a RangeError with the reason when the spec cannot become a command. */
export const launchOf = (spec: RunSpec, deps: LaunchDeps): Launch => {
  const { limits, scriptType, workingDirectory } = spec
  const { sandbox = NO_SANDBOX, platform } = deps
  const group = groupOf(deps.groups ?? null, spec.historyId, limits)
  const line = commandFor(scriptType, spec.scriptPath, {
    interpreter: spec.interpreter,
    powershellWrapper: deps.powershellWrapper,
    platform,
    memoryMb: limits.memoryMb,
  })
  const limited = withLimits(line, { limits, type: scriptType, platform, grouped: group !== null })
  const files = [...(spec.interpreter === null ? [] : [spec.interpreter]), deps.powershellWrapper]
  const base = { ...deps.base, ...sandboxEnvironment(sandbox) }
  return {
    historyId: spec.historyId,
    incarnation: spec.incarnation,
    ...inGroup(inSandbox(limited, sandbox, { workingDirectory, files }), group),
    verbatim: line.verbatim,
    workingDirectory,
    environment: { ...scriptEnvironment(spec, { ...deps, base }), ...limitEnvironment(limits, scriptType) },
    stdin: stdinOf(spec),
    timeoutMs: spec.timeoutMs,
    graceMs: spec.graceMs,
    limits,
    group,
    guarded: staysAround(sandbox),
    maxOutputBytes: Math.min(limits.outputBytes ?? deps.maxOutputBytes, deps.maxOutputBytes),
    maskValues: spec.maskValues,
  }
}
