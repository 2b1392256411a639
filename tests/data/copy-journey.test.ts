import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { databaseChecksums } from '../../src/main/data/copy.ts'
import { databases, fileDatabases } from '../support/databases.ts'
import { changesIn, copyInto, filled, opened, ROOT } from './copy-data.ts'
import { runRow } from './rows.ts'

const all = databases()

describe('copy', () => {
  it('comes back from a journey through every database as it was', async () => {
    const [home] = all
    if (!home) throw new Error('no databases')
    const source = await filled(home)
    const first = await databaseChecksums(source)
    let last = await home.place()
    await copyInto(source, last)
    for (const { place } of [...all.slice(1), home]) {
      const next = await place()
      const { tables } = await opened(last, (from) => copyInto(from, next))
      expect(tables).toEqual(first)
      last = next
    }
    expect(await opened(last, (db) => databaseChecksums(db))).toEqual(first)
  })

  it.each(all)('puts U+FFFD in the place of a NUL character: $name', async ({ place }) => {
    const [home] = all
    if (!home) throw new Error('no databases')
    const source = await home.open()
    await source.write(ROOT, (tx) =>
      tx
        .insertInto('Task_History')
        .values(runRow({ error: 'a\0b' }))
        .execute(),
    )
    const config = await place()
    const { tables } = await copyInto(source, config)
    expect(tables).toEqual(await databaseChecksums(source))
    const runs = await opened(config, (db) => db.read.selectFrom('Task_History').select('error').execute())
    expect(runs).toEqual([{ error: 'a\ufffdb' }])
  })

  it('names the first row that the target has changed, and leaves it unfinished', async () => {
    const [home] = fileDatabases()
    if (!home) throw new Error('no databases')
    const source = await filled(home)
    const { historyId } = await source.read
      .selectFrom('Task_History')
      .select('historyId')
      .orderBy('historyId')
      .offset(1)
      .limit(1)
      .executeTakeFirstOrThrow()
    const config = await home.place()
    if (config.type !== 'SQLite') throw new Error('not a file')
    await opened(config, async () => undefined)
    const meddler = new Sqlite(config.path)
    meddler.exec(`create trigger meddle after insert on "Task_History" when new."HistoryID" >= '${historyId}'
      begin update "Task_History" set "Priority" = 99 where "HistoryID" = new."HistoryID"; end`)
    await expect(copyInto(source, config)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining(`HistoryID ${historyId}`) as string,
      data: { table: 'Task_History', key: `HistoryID ${historyId}` },
    })
    await expect(opened(config, async () => undefined)).rejects.toMatchObject({ code: 'CONFLICT' })
    meddler.exec('drop trigger meddle')
    meddler.close()
    const { tables } = await copyInto(source, config)
    expect(tables).toEqual(await databaseChecksums(source))
  })

  it('installs no triggers where changes are not tracked', async () => {
    const [home] = all
    if (!home) throw new Error('no databases')
    const source = await filled(home)
    const config = await home.place({ enableChangeTracking: false })
    const { tables } = await copyInto(source, config)
    await opened(config, async (target) => {
      await target.write(ROOT, (tx) => tx.deleteFrom('Nodes').execute())
      const { items } = await changesIn(target)
      expect(items).toHaveLength(tables.find(({ table }) => table === 'Data_Change')?.rows ?? 0)
    })
  })
})
