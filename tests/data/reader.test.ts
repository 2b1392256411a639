import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import type { Query } from '../../src/main/data/db.ts'
import { createReader } from '../../src/main/data/sqlite/reader.ts'
import { databases, READER_ENTRY } from '../support/databases.ts'
import { numbers } from './numbers.ts'
import { tokenRow } from './rows.ts'

const ROWS = 100_000
/** Sorted by what no index has. */
const slowCount = (db: Query) =>
  sql<{ n: number }>`select count(*) as n from (select a."InfoKey", length(a."InfoKey") as len
    from "Cluster_Info" a join "Cluster_Info" b on a."InfoKey" = b."InfoKey"
    order by length(a."InfoKey") desc, a."InfoKey" limit 1000000) c`.execute(db)

describe.each(databases())('$name: reads', ({ open }) => {
  const fill = async () => {
    const db = await open()
    await db.write({ actor: 'system' }, (tx) =>
      sql`insert into "Cluster_Info" ("InfoKey", "InfoValue")
        select 'k' || digits, 'value ' || digits from ${numbers}`.execute(tx),
    )
    return db
  }

  it('keep the main loop going while 100,000 rows are read and sorted', async () => {
    const db = await fill()
    let worst = 0
    const began = performance.now()
    let last = began
    const ticking = setInterval(() => {
      worst = Math.max(worst, performance.now() - last)
      last = performance.now()
    }, 1)
    const count = await slowCount(db.read)
    clearInterval(ticking)
    const took = performance.now() - began
    expect(count.rows).toEqual([{ n: ROWS + 5 }])
    // Were it read in this process, nothing else would have had its turn.
    expect(worst).toBeLessThan(Math.max(100, took / 4))
  })

  it('of a few rows do not wait for a slow list', async () => {
    const db = await fill()
    const slow = slowCount(db.read)
    let slowIsDone = false
    void slow.then(() => (slowIsDone = true))
    expect(
      await db.look.selectFrom('Cluster_Info').selectAll().where('infoKey', '=', 'k00007').execute(),
    ).toEqual([{ infoKey: 'k00007', infoValue: 'value 00007' }])
    expect(slowIsDone).toBe(false)
    await slow
  })

  it('see what is committed, inside and beside a write', async () => {
    const db = await open()
    const tokens = () => db.look.selectFrom('Api_Token').select('tokenId').execute()
    await db.write({ actor: 'system' }, async (tx) => {
      await tx.insertInto('Api_Token').values(tokenRow()).execute()
      expect(await tokens()).toEqual([])
    })
    expect(await tokens()).toHaveLength(1)
  })

  it('change nothing', async () => {
    const db = await open()
    for (const query of [db.read, db.look]) {
      await expect(query.deleteFrom('Cluster_Info').execute()).rejects.toThrow('reads only')
      await expect(query.updateTable('Cluster_Info').set({ infoValue: '' }).execute()).rejects.toThrow(
        'reads only',
      )
      await expect(query.insertInto('Api_Token').values(tokenRow()).execute()).rejects.toThrow('reads only')
    }
    await expect(sql`delete from "Cluster_Info"`.execute(db.read)).rejects.toThrow(
      /does not return data|readonly|read-only|READ ONLY/,
    )
    expect(await db.read.selectFrom('Cluster_Info').selectAll().execute()).toHaveLength(5)
  })

  it('in flight together are answered each with its own rows', async () => {
    const db = await open()
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => sql<{ i: number }>`select ${sql.lit(i)} as i`.execute(db.read)),
    )
    expect(answers.map(({ rows }) => rows[0]?.i)).toEqual(Array.from({ length: 50 }, (_, i) => i))
  })

  it('fail for who asked wrongly, and for nobody else', async () => {
    const db = await open()
    const [good, bad] = await Promise.allSettled([
      sql`select 1 as one`.execute(db.read),
      sql`select nonsense from nowhere`.execute(db.read),
    ])
    expect(good.status).toBe('fulfilled')
    expect(bad).toMatchObject({
      status: 'rejected',
      reason: { message: expect.stringContaining('nowhere') as string },
    })
  })

  it('in flight end before the database closes', async () => {
    const db = await fill()
    const slow = sql<{ n: number }>`select count(*) as n from "Cluster_Info" order by 1`.execute(db.read)
    await sleep(5)
    await db.close()
    expect((await slow).rows).toHaveLength(1)
  })
})

describe('the reader thread', () => {
  const crashing = () =>
    createReader({ path: 'unused', entry: new URL('./fixtures/crashing-reader.mjs', import.meta.url) })

  it('answers UNAVAILABLE for what was in flight when it died, and works again', async () => {
    const reader = crashing()
    const inFlight = [reader.query('wait', []), reader.query('crash', [])]
    for (const outcome of await Promise.allSettled(inFlight)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'UNAVAILABLE' } })
    }
    expect(await reader.query('anything', [])).toEqual(['anything'])
    await reader.close()
    await expect(reader.query('late', [])).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  it('says why it could not open its file', async () => {
    const reader = createReader({ path: '/nowhere/at/all.db', entry: READER_ENTRY })
    await expect(reader.query('select 1', [])).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/\/nowhere\/at\/all\.db.*does not exist/) as string,
    })
    await reader.close()
  })
})
