import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { createDatabase } from '../../src/main/data/orm.ts'
import { AppError } from '../../src/shared/domain/errors.ts'
import { databaseOptions, databases, serverDatabases } from '../support/databases.ts'
import { testClock } from '../support/clock.ts'
import { eventually } from '../support/eventually.ts'
import type { ServerAddress } from '../support/servers/server.ts'
import { nodeRow, taskRow } from './rows.ts'
import { pause, sessionsOf } from './sessions.ts'

const SYSTEM = { actor: 'system' }

const addTask = (db: OpenDatabase, taskName: string) =>
  db.write(SYSTEM, (tx) => tx.insertInto('Tasks').values(taskRow({ taskName })).execute())

/** Every way a write fails: at once, of a duplicate, of a statement that means nothing, after a good one. */
const failing: ((db: OpenDatabase) => Promise<unknown>)[] = [
  (db: OpenDatabase) => db.write(SYSTEM, () => Promise.reject(new Error('at once'))),
  (db: OpenDatabase) => addTask(db, 'there already'),
  (db: OpenDatabase) => db.write(SYSTEM, (tx) => sql`select nonsense from nowhere`.execute(tx)),
  (db: OpenDatabase) =>
    db.write(SYSTEM, async (tx) => {
      await tx.insertInto('Nodes').values(nodeRow()).execute()
      throw new Error('after a statement')
    }),
]

describe.each(databases())('$name: connections', ({ open }) => {
  it('come back whole from a hundred writes that failed', async () => {
    const db = await open()
    await addTask(db, 'there already')
    const outcomes = await Promise.allSettled(
      Array.from({ length: 25 }, () => failing.map((fail) => fail(db))).flat(),
    )
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
    await Promise.all(Array.from({ length: 20 }, (_, index) => addTask(db, `next ${index}`)))
    expect(await db.read.selectFrom('Tasks').select('taskId').execute()).toHaveLength(21)
    expect(await db.read.selectFrom('Nodes').select('nodeId').execute()).toEqual([])
    const urgent = await Promise.all(
      [1, 2, 3].map((n) => db.write({ ...SYSTEM, urgent: true }, async () => n)),
    )
    expect(urgent).toEqual([1, 2, 3])
  })

  it('are lent to renewals of leases though all others are at work', async () => {
    const db = await open()
    let release: () => void = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    // A file has one writer: there the renewal waits for the one that writes, and for no more.
    const busy = Array.from({ length: db.server ? 10 : 0 }, () => db.write(SYSTEM, () => held))
    expect(await db.write({ ...SYSTEM, urgent: true }, async () => 'renewed')).toBe('renewed')
    release()
    await Promise.all(busy)
  })

  it('answer more reads and looks at once than there are of them', async () => {
    const db = await open()
    await addTask(db, 'one')
    const all = Array.from({ length: 60 }, (_, index) =>
      (index % 2 ? db.read : db.look).selectFrom('Tasks').select('taskName').execute(),
    )
    for (const rows of await Promise.all(all)) expect(rows).toEqual([{ taskName: 'one' }])
  })
})

/** Where each keeps the seconds that a transaction may stand still; SQL Server has no such limit. */
const IDLE_LIMIT: Record<ServerAddress['name'], string | null> = {
  PostgreSQL: `select setting::int / 1000 as seconds from pg_settings where name = 'idle_in_transaction_session_timeout'`,
  MariaDB: 'select @@idle_transaction_timeout as seconds',
  MySQL: 'select @@wait_timeout as seconds',
  'SQL Server': null,
}

describe.each(serverDatabases())('$name: sessions', ({ open, place, server }) => {
  it('of a closed database are none, whatever it was doing', async () => {
    const watcher = await open()
    const config = await place({ poolSize: 6 })
    const db = await createDatabase(databaseOptions(config))
    await Promise.all(Array.from({ length: 12 }, (_, index) => addTask(db, `task ${index}`)))
    expect((await sessionsOf(watcher, config.database)).length).toBeGreaterThan(1)
    const inFlight = Array.from({ length: 10 }, (_, index): Promise<unknown>[] => [
      addTask(db, `late ${index}`),
      db.read.selectFrom('Tasks').selectAll().execute(),
      db.look.selectFrom('Nodes').selectAll().execute(),
    ]).flat()
    const [outcomes] = await Promise.all([Promise.allSettled(inFlight), db.close()])
    // Begun is done; what had not begun may be refused, and then in the words for it.
    for (const one of outcomes) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(AppError)
    await eventually(async () => (await sessionsOf(watcher, config.database)).length === 0)
  })

  it('are not left behind by a database that is closed while it connects', async () => {
    const watcher = await open()
    const config = await place()
    for (let round = 0; round < 5; round += 1) {
      const db = await createDatabase(databaseOptions(config))
      const reads = [db.read, db.look, db.read].map((query) =>
        query.selectFrom('Tasks').selectAll().execute(),
      )
      const renewal = db.write({ ...SYSTEM, urgent: true }, async () => 'first use of its connection')
      await Promise.all([Promise.allSettled<unknown>([...reads, renewal]), db.close()])
    }
    await eventually(async () => (await sessionsOf(watcher, config.database)).length === 0)
  })

  it('are as many as a node may have, and one for its leases', async () => {
    const watcher = await open()
    const config = await place({ poolSize: 4 })
    const db = await createDatabase(databaseOptions(config))
    await Promise.all([
      ...Array.from({ length: 40 }, (_, index) => addTask(db, `task ${index}`)),
      ...Array.from({ length: 40 }, () => db.read.selectFrom('Tasks').selectAll().execute()),
      ...Array.from({ length: 5 }, () => db.write({ ...SYSTEM, urgent: true }, async () => 0)),
    ])
    expect(await sessionsOf(watcher, config.database)).toHaveLength(5)
    await db.close()
  })

  const limit = IDLE_LIMIT[server.name]
  it.skipIf(!limit)('that hang half way through a transaction are ended by the server', async () => {
    const db = await open()
    const { rows } = await sql<{ seconds: number }>`${sql.raw(limit ?? '')}`.execute(db.look)
    expect(Number(rows[0]?.seconds)).toBe(60)
  })

  it('of a migration may take longer than those of a node', { timeout: 30_000 }, async () => {
    const db = await open({ config: { timeoutSeconds: 1 } })
    await expect(pause(db, 2).execute(db.look)).rejects.toThrow()
    await db.server?.alone((patient) => pause(db, 2).execute(patient.em.fork().getKysely()))
  })

  it('tell the time after a jump of the clock, though whoever asks holds the last of them', async () => {
    const clock = testClock()
    const db = await open({ clock })
    const real = Date.now()
    clock.advance(3_600_000)
    const asked = performance.now()
    const times = await Promise.all([
      db.write({ ...SYSTEM, urgent: true }, () => db.now()),
      db.write(SYSTEM, () => db.now()),
      db.write(SYSTEM, () => db.now()),
    ])
    // Well below the time that a connection is waited for.
    expect(performance.now() - asked).toBeLessThan(4_000)
    for (const time of times) expect(Math.abs(Date.parse(time) - real)).toBeLessThan(60_000)
  })
})
