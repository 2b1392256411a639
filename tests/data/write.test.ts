import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import type { Tx } from '../../src/main/data/db.ts'
import { databases, TEST_NODE_ID } from '../support/databases.ts'
import { nodeRow, runRow, taskRow, tokenRow } from './rows.ts'

const ROOT = { actor: 'local:root' }

describe.each(databases())('$name: writes', ({ open }) => {
  it('shows readers a write as soon as it has resolved', async () => {
    const db = await open()
    for (let i = 0; i < 20; i += 1) {
      await db.write(ROOT, (tx) => tx.insertInto('Task_History').values(runRow()).execute())
      const rows = await db.read.selectFrom('Task_History').select('historyId').execute()
      expect(rows).toHaveLength(i + 1)
    }
  })

  it('gives back booleans, JSON and bytes as they were written, to readers and in the transaction', async () => {
    const db = await open()
    const task = taskRow({ enabled: false, limits: null, schedule: { type: 'cron', cron: '@daily' } })
    const run = runRow({ output: Buffer.from([0, 255, 39, 92]), parameters: null })
    const inside = await db.write(ROOT, async (tx) => {
      await tx.insertInto('Tasks').values(task).execute()
      await tx.insertInto('Task_History').values(run).execute()
      return tx.selectFrom('Tasks').selectAll().executeTakeFirstOrThrow()
    })
    const outside = await db.read.selectFrom('Tasks').selectAll().executeTakeFirstOrThrow()
    expect(inside).toEqual(outside)
    expect(outside).toMatchObject({ ...task, description: null })
    const stored = await db.read
      .selectFrom('Task_History')
      .select(['output', 'parameters'])
      .executeTakeFirstOrThrow()
    expect([...(stored.output ?? [])]).toEqual([0, 255, 39, 92])
    expect(stored.parameters).toBeNull()
  })

  it('takes everything back when the work throws, and lets the next write in', async () => {
    const db = await open()
    const failing = db.write(ROOT, async (tx) => {
      await tx.insertInto('Tasks').values(taskRow()).execute()
      throw new Error('second thoughts')
    })
    await expect(failing).rejects.toThrow('second thoughts')
    await db.write(ROOT, (tx) => tx.insertInto('Nodes').values(nodeRow()).execute())
    expect(await db.read.selectFrom('Tasks').select('taskId').execute()).toEqual([])
    const changes = await db.read.selectFrom('Data_Change').select('tableName').execute()
    expect(changes).toEqual([{ tableName: 'Nodes' }])
  })

  it('names the author of every change under concurrent writes', async () => {
    const db = await open()
    const writers = Array.from({ length: 8 }, (_, i) => `token:${i}`)
    await Promise.all(
      writers.map(async (actor, i) => {
        await sleep(i % 3)
        await db.write({ actor, reason: `why ${actor}` }, async (tx) => {
          for (let n = 0; n < 3; n += 1) {
            await tx
              .insertInto('Api_Token')
              .values(tokenRow({ tokenName: actor }))
              .execute()
            await sleep(1)
          }
        })
      }),
    )
    const changes = await db.read
      .selectFrom('Data_Change as c')
      .innerJoin('Api_Token as t', 't.tokenId', 'c.recordId')
      .select(['c.changedBy', 'c.changeReason', 'c.nodeId', 'c.transactionId', 't.tokenName'])
      .execute()
    expect(changes).toHaveLength(24)
    for (const change of changes) {
      expect(change.changedBy).toBe(change.tokenName)
      expect(change.changeReason).toBe(`why ${change.tokenName}`)
      expect(change.nodeId).toBe(TEST_NODE_ID)
    }
    expect(new Set(changes.map((change) => change.transactionId)).size).toBe(8)
  })

  it('refuses a write inside a write instead of waiting for itself', async () => {
    const db = await open()
    const nested = db.write(ROOT, () => db.write(ROOT, async () => 'never'))
    await expect(nested).rejects.toThrow('write inside a write')
    expect(await db.write(ROOT, async () => 'next')).toBe('next')
  })

  it('lets work that a write left behind write on its own once the write has ended', async () => {
    const db = await open()
    let later: Promise<string> | undefined
    await db.write(ROOT, async () => {
      later = sleep(30).then(() => db.write({ actor: 'later' }, async () => 'done'))
    })
    expect(await later).toBe('done')
  })

  it('logs nothing for a statement that runs after its transaction has ended, and refuses it', async () => {
    const db = await open()
    let leaked: Tx | undefined
    await db.write(ROOT, async (tx) => {
      leaked = tx
    })
    await expect(leaked?.insertInto('Tasks').values(taskRow()).execute()).rejects.toThrow()
    expect(await db.read.selectFrom('Tasks').select('taskId').execute()).toEqual([])
  })

  it('lets no late statement of one write into the transaction of another', async () => {
    const db = await open()
    let leaked: Tx | undefined
    await db.write(ROOT, async (tx) => {
      leaked = tx
    })
    const late = () => leaked?.insertInto('Nodes').values(nodeRow()).execute()
    await db.write({ actor: 'other' }, async (tx) => {
      await tx.insertInto('Tasks').values(taskRow()).execute()
      await expect(late()).rejects.toThrow('after its transaction has ended')
    })
    expect(await db.read.selectFrom('Nodes').select('nodeId').execute()).toEqual([])
    expect(await db.read.selectFrom('Tasks').select('taskId').execute()).toHaveLength(1)
  })

  it('writes nothing when the work passes over a statement that failed', async () => {
    const db = await open()
    const task = taskRow()
    await db.write(ROOT, (tx) => tx.insertInto('Tasks').values(task).execute())
    const passing = db.write(ROOT, async (tx) => {
      await tx.insertInto('Nodes').values(nodeRow()).execute()
      const again = tx.insertInto('Tasks').values(task).execute()
      await expect(again).rejects.toMatchObject({ code: 'CONFLICT' })
      // Some servers have taken the transaction back by now, others have not: nothing is run in either.
      await expect(tx.insertInto('Task_History').values(runRow()).execute()).rejects.toThrow()
      return 'done'
    })
    await expect(passing).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await db.read.selectFrom('Nodes').select('nodeId').execute()).toEqual([])
    expect(await db.read.selectFrom('Task_History').select('historyId').execute()).toEqual([])
    expect(await db.write(ROOT, async () => 'next')).toBe('next')
  })

  it('answers a duplicate with CONFLICT naming what there is already', async () => {
    const db = await open()
    const insert = () => db.write(ROOT, (tx) => tx.insertInto('Tasks').values(taskRow()).execute())
    await insert()
    await expect(insert()).rejects.toMatchObject({
      code: 'CONFLICT',
      // Servers of MySQL's kind name the index only.
      message: expect.stringMatching(/with this (Tasks TaskName, Tasks AppName|tasks name)$/) as string,
    })
    // As often as it is tried: each failure gives the connection back as it was.
    for (let tries = 0; tries < 5; tries += 1)
      await expect(insert()).rejects.toMatchObject({ code: 'CONFLICT' })
    await db.write(ROOT, (tx) => tx.insertInto('Nodes').values(nodeRow()).execute())
    expect(await db.read.selectFrom('Nodes').select('nodeId').execute()).toHaveLength(1)
  })

  it('admits one run per schedule row, slot and attempt, and any number without a schedule row', async () => {
    const db = await open()
    const insert = (scheduleId: string | null, attempt: number) =>
      db.write(ROOT, (tx) => tx.insertInto('Task_History').values(runRow({ scheduleId, attempt })).execute())
    await insert('s1', 1)
    await insert('s1', 2)
    await insert(null, 1)
    await insert(null, 1)
    await expect(insert('s1', 1)).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('lets the main loop turn between the writes of a long row', async () => {
    const db = await open()
    let turns = 0
    const turning = setInterval(() => (turns += 1), 1)
    const until = performance.now() + 300
    while (performance.now() < until) await db.write(ROOT, async () => {})
    clearInterval(turning)
    expect(turns).toBeGreaterThan(4)
  })

  it('answers UNAVAILABLE after it was closed', async () => {
    const db = await open()
    await db.close()
    const closed = { code: 'UNAVAILABLE', message: 'the database is closed' }
    await expect(db.read.selectFrom('Tasks').selectAll().execute()).rejects.toMatchObject(closed)
    await expect(db.look.selectFrom('Tasks').selectAll().execute()).rejects.toMatchObject(closed)
    await expect(db.write(ROOT, async () => 'never')).rejects.toMatchObject(closed)
    await db.close()
  })
})

// The others check constraints at each statement.
const deferring = databases().filter(({ server }) => !server || server.type === 'PostgreSQL')

describe.each(deferring)('$name: writes', ({ open }) => {
  it('takes back a transaction whose commit fails, and lets the next write in', async () => {
    const db = await open()
    const failing = db.write(ROOT, async (tx) => {
      await sql`create table parent (id int primary key)`.execute(tx)
      await sql`create table child (p int references parent deferrable initially deferred)`.execute(tx)
      await sql`insert into child values (1)`.execute(tx)
    })
    await expect(failing).rejects.toThrow(/foreign key/i)
    expect(await db.write(ROOT, async () => 'next')).toBe('next')
    await expect(sql`select * from child`.execute(db.read)).rejects.toThrow(/no such table|does not exist/)
  })
})
