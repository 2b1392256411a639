import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { createReader } from '../../src/main/data/sqlite/reader.ts'
import { READER_ENTRY, fileDatabases } from '../support/databases.ts'
import { tokenRow } from './rows.ts'

const ROWS = 100_000

describe.each(fileDatabases())('$name: reads', ({ open }) => {
  const fill = async () => {
    const db = await open()
    await db.write({ actor: 'system' }, (tx) =>
      sql`insert into "Cluster_Info" ("InfoKey", "InfoValue")
        with recursive n(i) as (select 1 union all select i + 1 from n where i < ${ROWS})
        select 'k' || i, 'value ' || i from n`.execute(tx),
    )
    return db
  }

  it('keeps the main loop going while 100,000 rows are read and sorted', async () => {
    const db = await fill()
    let worst = 0
    let last = performance.now()
    const ticking = setInterval(() => {
      worst = Math.max(worst, performance.now() - last)
      last = performance.now()
    }, 1)
    const count = await sql<{ n: number }>`
      select count(*) as n from "Cluster_Info" a join "Cluster_Info" b on a."InfoValue" = b."InfoValue"
      order by length(a."InfoKey")`.execute(db.read)
    clearInterval(ticking)
    expect(count.rows).toEqual([{ n: ROWS + 5 }])
    expect(worst).toBeLessThan(100)
  })

  it('looks at a few rows without waiting for a slow list', async () => {
    const db = await fill()
    const slow = sql`select count(*) from "Cluster_Info" a join "Cluster_Info" b
      on a."InfoValue" = b."InfoValue" order by length(a."InfoKey")`.execute(db.read)
    let slowIsDone = false
    void slow.then(() => (slowIsDone = true))
    expect(
      await db.look.selectFrom('Cluster_Info').selectAll().where('infoKey', '=', 'k7').execute(),
    ).toEqual([{ infoKey: 'k7', infoValue: 'value 7' }])
    expect(slowIsDone).toBe(false)
    await slow
  })

  it('looks at what is committed, inside and beside a write, and changes nothing', async () => {
    const db = await open()
    const tokens = () => db.look.selectFrom('Api_Token').select('tokenId').execute()
    await db.write({ actor: 'system' }, async (tx) => {
      await tx.insertInto('Api_Token').values(tokenRow()).execute()
      expect(await tokens()).toEqual([])
    })
    expect(await tokens()).toHaveLength(1)
    await expect(db.look.deleteFrom('Api_Token').execute()).rejects.toThrow()
    expect(await tokens()).toHaveLength(1)
    await db.close()
    await expect(tokens()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  it('answers many queries in flight, each with its own rows', async () => {
    const db = await open()
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => sql<{ i: number }>`select ${i} as i`.execute(db.read)),
    )
    expect(answers.map(({ rows }) => rows[0]?.i)).toEqual(Array.from({ length: 50 }, (_, i) => i))
  })

  it('reports a bad statement to its caller alone', async () => {
    const db = await open()
    const [good, bad] = await Promise.allSettled([
      sql`select 1 as one`.execute(db.read),
      sql`select nonsense from nowhere`.execute(db.read),
    ])
    expect(good.status).toBe('fulfilled')
    expect(bad).toMatchObject({ status: 'rejected', reason: { message: 'no such table: nowhere' } })
  })

  it('refuses to write', async () => {
    const db = await open()
    await expect(sql`delete from "Cluster_Info"`.execute(db.read)).rejects.toThrow(
      /does not return data|readonly/,
    )
  })

  it('lets what is in flight end before it closes', async () => {
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
