import { sql, type Kysely } from 'kysely'
import { describe, expect, it, onTestFinished } from 'vitest'
import { capturedTables } from '../../src/main/data/capture.ts'
import { knownColumns } from '../../src/main/data/columns.ts'
import { readImage } from '../../src/main/data/images.ts'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { steps } from '../../src/main/data/migrations/index.ts'
import { optional, required, type SchemaStep } from '../../src/main/data/migrations/schema-step.ts'
import { createDatabase, type DatabaseOptions } from '../../src/main/data/orm.ts'
import { findCursor } from '../../src/main/data/replica/cursor.ts'
import { countPending } from '../../src/main/data/replica/pending.ts'
import { findTask } from '../../src/main/data/repos/tasks.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { newId } from '../../src/main/platform/ids.ts'
import { createTurn } from '../../src/main/services/engine/turn.ts'
import { createRounds, type Rounds } from '../../src/main/services/sync/rounds.ts'
import { databaseOptions, serverDatabases } from '../support/databases.ts'
import { syncDeps } from '../support/sync-parts.ts'
import { editsIn, heldBy, logOf, openSyncNode, type SyncNode } from './sync-node.ts'

/** Nodes of two schema versions on one cluster database: this program's, and one that will be. */

const NOW = steps.length

/** A step of a later version; the column of `Tasks` that it brings too is added by `migrate` below. */
const next: SchemaStep = {
  name: '9999_next',
  minProgram: '0.1.0',
  up: (schema) =>
    schema.table('Extra', { ExtraID: required('key'), Note: optional('longText') }, ['ExtraID']),
}
const NEWER = { steps: [...steps, next], programVersion: '0.2.0' }

/** With the column that a newer program's triggers log. */
const newerTables = () =>
  capturedTables().map((table) =>
    table.name === 'Tasks'
      ? {
          ...table,
          columns: [
            ...table.columns,
            { property: 'extra', column: 'Extra', kind: 'text' as const, primary: false },
          ],
        }
      : table,
  )

/** What the newer program does to the schema: its step, a column, and triggers that log it. */
const migrate = (db: OpenDatabase): Promise<void> =>
  db.orm.em.fork().transactional(async (em) => {
    // Of a column that this program's entities do not have.
    const tx = em.getKysely<Record<string, never>>() as unknown as Kysely<Record<string, object>>
    await tx.schema.alterTable('Tasks').addColumn('Extra', 'varchar(200)').execute()
    const found = (await db.dialect.installedObjects(tx)) ?? []
    for (const { drop } of found.toReversed()) await sql.raw(drop).execute(tx)
    for (const { create } of db.dialect.captureObjects(newerTables(), NOW + 1))
      for (const statement of create) await sql.raw(statement).execute(tx)
  })

const roundsOf = (node: SyncNode, centre: OpenDatabase): Rounds => {
  const { nodeId } = node
  const { db, observe } = { db: node.replica.db, observe: node.replica.observe }
  return createRounds({
    ...syncDeps({ centre, db, observe, nodeId, clock: systemClock }),
    ...{ leaseMs: 30_000, runsBackMs: 86_400_000, turn: createTurn(), log: silent },
    ...{ asOf: null, onPushed: () => {}, onPulled: () => {}, onProgress: () => {} },
  })
}

/** Without the column that this program does not know. */
const heldHere = async (db: OpenDatabase): ReturnType<typeof heldBy> => {
  const { tasks, rows } = await heldBy(db)
  return { tasks: tasks.map((task) => knownColumns('Tasks', task)), rows }
}

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, fatal() {} } as never

describe.each(serverDatabases())('$name: two schema versions', ({ placeWithSchema }) => {
  const cluster = async () => {
    const config = await placeWithSchema()
    const start = async (options: Partial<DatabaseOptions> = {}): Promise<OpenDatabase> => {
      const db = await createDatabase({ ...databaseOptions(config), ...options })
      onTestFinished(() => db.close())
      return db
    }
    const upgrade = async (): Promise<OpenDatabase> => {
      const newer = await start({ ...NEWER, migrate: true })
      await migrate(newer)
      return newer
    }
    const centre = await start()
    return { centre, start, upgrade }
  }
  const extraOf = async (db: OpenDatabase, taskId: string): Promise<unknown> => {
    const { rows } = await sql<{ extra: unknown }>`
      select ${sql.ref('Extra')} as extra from ${sql.table('Tasks')}
      where ${sql.ref('TaskID')} = ${taskId}`.execute(db.orm.em.fork().getKysely())
    return rows[0]?.extra
  }
  const setExtra = (db: OpenDatabase, taskId: string, value: string): Promise<unknown> =>
    db.write({ actor: 'local:newer' }, (tx) =>
      sql`update ${sql.table('Tasks')} set ${sql.ref('Extra')} = ${value}
        where ${sql.ref('TaskID')} = ${taskId}`.execute(tx),
    )

  it('an older replica stays where the newer changes begin, says so, and goes on with the newer program', async () => {
    const { centre, upgrade } = await cluster()
    const taskId = await editsIn(centre).create('shared', { priority: 1 })
    const node = await openSyncNode(centre)
    await node.pull()
    const { seq: began = 0 } = (await findCursor(node.replica.db.look, node.nodeId)) ?? {}
    await editsIn(centre).update(taskId, { priority: 2 })
    const newer = await upgrade()
    await setExtra(newer, taskId, 'new')
    await editsIn(newer).create('newer')
    await editsIn(node.replica.db).update(taskId, { description: 'waits' })

    const needs = `schema version ${NOW + 1}, and this program knows ${NOW}`
    await expect(node.pull()).rejects.toMatchObject({
      ...{ code: 'CONFLICT', message: expect.stringContaining(needs) as string },
    })
    // It has what was made before, goes on answering, and keeps what waits.
    const held = await findTask(node.replica.db.look, taskId)
    expect(held).toMatchObject({ priority: 2 })
    expect(await countPending(node.replica.db.look)).toBe(1)
    const rounds = roundsOf(node, centre)
    const hold = { holdId: newId(), heldAt: new Date(systemClock.now()).toISOString(), reason: 'fire' }
    await newer.write({ actor: 'test' }, (tx) => tx.insertInto('Cluster_Hold').values(hold).execute())
    await expect(rounds.run()).rejects.toMatchObject({ code: 'CONFLICT' })
    // What is as it is now comes all the same.
    const holds = await node.replica.db.read.selectFrom('Cluster_Hold').select('reason').execute()
    expect(holds).toEqual([{ reason: 'fire' }])
    expect(rounds.state().lastError).toContain(needs)
    expect(await findCursor(centre.look, node.nodeId)).toMatchObject({
      ...{ schemaVersion: NOW, lastError: expect.stringContaining(needs) as string },
    })
    await node.close()

    const upgraded = await openSyncNode(newer, { nodeId: node.nodeId, path: node.path, program: NEWER })
    expect(upgraded.replica.db.started).toMatchObject({ applied: ['9999_next'] })
    expect(upgraded.replica.db.started.backup).toContain(node.path)
    expect((await upgraded.round()).bootstrapped).toBeNull()
    expect(await heldBy(upgraded.replica.db)).toEqual(await heldHere(centre))
    expect(await logOf(upgraded.replica.db, began)).toEqual(await logOf(centre, began))
    expect(await findCursor(upgraded.replica.db.look, node.nodeId)).toMatchObject({ schemaVersion: NOW + 1 })
  })

  it('an edit of the older program loses nothing of the newer one', async () => {
    const { centre, upgrade } = await cluster()
    const taskId = await editsIn(centre).create('shared', { priority: 1 })
    const node = await openSyncNode(centre)
    await node.pull()
    await editsIn(node.replica.db).update(taskId, { priority: 7 })
    const newer = await upgrade()
    await setExtra(newer, taskId, 'new')
    expect((await node.push()).delivered).toMatchObject([{ outcome: 'Accepted' }])
    expect(await countPending(node.replica.db.look)).toBe(0)
    expect((await findTask(centre.look, taskId))?.priority).toBe(7)
    expect(await extraOf(newer, taskId)).toBe('new')
    const log = await newer.read.selectFrom('Data_Change').selectAll().orderBy('localSeq').execute()
    const last = readImage('Tasks', log.at(-1)?.newData ?? new Uint8Array())
    expect(last).toMatchObject({ ok: true, image: { Extra: 'new', priority: 7 } })
    expect((await findTask(node.replica.db.look, taskId))?.priority).toBe(7)
  })

  it('what the older program read of the newer schema is read anew by the newer program', async () => {
    const { centre, upgrade } = await cluster()
    const taskId = await editsIn(centre).create('shared', { priority: 1 })
    const newer = await upgrade()
    await setExtra(newer, taskId, 'new')
    const node = await openSyncNode(centre)
    await node.pull()
    await node.close()
    const upgraded = await openSyncNode(newer, { nodeId: node.nodeId, path: node.path, program: NEWER })
    expect((await upgraded.pull()).bootstrapped).toBe(
      `an older program had filled it, which knew schema version ${NOW} only`,
    )
    expect(await upgraded.pull()).toEqual({ applied: 0, bootstrapped: null })
    expect(await heldBy(upgraded.replica.db)).toEqual(await heldHere(centre))
  })

  it('a newer program follows and edits a database that was not migrated yet', async () => {
    const { centre, start } = await cluster()
    const taskId = await editsIn(centre).create('shared', { priority: 1 })
    const ahead = await start(NEWER)
    expect(ahead.schemaVersion).toBe(NOW)
    const node = await openSyncNode(ahead, { program: NEWER })
    await node.round()
    await editsIn(node.replica.db).update(taskId, { priority: 2 })
    await editsIn(centre, 'local:bob').update(taskId, { description: 'theirs' })
    expect((await node.push()).delivered).toMatchObject([{ outcome: 'Merged' }])
    await node.pull()
    expect(await findTask(centre.look, taskId)).toMatchObject({ priority: 2, description: 'theirs' })
    expect(await heldBy(node.replica.db)).toEqual(await heldHere(centre))
  })
})
