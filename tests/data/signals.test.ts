import { describe, expect, it } from 'vitest'
import { sql } from 'kysely'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import type { Signals } from '../../src/main/data/dialects/connection.ts'
import { createDatabase } from '../../src/main/data/orm.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { databaseOptions, serverDatabases } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'

/** Programs on one database wake each other, where it has that. */

const signalsOf = ({ server }: OpenDatabase): Signals => {
  if (!server?.signals) throw new Error('this database has no signals')
  return server.signals
}

const all = serverDatabases()

describe.each(all.filter(({ name }) => name === 'PostgreSQL'))('$name: signals', ({ place }) => {
  const onTwo = async (use: (one: OpenDatabase, other: OpenDatabase) => Promise<void>): Promise<void> => {
    const config = await place()
    const one = await createDatabase(databaseOptions(config))
    const other = await createDatabase(databaseOptions(config))
    try {
      await use(one, other)
    } finally {
      await Promise.all([one.close(), other.close()])
    }
  }

  /** Counts what it hears; the first is that it listens. */
  const listening = async (db: OpenDatabase): Promise<() => number> => {
    let heard = 0
    signalsOf(db).onSignal(() => (heard += 1))
    await eventually(() => heard === 1)
    return () => heard - 1
  }

  it('reach the other program, soon and once for several, and not who sent them', () =>
    onTwo(async (one, other) => {
      const [own, others] = [await listening(one), await listening(other)]
      const began = systemClock.monotonic()
      for (let i = 0; i < 5; i += 1) signalsOf(one).send()
      await eventually(() => others() === 1)
      expect(systemClock.monotonic() - began).toBeLessThan(1_000)
      await systemClock.sleep(200)
      expect([own(), others()]).toEqual([0, 1])
    }))

  it('come again after the connection was ended, and say that some may have been missed', () =>
    onTwo(async (one, other) => {
      const [own, others] = [await listening(one), await listening(other)]
      await sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and query like 'listen%'`.execute(other.read)
      await eventually(() => own() === 1 && others() === 1)
      signalsOf(one).send()
      await eventually(() => others() === 2)
    }))

  it('cost no connection where nobody listens', () =>
    onTwo(async (one, other) => {
      await listening(one)
      signalsOf(other).send()
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from pg_stat_activity
        where datname = current_database() and query like 'listen%'`.execute(one.read)
      expect(rows).toEqual([{ n: 1 }])
    }))
})

describe.each(all.filter(({ name }) => name !== 'PostgreSQL'))('$name: signals', ({ open }) => {
  it('are not to be had: nodes look by themselves', async () => {
    expect((await open()).server?.signals).toBeNull()
  })
})
