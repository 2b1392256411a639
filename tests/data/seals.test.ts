import { describe, expect, it } from 'vitest'
import { capturedTables } from '../../src/main/data/capture.ts'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { checkLog } from '../../src/main/data/seal-check.ts'
import { newestSeal, sealChanges } from '../../src/main/data/seals.ts'
import { databases } from '../support/databases.ts'
import { taskRow } from './rows.ts'

const FAR = '9999-01-01T00:00:00.000Z'
const seal = (db: OpenDatabase) => sealChanges(db, { nodeId: null, olderThan: FAR })

describe.each(databases())('$name: seals of the change log', ({ open }) => {
  const openLog = async () => {
    const db = await open()
    for (let block = 0; block < 3; block += 1) {
      await db.write({ actor: 'ann' }, (tx) =>
        tx
          .insertInto('Tasks')
          .values([0, 1, 2].map((n) => taskRow({ taskName: `task ${block} ${n}` })))
          .execute(),
      )
      expect(await seal(db)).toBe(1)
    }
    const newest = await newestSeal(db.look)
    const seen = { toSeq: newest?.toSeq ?? 0, digest: newest?.digest ?? '', seenAt: FAR }
    const rows = await db.read.selectFrom('Data_Change').selectAll().orderBy('seq').execute()
    const past = rows[4]
    if (!past) throw new Error('no change in the second block')
    return { db, seen, past }
  }

  it('say that all is as it was written, and close nothing twice', async () => {
    const { db, seen } = await openLog()
    expect(capturedTables().length).toBeGreaterThan(0)
    expect(await seal(db)).toBe(0)
    expect(await checkLog(db.read, seen)).toEqual({ broken: null, blocks: 3, changes: 9 })
    expect(await checkLog(db.read, null)).toMatchObject({ broken: null })
  })

  it('name a change that was altered, and one whose digest was altered with it', async () => {
    const { db, past } = await openLog()
    const alter = (fields: object) =>
      db.write({ actor: 'thief' }, (tx) =>
        tx.updateTable('Data_Change').set(fields).where('changeId', '=', past.changeId).execute(),
      )
    await alter({ changedBy: 'bob' })
    expect((await checkLog(db.read, null)).broken).toContain(`change ${past.seq} (${past.changeId}, Tasks`)
    await alter({ changedBy: past.changedBy, digest: 'f'.repeat(64) })
    expect((await checkLog(db.read, null)).broken).toContain(`change ${past.seq} (`)
  })

  it('name a change that was removed', async () => {
    const { db, past } = await openLog()
    await db.write({ actor: 'thief' }, (tx) =>
      tx.deleteFrom('Data_Change').where('changeId', '=', past.changeId).execute(),
    )
    expect((await checkLog(db.read, null)).broken).toContain(
      `lacks 1 of its 3 changes, the first of them change ${past.seq}`,
    )
  })

  it('written anew from the first one on are told from what the node saw', async () => {
    const { db, seen, past } = await openLog()
    await db.write({ actor: 'thief' }, async (tx) => {
      await tx.deleteFrom('Data_Change').where('changeId', '=', past.changeId).execute()
      await tx.deleteFrom('Change_Seal').execute()
    })
    await seal(db)
    expect((await checkLog(db.read, null)).broken).toBeNull()
    expect((await checkLog(db.read, seen)).broken).toContain('is not the one this node saw')
  })
})
