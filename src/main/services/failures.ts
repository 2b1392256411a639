import type { Page } from '../../shared/domain/fields.ts'
import type {
  AcknowledgeInput,
  AcknowledgeMany,
  Failure,
  FailureCounts,
  FailureFilter,
} from '../../shared/domain/failure.ts'
import { AppError } from '../../shared/domain/errors.ts'
import type { Database, Tx } from '../data/db.ts'
import { hasFailureTables, requireFailureTables } from '../data/failure-tables.ts'
import {
  countFailures,
  findFailure,
  listFailures,
  lockFailures,
  updateFailure,
  updateFailures,
  type FailureFields,
  type FailureRow,
} from '../data/repos/failures.ts'
import type { Caller } from './caller.ts'
import type { EventBus } from './events.ts'

/** The inbox of failures: what fails since when, and who has seen it. */
export interface Failures {
  list(caller: Caller, filter: FailureFilter): Promise<Page<Failure>>
  counts(caller: Caller): Promise<FailureCounts>
  get(caller: Caller, failureId: string): Promise<Failure>
  /** Done once more by somebody else: the later note stands. @throws AppError NOT_FOUND */
  acknowledge(caller: Caller, input: AcknowledgeInput): Promise<Failure>
  /** Those that are there and that nobody has acknowledged; answers which. */
  acknowledgeMany(caller: Caller, input: AcknowledgeMany): Promise<string[]>
  /** Takes an acknowledgement back. */
  reopen(caller: Caller, failureId: string): Promise<Failure>
}

export interface FailuresDeps {
  db: Database
  events: EventBus
}

export const createFailures = (deps: FailuresDeps): Failures => {
  const { db } = deps
  return {
    list: async (_caller, filter) => {
      if (!hasFailureTables(db)) return { items: [], nextCursor: null }
      const page = await listFailures(db.read, filter)
      return { items: page.items.map(toFailure), nextCursor: page.nextCursor }
    },
    counts: async () => {
      if (!hasFailureTables(db)) return { open: 0, failing: 0, acknowledgedToday: 0 }
      const midnight = `${(await db.now()).slice(0, 10)}T00:00:00.000Z`
      const { open, failing, acknowledged } = await countFailures(db.read, midnight)
      return { open, failing, acknowledgedToday: acknowledged }
    },
    get: async (_caller, failureId) => {
      requireFailureTables(db, 'failures')
      return toFailure(found(await findFailure(db.read, failureId), failureId))
    },
    acknowledge: (caller, { failureId, note }) =>
      change(deps, caller, failureId, (now) => ({
        ...{ acknowledgedAt: now, acknowledgedBy: caller.actor, note },
      })),
    acknowledgeMany: (caller, input) => acknowledgeMany(deps, caller, input),
    reopen: (caller, failureId) =>
      change(deps, caller, failureId, () => ({ acknowledgedAt: null, acknowledgedBy: null, note: null })),
  }
}

const write = async <T>(
  { db }: FailuresDeps,
  caller: Caller,
  work: (tx: Tx, now: string) => Promise<T>,
): Promise<T> => {
  requireFailureTables(db, 'failures')
  return db.write({ actor: caller.actor, reason: caller.reason }, async (tx) => work(tx, await db.now()))
}

const change = async (
  deps: FailuresDeps,
  caller: Caller,
  failureId: string,
  fieldsAt: (now: string) => FailureFields,
): Promise<Failure> => {
  const row = await write(deps, caller, async (tx, now) => {
    const [before] = await lockFailures(tx, [failureId])
    const fields = { ...fieldsAt(now), updatedAt: now, version: found(before, failureId).version + 1 }
    await updateFailure(tx, failureId, fields)
    return found(await findFailure(tx, failureId), failureId)
  })
  deps.events.emit({ type: 'failure.changed', id: failureId, taskId: row.taskId })
  return toFailure(row)
}

const acknowledgeMany = async (
  deps: FailuresDeps,
  caller: Caller,
  { failureIds, note }: AcknowledgeMany,
): Promise<string[]> => {
  const done = await write(deps, caller, async (tx, now) => {
    const open = (await lockFailures(tx, failureIds)).filter((row) => row.acknowledgedAt === null)
    const seen = { acknowledgedAt: now, acknowledgedBy: caller.actor, note, updatedAt: now }
    const ids = open.map(({ failureId }) => failureId)
    await updateFailures(tx, ids, seen)
    return ids
  })
  for (const id of done) deps.events.emit({ type: 'failure.changed', id })
  return done
}

/** @throws AppError NOT_FOUND */
const found = (row: FailureRow | undefined, failureId: string): FailureRow => {
  if (row) return row
  throw new AppError('NOT_FOUND', `There is no failure ${failureId}.`)
}

const toFailure = ({ updatedAt: _at, lastScheduledFor: _slot, ...row }: FailureRow): Failure => row
