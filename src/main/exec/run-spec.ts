import type { Limits, ScriptType } from '../../shared/domain/task.ts'

/** What a caller asks of the supervisor, and what it gets back. */

/** The limits of one run; how many go on at once is the scheduler's business, not ours. */
export type RunLimits = Omit<Limits, 'maxConcurrent' | 'locks'>

export const NO_LIMITS: RunLimits = { memoryMb: null, cpuSeconds: null, processes: null, outputBytes: null }

/** PSWebHost's contract: what `param([hashtable]$TaskContext)` of a PowerShell script receives. */
export interface TaskContext {
  TaskName: string
  AppName: string
  Environment: Record<string, string>
  StartTime: string
  TriggeredBy: string
}

export interface RunSpec {
  historyId: string
  incarnation: string
  taskId: string
  taskName: string
  nodeName: string
  /** ISO-8601 UTC. */
  scheduledFor: string
  /** Absolute, as `resolveScript` answered it. */
  scriptPath: string
  scriptType: ScriptType
  /** Absolute path of the interpreter; null for what runs by itself. */
  interpreter: string | null
  /** Absolute; the script root the script lies in. */
  workingDirectory: string
  parameters: Record<string, unknown>
  /** The task's own variables, secrets decrypted. Refused names are dropped here too. */
  environment: Record<string, string>
  /** null: no timeout. */
  timeoutMs: number | null
  /** Between the polite signal and the kill. */
  graceMs: number
  limits: RunLimits
  /** Only read for PowerShell. */
  taskContext: TaskContext | null
  /** Clear texts of secrets; those under four characters are not masked. */
  maskValues: string[]
}

/** `cpu`: the CPU time of all its processes together is used up. */
export type StopReason = 'stop' | 'timeout' | 'cpu' | 'lease' | 'shutdown'

export type ResultState = 'Success' | 'Failed' | 'Timeout' | 'Stopped'

export interface RunResult {
  historyId: string
  incarnation: string
  state: ResultState
  exitCode: number | null
  signal: string | null
  /** ISO-8601 UTC. */
  startTime: string
  endTime: string
  /** Why it did not succeed, in words; null for `Success`. Masked. */
  error: string | null
  /** All the script wrote, after masking, whether or not it was kept. */
  outputBytes: number
  outputTruncated: boolean
}
