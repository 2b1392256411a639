import type { CopyProgress, CopyResult, DatabaseProbe } from '../../shared/domain/database.ts'
import type {
  CurrentDatabase,
  DatabaseSwitched,
  DatabaseTarget,
  SchemaMigration,
} from '../../shared/domain/database-target.ts'
import type { DesktopService } from './desktop-switches.ts'
import type { ScriptPreview, ScriptQuery } from '../../shared/domain/script.ts'
import type { RunStats, RunStatsInput } from '../../shared/domain/run-stats.ts'
import type { Calendar, CalendarInput } from '../../shared/domain/calendar.ts'
import type { Upcoming, UpcomingInput } from '../../shared/domain/upcoming.ts'
import type { Settings, SettingsInput } from '../../shared/domain/settings.ts'
import type {
  Change,
  ChangeDetail,
  ChangeFilter,
  RevertInput,
  RevertResult,
} from '../../shared/domain/change.ts'
import type { ClusterEvent } from '../../shared/domain/events.ts'
import type { Page } from '../../shared/domain/fields.ts'
import type {
  ExportDocument,
  ImportInput,
  ImportItem,
  ImportResult,
  Sample,
} from '../../shared/domain/import-result.ts'
import type {
  Cluster,
  CreatedJoinToken,
  EmergencyStop,
  Joined,
  JoinToken,
  JoinTokenInput,
  TaskLock,
  TaskLockInput,
  TaskLockPatch,
  TaskStop,
} from '../../shared/domain/cluster.ts'
import type {
  ClusterNode,
  Heartbeat,
  NodePatch,
  NodeTask,
  Placements,
  Registered,
  RegistrationInput,
} from '../../shared/domain/node.ts'
import type {
  Conflict,
  ConflictFilter,
  PendingChange,
  ResolveInput,
  SyncStatus,
  SyncTrigger,
} from '../../shared/domain/sync.ts'
import type { Preview, PreviewInput } from '../../shared/domain/preview.ts'
import type { ApiToken, CreatedToken, Role, TokenInput } from '../../shared/domain/role.ts'
import type { Run, RunFilter } from '../../shared/domain/run.ts'
import type { CachedTask, Job, Runspace, Snapshot } from '../../shared/domain/runtime.ts'
import type { DoctorReport, SystemInfo } from '../../shared/domain/system.ts'
import type {
  ScheduleRow,
  Task,
  TaskFilter,
  TaskInput,
  TaskPatch,
  Validation,
} from '../../shared/domain/task.ts'
import type { Caller, NodeCredential } from './caller.ts'
import type { Failures } from './failures.ts'
import type { Webhooks } from './webhooks.ts'

/** The use cases of a node, as API, command line and window ask for them. Built in app.ts. */
export interface Services {
  tasks: {
    list(caller: Caller, filter: TaskFilter): Promise<Page<Task>>
    get(caller: Caller, taskId: string): Promise<Task>
    create(caller: Caller, input: TaskInput): Promise<Task>
    update(caller: Caller, taskId: string, patch: TaskPatch): Promise<Task>
    remove(caller: Caller, taskId: string): Promise<void>
    validate(caller: Caller, draft: Record<string, unknown>): Promise<Validation>
    scheduleRows(caller: Caller, taskId: string): Promise<ScheduleRow[]>
    exportAll(caller: Caller): Promise<ExportDocument>
    placements(caller: Caller, taskId: string): Promise<Placements>
  }
  schedules: {
    preview(input: PreviewInput): Preview
    upcoming(input: UpcomingInput): Promise<Upcoming>
    /** What comes, day by day, and where it will clash. */
    calendar(input: CalendarInput): Promise<Calendar>
  }
  scripts: { preview(caller: Caller, query: ScriptQuery): Promise<ScriptPreview> }
  runs: {
    start(
      caller: Caller,
      taskId: string,
      options: { nodeId?: string | null; parameters?: Record<string, unknown> | null },
    ): Promise<{ historyId: string; historyIds: string[] }>
    list(caller: Caller, filter: RunFilter): Promise<Page<Run>>
    get(caller: Caller, historyId: string): Promise<Run>
    stats(caller: Caller, input: RunStatsInput): Promise<RunStats>
    stop(caller: Caller, historyId: string): Promise<Run>
    /** Every run of a task that has not ended, wherever it is. */
    stopTask(caller: Caller, taskId: string): Promise<TaskStop>
    /** Output as bytes from `from` on; with `follow` it goes on until the run ends or `signal` aborts. */
    output(
      caller: Caller,
      historyId: string,
      options: { from: number; follow: boolean; signal?: AbortSignal },
    ): AsyncIterable<{ offset: number; bytes: Uint8Array; end?: string }>
  }
  changes: {
    list(caller: Caller, filter: ChangeFilter): Promise<Page<Change>>
    get(caller: Caller, changeId: string): Promise<ChangeDetail>
    revert(caller: Caller, changeId: string, input: RevertInput): Promise<RevertResult>
  }
  nodes: {
    list(caller: Caller, page: { limit: number; cursor?: string | undefined }): Promise<Page<ClusterNode>>
    get(caller: Caller, nodeId: string): Promise<ClusterNode>
    update(caller: Caller, nodeId: string, patch: NodePatch): Promise<ClusterNode>
    drain(caller: Caller, nodeId: string, drain: boolean): Promise<ClusterNode>
    retire(caller: Caller, nodeId: string): Promise<void>
    tasks(
      caller: Caller,
      nodeId: string,
      page: { limit: number; cursor?: string | undefined },
    ): Promise<Page<NodeTask>>
    /** What falls due there next, soonest first. */
    upcoming(caller: Caller, nodeId: string, limit: number): Promise<NodeTask[]>
    register(caller: Caller, input: RegistrationInput): Promise<Registered>
    heartbeat(caller: Caller, nodeId: string, beat: Heartbeat): Promise<ClusterNode>
  }
  cluster: {
    get(caller: Caller): Promise<Cluster>
    /** Ends every run and holds the cluster: nothing starts until `resume`. */
    stop(caller: Caller, reason: string | null): Promise<EmergencyStop>
    resume(caller: Caller): Promise<Cluster>
  }
  joinTokens: {
    list(caller: Caller): Promise<JoinToken[]>
    create(caller: Caller, input: JoinTokenInput): Promise<CreatedJoinToken>
    revoke(caller: Caller, joinTokenId: string): Promise<void>
    /** This node takes the cluster key with the token of another. */
    join(caller: Caller, token: string): Promise<Joined>
  }
  locks: {
    list(caller: Caller): Promise<TaskLock[]>
    create(caller: Caller, input: TaskLockInput): Promise<TaskLock>
    update(caller: Caller, lockId: string, patch: TaskLockPatch): Promise<TaskLock>
    remove(caller: Caller, lockId: string): Promise<void>
  }
  sync: {
    status(caller: Caller): Promise<SyncStatus>
    trigger(caller: Caller, input: SyncTrigger): Promise<SyncStatus>
    pending(caller: Caller): Promise<PendingChange[]>
    giveUp(caller: Caller, changeId: string): Promise<void>
  }
  conflicts: {
    list(caller: Caller, filter: ConflictFilter): Promise<Page<Conflict>>
    get(caller: Caller, conflictId: string): Promise<Conflict>
    resolve(caller: Caller, input: ResolveInput): Promise<Conflict>
  }
  failures: Failures
  webhooks: Webhooks
  runtime: { jobs(): Snapshot<Job>; runspaces(): Snapshot<Runspace>; tasks(): Snapshot<CachedTask> }
  import: {
    importFiles(caller: Caller, input: ImportInput): Promise<ImportResult>
    importPaths(
      caller: Caller,
      options: {
        paths: string[]
        dryRun: boolean
        cron: 'standard' | 'legacy'
        addScriptRoot: boolean
        onItem?: (done: number, total: number, item: ImportItem) => void
      },
    ): Promise<ImportResult>
  }
  samples: {
    list(caller: Caller): Promise<Sample[]>
    import(caller: Caller, names: string[], options: { enabled: boolean }): Promise<ImportResult>
  }
  tokens: {
    list(caller: Caller): Promise<ApiToken[]>
    create(caller: Caller, input: TokenInput): Promise<CreatedToken>
    revoke(caller: Caller, tokenId: string): Promise<void>
    /** With `node`: the credential of a node, which has no role of its own. */
    verify(
      text: string,
    ): Promise<{ tokenId: string; tokenName: string; role: Role; node?: NodeCredential } | null>
  }
  settings: {
    /** `isLocal`: asked on this machine, where more may be changed. */
    get(caller: Caller, from: { isLocal: boolean }): Promise<Settings>
    update(caller: Caller, input: SettingsInput, from: { isLocal: boolean }): Promise<Settings>
  }
  /** Which database the node uses; asked on this machine only. */
  database: {
    current(caller: Caller): Promise<CurrentDatabase>
    test(caller: Caller, target: DatabaseTarget): Promise<DatabaseProbe>
    /** @returns what is there afterwards. */
    createSchema(caller: Caller, target: DatabaseTarget): Promise<DatabaseProbe>
    /** Ends with an error when `signal` aborts. */
    copy(
      caller: Caller,
      target: DatabaseTarget,
      options: { onProgress: (progress: CopyProgress) => void; signal: AbortSignal },
    ): Promise<CopyResult>
    /** Writes app.yaml; the node uses it after a restart. */
    switchTo(caller: Caller, target: DatabaseTarget): Promise<DatabaseSwitched>
    /** @param target null: the database the node uses. */
    migrate(caller: Caller, target: DatabaseTarget | null): Promise<SchemaMigration>
  }
  events: {
    /** Bounded per reader: one that is too slow gets a single `missed` instead of the backlog. */
    subscribe(signal: AbortSignal): AsyncIterable<ClusterEvent>
  }
  desktop: DesktopService
  system: {
    info(caller: Caller): Promise<SystemInfo>
    doctor(caller: Caller, options: { fix: boolean }): Promise<DoctorReport>
    backup(
      caller: Caller,
      input: { file: string; passphrase?: string | undefined },
    ): Promise<{ file: string; bytes: number }>
    restore(
      caller: Caller,
      input: { file: string; passphrase?: string | undefined },
    ): Promise<{ restoredFrom: string }>
    /** For /healthz: the node answers and its loops tick. */
    health(): { ok: boolean; detail: string }
    /** Prometheus text. */
    metrics(): Promise<string>
  }
}
