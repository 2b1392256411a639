import type { TaskLock, TaskLockInput, TaskLockPatch } from '../../shared/domain/cluster.ts'
import { AppError } from '../../shared/domain/errors.ts'
import type { Database, Query, Tx } from '../data/db.ts'
import { lockCluster } from '../data/repos/locks.ts'
import {
  allLocks,
  deleteLock,
  findLock,
  insertLock,
  locksNamed,
  renameRunLocks,
  runsUnder,
  tasksWithLocks,
  updateLock,
  type LockFields,
  type LockRow,
  type LockUser,
} from '../data/repos/task-locks.ts'
import { newId } from '../platform/ids.ts'
import type { Caller } from './caller.ts'
import type { EventBus } from './events.ts'
import type { Services } from './services.ts'

/** Lock groups: rows that limit the runs of all tasks that name them. */

export interface LocksDeps {
  db: Database
  events: EventBus
  /** A higher limit lets waiting runs start. */
  wake: () => void
}

const naming = <T extends Pick<LockUser, 'limits'>>(users: readonly T[], lockName: string): T[] =>
  users.filter(({ limits }) => limits?.locks.includes(lockName))

const shown = async (db: Query, rows: readonly LockRow[]): Promise<TaskLock[]> => {
  const names = rows.map(({ lockName }) => lockName)
  const [claimed, tasks] = [await runsUnder(db, names), await tasksWithLocks(db)]
  return rows.map((row) => ({
    ...row,
    running: claimed.filter(({ lockName, runs }) => runs && lockName === row.lockName).length,
    tasks: naming(tasks, row.lockName).length,
  }))
}

export const createLocks = (deps: LocksDeps): Services['locks'] => {
  const { db } = deps
  const write = async (caller: Caller, work: (tx: Tx) => Promise<string>): Promise<TaskLock> => {
    const lockId = await writeOnly(caller, work)
    const [lock] = await shown(db.read, [await lockOr404(db.read, lockId)])
    if (!lock) throw new Error('one row is one lock group')
    return lock
  }
  const writeOnly = async (caller: Caller, work: (tx: Tx) => Promise<string>): Promise<string> => {
    const lockId = await db.write({ actor: caller.actor, reason: caller.reason }, async (tx) => {
      // Tasks that name it are written by nobody meanwhile.
      await lockCluster(tx)
      return work(tx)
    })
    deps.events.emit({ type: 'cluster.changed', id: lockId })
    deps.wake()
    return lockId
  }
  return {
    list: async () => shown(db.read, await allLocks(db.read)),
    create: (caller, input: TaskLockInput) =>
      write(caller, async (tx) => {
        await refuseTaken(tx, input.lockName)
        const row = { ...input, lockId: newId(), version: 1 }
        await insertLock(tx, row)
        return row.lockId
      }),
    update: (caller, lockId, patch: TaskLockPatch) =>
      write(caller, async (tx) => {
        await changeLock(tx, await lockOr404(tx, lockId), patch)
        return lockId
      }),
    remove: async (caller, lockId) => {
      await writeOnly(caller, async (tx) => {
        await removeLock(tx, await lockOr404(tx, lockId))
        return lockId
      })
    },
  }
}

/** @throws AppError NOT_FOUND */
const lockOr404 = async (db: Query, lockId: string): Promise<LockRow> => {
  const row = await findLock(db, lockId)
  if (!row) throw new AppError('NOT_FOUND', `There is no lock group ${lockId}.`)
  return row
}

/** @throws AppError CONFLICT */
export const refuseTaken = async (tx: Tx, lockName: string): Promise<void> => {
  if ((await locksNamed(tx, [lockName])).length === 0) return
  const message = `there is a lock group "${lockName}" already; choose another name`
  throw new AppError('CONFLICT', `lockName: ${message}`, { issues: [{ path: ['lockName'], message }] })
}

const NAMED = 3

/** Tasks keep the name as text: taken away or renamed, it would come back as a new group at their next edit. */
const refuseNamed = async (tx: Tx, { lockName }: LockRow, what: string): Promise<void> => {
  const users = naming(await tasksWithLocks(tx), lockName)
  if (users.length === 0) return
  const names = users.slice(0, NAMED).map(({ taskName }) => taskName)
  const more = users.length > NAMED ? ` and ${users.length - NAMED} more` : ''
  throw new AppError(
    'CONFLICT',
    `Lock group "${lockName}" cannot be ${what}: ${names.join(', ')}${more} name it (limits.locks). Take it out of them first.`,
    { data: { taskIds: users.map(({ taskId }) => taskId) } },
  )
}

/** Writes what differs; the limit may be changed at any time, the name only while no task has it. */
export const changeLock = async (tx: Tx, row: LockRow, patch: LockFields): Promise<void> => {
  const given = Object.entries(patch).filter(
    ([field, value]) => value !== undefined && value !== row[field as keyof LockRow],
  )
  const fields: LockFields = Object.fromEntries(given)
  if (given.length === 0) return
  if (typeof fields.lockName === 'string') {
    await refuseNamed(tx, row, 'renamed')
    await refuseTaken(tx, fields.lockName)
    // What was claimed under it goes on.
    await renameRunLocks(tx, row.lockName, fields.lockName)
  }
  await updateLock(tx, row.lockId, { ...fields, version: row.version + 1 })
}

/** @throws AppError CONFLICT while tasks name it */
export const removeLock = async (tx: Tx, row: LockRow): Promise<void> => {
  await refuseNamed(tx, row, 'deleted')
  await deleteLock(tx, row.lockId)
}
