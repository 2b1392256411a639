import { existsSync } from 'node:fs'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import type { Replica, ReplicaOptions } from '../../src/main/data/replica/open-replica.ts'
import { findTask } from '../../src/main/data/repos/tasks.ts'
import { systemClock, type Clock } from '../../src/main/platform/clock.ts'
import { newId } from '../../src/main/platform/ids.ts'
import { pullChanges, type PullResult } from '../../src/main/services/sync/pull.ts'
import { pushEdits, type PushResult } from '../../src/main/services/sync/push.ts'
import { createInTx, removeInTx, updateInTx, type SaveContext } from '../../src/main/services/tasks/save.ts'
import { taskInputSchema, type TaskPatch } from '../../src/shared/domain/task.ts'
import type { ConflictPolicy } from '../../src/shared/domain/sync.ts'
import { tempDir } from '../support/node.ts'
import { openReplicaAt, PLAIN_SECRETS, syncDeps } from '../support/sync-parts.ts'

export { PLAIN_SECRETS, SYNCED } from '../support/sync-parts.ts'

/** One node as table sync sees it: the cluster database, a replica of its own, and edits made on either. */
export interface SyncNode {
  nodeId: string
  path: string
  replica: Replica
  /** @param asked why everything is to be read anew */
  pull(asked?: string): Promise<PullResult>
  push(): Promise<PushResult>
  /** Push, then pull. */
  round(): Promise<PullResult>
  /** Else it ends with the test. */
  close(): Promise<void>
}

export interface SyncNodeOptions {
  nodeId?: string
  policy?: ConflictPolicy
  clock?: Clock
  tables?: readonly string[]
  path?: string
  /** Another program than this one. */
  program?: Pick<ReplicaOptions, 'steps'> & { programVersion?: string }
  /** Stands between sync and the replica. */
  wrap?: (db: OpenDatabase) => OpenDatabase
}

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

let template: Promise<string> | null = null

/** A replica that has never followed anything: made once, since its schema takes longer than many edits. */
const emptyReplica = (): Promise<string> =>
  (template ??= (async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'pswebhost-replica-')), 'pswebhost.db')
    const { db } = await openReplicaAt({
      ...{ path, nodeId: newId(), clock: systemClock, programVersion: '0.1.0' },
    })
    await db.close()
    return path
  })())

afterAll(async () => {
  if (template) await rm(dirname(await template), { recursive: true, force: true })
  template = null
})

export const openSyncNode = async (
  centre: OpenDatabase,
  options: SyncNodeOptions = {},
): Promise<SyncNode> => {
  const { nodeId = newId(), clock = systemClock, program = {} } = options
  const path = options.path ?? join(await tempDir(), 'pswebhost.db')
  if (!existsSync(path)) await copyFile(await emptyReplica(), path)
  const replica = await openReplicaAt({ path, nodeId, clock, programVersion: '0.1.0', ...program })
  let isClosed = false
  const close = async (): Promise<void> => {
    if (!isClosed) await replica.db.close()
    isClosed = true
  }
  opened.push(close)
  const signal = new AbortController().signal
  const db = options.wrap?.(replica.db) ?? replica.db
  const schemaVersion = program.steps?.length
  const deps = syncDeps({
    ...{ ...options, centre, db, observe: replica.observe, nodeId, clock },
    ...(schemaVersion === undefined ? {} : { schemaVersion }),
  })
  const pull = (asked?: string) => pullChanges(deps, signal, asked)
  const push = () => pushEdits(deps, signal)
  return {
    ...{ nodeId, path, replica, pull, push, close },
    round: async () => {
      await push()
      return pull()
    },
  }
}

/** A task as a person types it. */
export const newTask = (taskName: string, fields: object = {}) => ({
  ...taskInputSchema.parse({ taskName, scriptPath: 'job.sh', ...fields }),
  timeZone: 'UTC',
})

/** Edits of a person, in the cluster database or on a replica, by the rules of the tasks service. */
export const editsIn = (db: OpenDatabase, actor = 'local:ann') => {
  const within = <T>(work: (context: SaveContext) => Promise<T>): Promise<T> =>
    db.write({ actor }, async (tx) => work({ tx, actor, now: await db.now(), secrets: PLAIN_SECRETS }))
  const existing = async ({ tx }: SaveContext, taskId: string) => {
    const row = await findTask(tx, taskId)
    if (!row) throw new Error(`no task ${taskId}`)
    return row
  }
  return {
    /** Several edits in one transaction. */
    within,
    create: async (taskName: string, fields: object = {}): Promise<string> => {
      const row = await within((context) => createInTx(context, newTask(taskName, fields)))
      return row.taskId
    },
    update: async (taskId: string, patch: TaskPatch): Promise<void> => {
      await within(async (context) => updateInTx(context, await existing(context, taskId), patch))
    },
    remove: (taskId: string): Promise<void> =>
      within(async (context) => removeInTx(context, await existing(context, taskId))),
  }
}

/** What a database holds of the tables that travel, in one order; the state of schedule rows left out. */
export const heldBy = async (db: OpenDatabase) => ({
  tasks: await db.read.selectFrom('Tasks').selectAll().orderBy('taskId').execute(),
  rows: await db.read
    .selectFrom('Task_Schedule')
    .select(['scheduleId', 'taskId', 'nodeId'])
    .orderBy('scheduleId')
    .execute(),
})

/** The log from a number on, without LocalSeq, which is each database's own; `limit` for a page of it. */
export const logOf = async (db: OpenDatabase, after = 0, limit = 1_000_000) => {
  const rows = await db.read
    .selectFrom('Data_Change')
    .selectAll()
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute()
  return rows.map(({ localSeq: _, oldData, newData, ...row }) => ({
    ...row,
    oldData: oldData && Buffer.from(oldData).toString('hex'),
    newData: newData && Buffer.from(newData).toString('hex'),
  }))
}
