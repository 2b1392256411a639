import { randomBytes } from 'node:crypto'
import { copyDatabase, type CopyOptions } from '../../src/main/data/copy.ts'
import type { OpenDatabase, Tx } from '../../src/main/data/db.ts'
import type { DatabaseConfig } from '../../src/main/data/dialects/dialect.ts'
import { createDatabase } from '../../src/main/data/orm.ts'
import { listChanges } from '../../src/main/data/repos/changes.ts'
import { numberChanges } from '../../src/main/data/sequencer.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { newId } from '../../src/main/platform/ids.ts'
import { changeFilterSchema } from '../../src/shared/domain/change.ts'
import { databaseOptions, type TestDatabases } from '../support/databases.ts'
import { nodeRow, runRow, scheduleRow, taskRow, tokenRow } from './rows.ts'

export const ROOT = { actor: 'local:root' }
const AT = '2026-03-01T08:00:00.000Z'

/** What databases keep differently if anything: letters, quotes, backslashes, blanks at the end, empty and NULL. */
const TEXTS = [
  'Grüße, 你好, 👩‍👩‍👧 Zoë',
  `it's "quoted" \`and\` \\escaped\\ $1 ? :x @y`,
  'two\nlines\tand a tab ',
  '',
  'İi ſs',
]

/** A value as the program seals it: ciphertext under the id of a key. */
const SEALED = { token: { sealed: `k1:${randomBytes(60).toString('base64')}` } }

/** Rows in every table, of each kind that there is; on a server the last changes have no number yet. */
export const fill = async (db: OpenDatabase): Promise<void> => {
  await db.write({ actor: 'token:ci', reason: 'Jörg’s 👍', origin: 'revert:x' }, async (tx) => {
    for (const [index, text] of TEXTS.entries()) {
      const task = taskRow({
        ...{ taskName: `${index} ${text}`, description: text, appName: text, enabled: index % 2 === 0 },
        ...{ parameters: { ...SEALED, text }, environment: { [text]: text }, limits: null },
        ...{ schedule: index ? { type: 'cron', cron: '@daily' } : '*/5 * * * *', scriptPath: text },
      })
      await tx.insertInto('Tasks').values(task).execute()
      const schedule = scheduleRow({ taskId: task.taskId, nextRun: index ? AT : null, isRunning: true })
      await tx.insertInto('Task_Schedule').values(schedule).execute()
    }
    await tx
      .insertInto('Nodes')
      .values([nodeRow(), nodeRow({ nodeName: 'Ñode', port: 8443 })])
      .execute()
    await tx
      .insertInto('Api_Token')
      .values(tokenRow({ tokenName: TEXTS[1] ?? '' }))
      .execute()
  })
  await db.write(ROOT, async (tx) => {
    const outputs = [null, Buffer.alloc(0), Buffer.from([0, 255, 39, 92, 10]), randomBytes(2_000_000)]
    for (const [index, output] of outputs.entries()) {
      const run = runRow({ output, error: TEXTS[index] ?? null, outputBytes: output?.length ?? null })
      await tx.insertInto('Task_History').values(run).execute()
    }
    const key = { keyId: newId(), createdAt: AT, wrapped: randomBytes(80).toString('base64') }
    const keys = [newId(), newId(), newId()].map((nodeId) => ({ ...key, nodeId }))
    await tx.insertInto('Cluster_Key').values(keys).execute()
    await fillClusterTables(tx)
    await fillSyncTables(tx)
    await fillFailureTables(tx)
  })
  await numberChanges(db)
  await db.write(ROOT, (tx) => tx.updateTable('Tasks').set({ priority: 7 }).execute())
  await db.write(ROOT, (tx) => tx.deleteFrom('Tasks').where('enabled', '=', false).execute())
}

const fillClusterTables = async (tx: Tx): Promise<void> => {
  await tx
    .insertInto('Node_State')
    .values({ nodeId: newId(), clockOffset: -7, addresses: ['10.0.0.1'], drainingReason: TEXTS[1] ?? '' })
    .execute()
  const joinToken = { joinTokenId: newId(), tokenHash: newId(), createdAt: AT, expiresAt: AT }
  await tx.insertInto('Join_Token').values(joinToken).execute()
  const lock = { lockId: newId(), lockName: TEXTS[0] ?? '', maxConcurrent: 2, version: 1 }
  await tx.insertInto('Task_Lock').values(lock).execute()
  await tx.insertInto('Run_Lock').values({ lockName: lock.lockName, historyId: newId() }).execute()
  await tx.insertInto('Output_Follower').values({ historyId: newId(), followUntil: AT }).execute()
  const chunk = { historyId: newId(), position: 5_000_000_000, chunk: Buffer.from([0, 255]), createdAt: AT }
  await tx.insertInto('Task_Output').values(chunk).execute()
  await tx
    .insertInto('Cluster_Hold')
    .values({ holdId: newId(), heldAt: AT, reason: TEXTS[4] ?? '' })
    .execute()
}

const fillFailureTables = async (tx: Tx): Promise<void> => {
  const [taskId, historyId, webhookId] = [newId(), newId(), newId()]
  await tx
    .insertInto('Task_Failure')
    .values({
      ...{
        failureId: newId(),
        taskId,
        taskName: TEXTS[0] ?? '',
        firstAt: AT,
        firstHistoryId: historyId,
        failingSince: AT,
        lastAt: AT,
        lastScheduledFor: AT,
      },
      ...{ lastHistoryId: historyId, lastState: 'Lost', failureCount: 3, note: TEXTS[1] ?? '' },
      ...{ updatedAt: AT, version: 1 },
    })
    .execute()
  await tx
    .insertInto('Webhook')
    .values({
      ...{ webhookId, webhookName: TEXTS[0] ?? '', origin: 'https://host', url: { $sealed: 'y' } },
      ...{ secret: { $sealed: 'x' }, failures: 3, pausedUntil: AT, disabledReason: TEXTS[0] ?? '' },
      ...{
        enabled: true,
        onFailure: true,
        onRecovery: false,
        repeats: false,
        apps: [TEXTS[1] ?? ''],
        tags: [],
      },
      ...{ createdAt: AT, version: 1 },
    })
    .execute()
  const data = { clusterId: '', taskId, taskName: TEXTS[2] ?? '', appName: null, nodeId: null, historyId }
  const how = {
    state: 'Lost',
    error: TEXTS[1] ?? '',
    exitCode: null,
    failureCount: 3,
    failingSince: AT,
  } as const
  await tx
    .insertInto('Webhook_Call')
    .values({
      ...{ callId: newId(), webhookId, event: 'failure', state: 'Waiting', createdAt: AT, notBefore: AT },
      ...{ firstTriedAt: AT },
      ...{ attempts: 2, body: { type: 'failure', timestamp: AT, data: { ...data, ...how } } },
    })
    .execute()
}

const fillSyncTables = async (tx: Tx): Promise<void> => {
  const ids = { changeId: newId(), nodeId: newId(), transactionId: newId() }
  const place = { seq: 5_000_000_000, schemaVersion: 5, databaseId: newId(), updatedAt: AT }
  const { changeId, nodeId } = ids
  await tx
    .insertInto('Sync_Cursor')
    .values({ ...place, changeId, nodeId, waiting: 3, lastError: TEXTS[1] ?? '' })
    .execute()
  const hlc = '000001773648000000-000001-n'
  const pending = { ...ids, tableName: 'Tasks', recordId: newId(), action: 'UPDATE' as const, changedAt: AT }
  const images = { oldData: Buffer.from([0, 255]), newData: Buffer.alloc(0), schemaVersion: 5 }
  await tx
    .insertInto('Sync_Pending')
    .values({ ...pending, ...images, hlc, problem: TEXTS[2] ?? '' })
    .execute()
  await tx.insertInto('Sync_Run').values({ historyId: newId(), createdAt: AT }).execute()
  await tx
    .insertInto('Sync_Applied')
    .values({ ...ids, hlc, outcome: 'Merged', appliedAt: AT })
    .execute()
  const { recordId, tableName } = pending
  const conflict = { conflictId: newId(), changeId, nodeId, tableName, recordId, recordName: TEXTS[0] ?? '' }
  const values = { base: 1, mine: { text: TEXTS[1] ?? '' }, theirs: null }
  await tx
    .insertInto('Sync_Conflict')
    .values({
      ...{ ...conflict, kind: 'Edit', changedAt: AT, policy: 'manual', detectedAt: AT, version: 1 },
      fields: [{ field: 'priority', ...values, taken: 'theirs' }],
    })
    .execute()
  const block = { fromSeq: 1, toSeq: 2, changeCount: 2, digest: 'f'.repeat(64), sealedAt: AT }
  await tx.insertInto('Change_Seal').values(block).execute()
}

/** Runs whose outputs are large: few of them make a batch. */
export const fillRuns = async (db: OpenDatabase, count: number): Promise<string[]> => {
  const ids: string[] = []
  for (let index = 0; index < count; index += 1) {
    const run = runRow({ output: randomBytes(1_500_000) })
    ids.push(run.historyId)
    await db.write(ROOT, (tx) => tx.insertInto('Task_History').values(run).execute())
  }
  return ids
}

/** Opened for each step, as a node does it: nothing is remembered in between. */
export const opened = async <T>(
  config: DatabaseConfig,
  work: (db: OpenDatabase) => Promise<T>,
  forCopy = false,
): Promise<T> => {
  const db = await createDatabase({ ...databaseOptions(config), forCopy })
  try {
    return await work(db)
  } finally {
    await db.close()
  }
}

type Extras = Partial<Pick<CopyOptions, 'onProgress' | 'signal'>>

export const copyInto = (source: OpenDatabase, config: DatabaseConfig, extras: Extras = {}) =>
  opened(
    config,
    (target) =>
      copyDatabase({
        ...{ source, target, clock: systemClock, onProgress: () => {} },
        ...{ signal: new AbortController().signal, ...extras },
      }),
    true,
  )

/** A database with rows in every table. */
export const filled = async ({ open }: TestDatabases): Promise<OpenDatabase> => {
  const db = await open()
  await fill(db)
  return db
}

/** The newest hundred changes. */
export const changesIn = (db: OpenDatabase) => listChanges(db.read, changeFilterSchema.parse({ limit: 100 }))
