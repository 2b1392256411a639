import { commandFor } from './command-line.ts'
import { scriptEnvironment, type Environment } from './environment.ts'
import { limitEnvironment, withLimits } from './limits.ts'
import type { RunLimits, RunSpec } from './run-spec.ts'

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
}

/** The wrapper reads more than the parameters: it hands TaskContext to scripts that ask for it. */
const stdinOf = (spec: RunSpec): string =>
  spec.scriptType === 'powershell'
    ? JSON.stringify({ parameters: spec.parameters, taskContext: spec.taskContext })
    : JSON.stringify(spec.parameters)

/** Throws a RangeError with the reason when the spec cannot become a command. */
export const launchOf = (spec: RunSpec, deps: LaunchDeps): Launch => {
  const { limits, scriptType } = spec
  const line = commandFor(scriptType, spec.scriptPath, {
    interpreter: spec.interpreter,
    powershellWrapper: deps.powershellWrapper,
    platform: deps.platform,
    memoryMb: limits.memoryMb,
  })
  return {
    historyId: spec.historyId,
    incarnation: spec.incarnation,
    ...withLimits(line, limits, scriptType, deps.platform),
    verbatim: line.verbatim,
    workingDirectory: spec.workingDirectory,
    environment: { ...scriptEnvironment(spec, deps), ...limitEnvironment(limits, scriptType) },
    stdin: stdinOf(spec),
    timeoutMs: spec.timeoutMs,
    graceMs: spec.graceMs,
    limits,
    maxOutputBytes: Math.min(limits.outputBytes ?? deps.maxOutputBytes, deps.maxOutputBytes),
    maskValues: spec.maskValues,
  }
}
