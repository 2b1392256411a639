import { setTimeout as sleep } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import type { Tx } from '../../src/main/data/db.ts'
import { fileDatabases, fileOf } from '../support/databases.ts'
import { nodeRow, runRow, taskRow } from './rows.ts'

const ROOT = { actor: 'local:root' }

describe.each(fileDatabases())('$name: writes to a file', ({ open }) => {
  it('refuses to change a captured table without a write context', async () => {
    const db = await open()
    const em = db.orm.em.fork()
    const bare = em.getKysely<{ Tasks: { Enabled: number } }>().updateTable('Tasks').set({ Enabled: 0 })
    // No row matches yet: nothing to log, nothing refused.
    await bare.execute()
    await db.write(ROOT, (tx) => tx.insertInto('Tasks').values(taskRow()).execute())
    await expect(bare.execute()).rejects.toThrow('write without context')
    expect((await db.read.selectFrom('Tasks').select('enabled').executeTakeFirstOrThrow()).enabled).toBe(true)
  })

  it('writes on once a full disk has room again', async () => {
    const db = await open()
    const scalar = (tx: Tx, pragma: string) =>
      sql
        .raw<Record<string, number>>(`pragma ${pragma}`)
        .execute(tx)
        .then(({ rows }) => Object.values(rows[0] ?? {})[0])
    const room = await db.write(ROOT, (tx) => scalar(tx, 'max_page_count'))
    const full = await db.write(ROOT, async (tx) =>
      scalar(tx, `max_page_count = ${(await scalar(tx, 'page_count')) ?? 0}`),
    )
    expect(full).toBeLessThan(room ?? 0)
    const large = () =>
      db.write(ROOT, (tx) =>
        tx
          .insertInto('Task_History')
          .values(runRow({ output: Buffer.alloc(100_000) }))
          .execute(),
      )
    for (let i = 0; i < 3; i += 1)
      await expect(large()).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: expect.stringContaining('the disk is full') as string,
      })
    await db.write(ROOT, (tx) => scalar(tx, `max_page_count = ${room}`))
    await large()
    expect(await db.read.selectFrom('Task_History').select('historyId').execute()).toHaveLength(1)
  })

  it('goes on after SQLite has ended a transaction by itself, and writes nothing of what came after', async () => {
    const db = await open()
    const bothHalves = db.write(ROOT, async (tx) => {
      await tx.insertInto('Nodes').values(nodeRow()).execute()
      // What SQLite does on a full disk and on I/O errors.
      await sql`rollback`.execute(tx)
      await tx.insertInto('Task_History').values(runRow()).execute()
    })
    await expect(bothHalves).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    const swallowed = db.write(ROOT, async (tx) => {
      await sql`rollback`.execute(tx)
      return 'done'
    })
    await expect(swallowed).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(await db.write(ROOT, async () => 'next')).toBe('next')
    expect(await db.read.selectFrom('Nodes').select('nodeId').execute()).toEqual([])
    expect(await db.read.selectFrom('Task_History').select('historyId').execute()).toEqual([])
  })

  it('syncs a durable write to the disk before it resolves, and only such a one', async () => {
    const db = await open()
    const level = (durable?: true) =>
      db.write({ ...ROOT, ...(durable ? { durable } : {}) }, async (tx) => {
        const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(tx)
        return rows[0]?.synchronous
      })
    const [NORMAL, FULL] = [1, 2]
    expect(await Promise.all([level(), level(true), level(), level(true)])).toEqual([
      NORMAL,
      FULL,
      NORMAL,
      FULL,
    ])
  })

  it('waits for another program without blocking, and says UNAVAILABLE when that holds on too long', async () => {
    const db = await open({ config: { timeoutSeconds: 0.3 } })
    const other = new Sqlite(fileOf(db).path)
    const write = () => db.write(ROOT, async () => 'written')
    other.exec('begin immediate')
    let ticks = 0
    const ticking = setInterval(() => (ticks += 1), 5)
    const refused = write()
    await expect(refused).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('locked by another program') as string,
    })
    // Most of the 300 ms belong to the rest of the program, even on a busy machine.
    expect(ticks).toBeGreaterThan(20)
    const patient = write()
    await sleep(50)
    other.exec('rollback')
    expect(await patient).toBe('written')
    clearInterval(ticking)
    other.close()
  })
})
