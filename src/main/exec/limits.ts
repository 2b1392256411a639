import { NO_LIMITS, type RunLimits } from './run-spec.ts'
import type { ScriptType } from '../../shared/domain/task.ts'

export interface Command {
  command: string
  args: string[]
}

/** Between the limit (SIGXCPU, which a script may catch) and the kernel's SIGKILL. */
const CPU_GRACE_SECONDS = 5

/**
 * Runtimes that reserve far more address space than they use: V8 needs over a gigabyte to start, .NET 256. They
 * take the limit as the size of their heap instead.
 */
const HEAP_LIMITED: readonly ScriptType[] = ['node', 'powershell']

const addressLimited = (type: ScriptType): boolean => !HEAP_LIMITED.includes(type)

const whole = (value: number): number => {
  if (!Number.isSafeInteger(value) || value < 1)
    throw new RangeError(`a limit must be a whole number, not ${value}`)
  return value
}

const line = (command: string, what: string): string =>
  `${command} || { echo "pswebhost: cannot set the ${what} limit on this machine" >&2; exit 126; }`

/** What is limited, and by what. */
export interface Limited {
  limits: RunLimits
  type: ScriptType
  platform: NodeJS.Platform
  /** Memory and processes are limited by a control group, as a whole. */
  grouped: boolean
}

const limitLines = ({ limits, type, platform, grouped }: Limited): string[] => {
  const { cpuSeconds } = limits
  const { memoryMb, processes } = grouped ? NO_LIMITS : limits
  const lines: string[] = []
  if (memoryMb !== null && addressLimited(type) && platform !== 'darwin')
    lines.push(line(`ulimit -v ${whole(memoryMb) * 1024}`, 'memory'))
  if (cpuSeconds !== null) {
    const hard = whole(cpuSeconds) + CPU_GRACE_SECONDS
    lines.push(line(`{ ulimit -S -t ${cpuSeconds} && ulimit -H -t ${hard}; }`, 'CPU time'))
  }
  // bash calls it -u, dash and busybox -p (which in bash is something else), so -u is tried first.
  if (processes !== null)
    lines.push(line(`{ ulimit -u ${whole(processes)} 2>/dev/null || ulimit -p ${processes}; }`, 'process'))
  return lines
}

/** The same command under `ulimit`. Only numbers enter the shell text; command and arguments stay arguments. */
export const withLimits = (inner: Command, limited: Limited): Command => {
  const lines = limited.platform === 'win32' ? [] : limitLines(limited)
  if (lines.length === 0) return inner
  return {
    command: '/bin/sh',
    args: ['-c', [...lines, 'exec "$@"'].join('\n'), 'sh', inner.command, ...inner.args],
  }
}

/** Environment that makes .NET keep the memory limit: bytes in hexadecimal, as its documentation asks. */
export const limitEnvironment = (limits: RunLimits, type: ScriptType): Record<string, string> =>
  type === 'powershell' && limits.memoryMb !== null
    ? { DOTNET_GCHeapHardLimit: (limits.memoryMb * 1024 * 1024).toString(16).toUpperCase() }
    : {}

/** Where a run would take place. */
export interface LimitedPlace {
  platform: NodeJS.Platform
  /** The node runs as root, and so do its scripts. */
  isRoot: boolean
  /** The account scripts run as, where that is another one. */
  account: string | null
  /** There are control groups. */
  grouped: boolean
}

const memoryGap = ({ platform, grouped }: LimitedPlace, type: ScriptType | null): string | null => {
  if (grouped) return null
  if (type === 'node' || type === 'powershell')
    return `memoryMb limits the heap of a ${type} script, not the programs it starts`
  if (platform === 'win32') return 'memoryMb is not enforced on Windows'
  if (platform === 'darwin') return 'memoryMb is not enforced on macOS'
  return 'memoryMb limits the address space of each process by itself, not of the run as a whole'
}

const processGap = ({ platform, isRoot, account, grouped }: LimitedPlace): string | null => {
  if (grouped) return null
  if (platform === 'win32') return 'processes is not enforced on Windows'
  if (account !== null)
    return `processes counts all processes of the account ${account}, not only those of the run`
  if (isRoot) return 'processes is not enforced for root, which this node runs as'
  return "processes counts all processes of the node's user, not only those of the run"
}

/**
 * What this platform cannot enforce of the limits that are set, in words for the validation; all of them when no
 * `limits` are given. Empty when every limit holds as its name says.
 */
export const limitGaps = (
  place: LimitedPlace,
  limits: RunLimits = { ...NO_LIMITS, memoryMb: 1, cpuSeconds: 1, processes: 1 },
  type: ScriptType | null = null,
): string[] => {
  const gaps: (string | null)[] = []
  if (limits.memoryMb !== null) gaps.push(memoryGap(place, type))
  if (limits.cpuSeconds !== null && !place.grouped)
    gaps.push(
      place.platform === 'win32'
        ? 'cpuSeconds is not enforced on Windows'
        : 'cpuSeconds limits each process by itself, not the run as a whole',
    )
  if (limits.processes !== null) gaps.push(processGap(place))
  return gaps.filter((gap) => gap !== null)
}
