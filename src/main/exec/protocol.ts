import type { Launch } from './launch.ts'
import type { RunResult, StopReason } from './run-spec.ts'

/** What node and supervisor say to each other over the IPC channel. When it closes, the supervisor ends. */

export type ToSupervisor =
  | { kind: 'run'; launch: Launch }
  | { kind: 'stop'; historyId: string; reason: StopReason }
  /** The node answers for the run so long from now; unless told again, its lease is over then. */
  | { kind: 'hold'; historyId: string; ms: number }

export type FromSupervisor =
  | { kind: 'started'; historyId: string; pid: number; startedAt: string }
  | { kind: 'output'; historyId: string; totalBytes: number }
  /** The result is in the journal before this is sent. */
  | { kind: 'ended'; result: RunResult }
