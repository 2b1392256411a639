import { existsSync } from 'node:fs'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach } from 'vitest'
import { steps } from '../../src/main/data/migrations/index.ts'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { openReplica, type Replica } from '../../src/main/data/replica/open-replica.ts'
import { findTask } from '../../src/main/data/repos/tasks.ts'
import { systemClock, type Clock } from '../../src/main/platform/clock.ts'
import { newId } from '../../src/main/platform/ids.ts'
import { pullChanges, type PullResult } from '../../src/main/services/sync/pull.ts'
import { pushEdits, type PushResult } from '../../src/main/services/sync/push.ts'
import { createInTx, removeInTx, updateInTx, type SaveContext } from '../../src/main/services/tasks/save.ts'
import { taskInputSchema, type TaskPatch } from '../../src/shared/domain/task.ts'
import type { ConflictPolicy } from '../../src/shared/domain/sync.ts'
import { READER_ENTRY } from '../support/databases.ts'
import { tempDir } from '../support/node.ts'

/** One node as table sync sees it: the cluster database, a replica of its own, and edits made on either. */
export interface SyncNode {
  nodeId: string
  replica: Replica
  pull(): Promise<PullResult>
  push(): Promise<PushResult>
  /** Push, then pull. */
  round(): Promise<void>
}

export const SYNCED = ['Tasks', 'Task_Schedule', 'Nodes']

export const PLAIN_SECRETS: SaveContext['secrets'] = { sealValues: (_field, values) => values }

export interface SyncNodeOptions {
  nodeId?: string
  policy?: ConflictPolicy
  clock?: Clock
  tables?: readonly string[]
  path?: string
  /** Stands between sync and the replica. */
  wrap?: (db: OpenDatabase) => OpenDatabase
}

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

const openAt = (path: string, nodeId: string, clock: Clock): Promise<Replica> =>
  openReplica({
    ...{ path, nodeId, clock, readerEntry: READER_ENTRY, programVersion: '0.1.0' },
    ...{ compressionLevel: 6, timeoutSeconds: 5 },
  })

let template: Promise<string> | null = null

/** A replica that has never followed anything: made once, since its schema takes longer than many edits. */
const emptyReplica = (): Promise<string> =>
  (template ??= (async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'pswebhost-replica-')), 'pswebhost.db')
    const { db } = await openAt(path, newId(), systemClock)
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
  const { nodeId = newId(), policy = 'newer', clock = systemClock, tables = SYNCED } = options
  const path = options.path ?? join(await tempDir(), 'pswebhost.db')
  if (!existsSync(path)) await copyFile(await emptyReplica(), path)
  const replica = await openAt(path, nodeId, clock)
  opened.push(() => replica.db.close())
  const signal = new AbortController().signal
  const deps = {
    ...{ centre, replica: options.wrap?.(replica.db) ?? replica.db, nodeId, tables, clock },
    observe: replica.observe,
    ...{ schemaVersion: steps.length, onProgress: () => {}, secrets: PLAIN_SECRETS },
    policyOf: () => policy,
  }
  const pull = () => pullChanges(deps, signal)
  const push = () => pushEdits(deps, signal)
  return {
    ...{ nodeId, replica, pull, push },
    round: async () => {
      await push()
      await pull()
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
