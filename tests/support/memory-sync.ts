import { AppError } from '../../src/shared/domain/errors.ts'
import type {
  Conflict,
  PendingChange,
  ResolveInput,
  SyncStatus,
  SyncTrigger,
} from '../../src/shared/domain/sync.ts'
import type { Caller } from '../../src/main/services/caller.ts'
import { withoutSync } from '../../src/main/services/sync.ts'
import type { Services } from '../../src/main/services/services.ts'
import { must, NOW, page } from './memory-records.ts'

/** Table sync of the memory node as a test says it is. */
export interface MemorySync {
  /** Null: it keeps no replica. */
  status: SyncStatus | null
  pending: PendingChange[]
  /** Newest first. */
  conflicts: Conflict[]
  /** What was asked for, newest last. */
  triggered: SyncTrigger[]
  resolved: ResolveInput[]
}

/** What a decision leaves of the record. */
const recordAfter = ({ kind, fields, current }: Conflict, { take, merged }: ResolveInput) => {
  if (merged) return { ...current, ...merged }
  const isGone = (kind === 'DeletedHere' && take === 'mine') || (kind === 'DeletedThere' && take === 'theirs')
  if (isGone) return null
  const side = take ?? 'theirs'
  return { ...current, ...Object.fromEntries(fields.map((field) => [field.field, field[side]])) }
}

/** @param saw notes who asked */
export const memorySync = (
  saw: (caller: Caller) => string,
): { sync: MemorySync; services: Pick<Services, 'sync' | 'conflicts'> } => {
  const sync: MemorySync = { status: null, pending: [], conflicts: [], triggered: [], resolved: [] }
  const none = withoutSync('The cluster database is a file of this machine: there is nothing to sync.', {
    interval: 60,
    tables: ['Tasks', 'Task_Schedule', 'Nodes'],
  })
  const told = ({ openConflicts, ...status }: SyncStatus): SyncStatus => ({
    ...status,
    openConflicts:
      openConflicts === null ? null : sync.conflicts.filter(({ resolvedAt }) => resolvedAt === null).length,
    nodes: status.nodes.map((node) => (node.isSelf ? { ...node, pending: sync.pending.length } : node)),
  })
  const conflictBy = (id: string): Conflict =>
    must(
      sync.conflicts.find(({ conflictId }) => conflictId === id),
      'conflict',
      id,
    )
  const services: Pick<Services, 'sync' | 'conflicts'> = {
    sync: {
      status: async (caller) => (saw(caller), sync.status ? told(sync.status) : none.status(caller)),
      trigger: async (caller, input) => {
        saw(caller)
        sync.triggered.push(input)
        return sync.status ? told(sync.status) : none.trigger(caller, input)
      },
      pending: async (caller) => (saw(caller), sync.pending),
      giveUp: async (caller, changeId) => {
        saw(caller)
        sync.pending = sync.pending.filter((edit) => edit.changeId !== changeId)
      },
    },
    conflicts: {
      list: async (caller, filter) => {
        saw(caller)
        if (sync.status?.fromReplica) throw new AppError('UNAVAILABLE', 'The cluster database is away.')
        return page(
          sync.conflicts.filter(({ resolvedAt }) => (resolvedAt !== null) === filter.resolved),
          filter,
        )
      },
      get: async (caller, id) => (saw(caller), conflictBy(id)),
      resolve: async (caller, input) => {
        const actor = saw(caller)
        const conflict = conflictBy(input.conflictId)
        sync.resolved.push(input)
        return Object.assign(conflict, {
          ...{ resolvedAt: NOW, resolvedBy: actor, resolution: input.take ?? 'merged' },
          current: recordAfter(conflict, input),
          version: conflict.version + 1,
        })
      },
    },
  }
  return { sync, services }
}
