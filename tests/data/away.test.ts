import { sql } from 'kysely'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { createDatabase } from '../../src/main/data/orm.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { eventually } from '../support/eventually.ts'
import { databaseOptions, serverDatabases, type ServerDatabases } from '../support/databases.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'
import { taskRow } from './rows.ts'

const SYSTEM = { actor: 'system' }

/** A database behind a way that can be muted, and what is told of it: true where it is away. */
const behindProxy = async ({ server, place }: ServerDatabases) => {
  const proxy = await startTcpProxy(server)
  onTestFinished(() => proxy.close())
  const config = await place({ poolSize: 4, timeoutSeconds: 1 })
  const db = await createDatabase(databaseOptions({ ...config, server: '127.0.0.1', port: proxy.port }))
  onTestFinished(() => db.close())
  const told: boolean[] = []
  db.server?.onChange((away) => void told.push(away !== null))
  return { proxy, db, told }
}

const look = (db: OpenDatabase) => sql`select 1`.execute(db.look)

/** As many connections lie idle then as may. */
const useAll = (db: OpenDatabase) => Promise.all([1, 2, 3, 4].map(() => look(db)))

describe.each(serverDatabases())('$name: a server that does not answer', (database) => {
  it('is away once, however many connections to it lie idle', { timeout: 60_000 }, async () => {
    const { proxy, db, told } = await behindProxy(database)
    await useAll(db)
    proxy.mute(true)
    for (let tries = 0; tries < 3; tries += 1)
      await expect(look(db)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await expect(db.write(SYSTEM, async () => 'written')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(told).toEqual([true])
    proxy.mute(false)
    await eventually(() => look(db), 20_000)
    expect(told).toEqual([true, false])
  })

  it('is asked by one while it is known to be away, and everybody else is told at once', async () => {
    const { proxy, db } = await behindProxy(database)
    await useAll(db)
    proxy.mute(true)
    await expect(look(db)).rejects.toMatchObject({ kind: 'away' })
    await systemClock.sleep(2_500)
    const begun = performance.now()
    for (let tries = 0; tries < 20; tries += 1)
      await expect(look(db)).rejects.toMatchObject({ code: 'UNAVAILABLE', kind: 'away' })
    // One of them alone would wait for a second and more.
    expect(performance.now() - begun).toBeLessThan(1_000)
    proxy.mute(false)
    // Nobody asks but who asks for all.
    await eventually(() => db.server?.away() === null, 20_000)
    await look(db)
  }, 60_000)

  it.each([
    ['that means nothing', (db: OpenDatabase) => sql`select nonsense from nowhere`.execute(db.look)],
    [
      'of a record that is there',
      (db: OpenDatabase) =>
        db.write(SYSTEM, (tx) =>
          tx
            .insertInto('Tasks')
            .values([taskRow({ taskName: 'one' }), taskRow({ taskName: 'one' })])
            .execute(),
        ),
    ],
  ])('is back with its first answer, were it the refusal of a statement %s', async (_, refused) => {
    const { proxy, db, told } = await behindProxy(database)
    proxy.mute(true)
    await expect(look(db)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    proxy.mute(false)
    await expect(refused(db)).rejects.not.toMatchObject({ code: 'UNAVAILABLE' })
    expect(told).toEqual([true, false])
  })

  it("holds the connection of a transaction for one statement's time", { timeout: 60_000 }, async () => {
    const { proxy, db } = await behindProxy(database)
    const begun = performance.now()
    const write = db.write(SYSTEM, async (tx) => {
      proxy.mute(true)
      await sql`select 1`.execute(tx)
    })
    await expect(write).rejects.toMatchObject({ code: 'UNAVAILABLE', kind: 'away' })
    // The second that a statement may take, and two of grace: what is rolled back then waits for nobody.
    expect(performance.now() - begun).toBeLessThan(4_500)
    proxy.mute(false)
    expect(await db.write(SYSTEM, async () => 'written')).toBe('written')
  })
})
