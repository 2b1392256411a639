import { sql } from 'kysely'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { eventually } from '../support/eventually.ts'
import { serverDatabases } from '../support/databases.ts'

const SYSTEM = { actor: 'system' }

/** Takes every connection that writes, until it is told to give them back. */
const takeAll = async (db: OpenDatabase, count: number) => {
  let release: () => void = () => {}
  const held = new Promise<void>((resolve) => (release = resolve))
  let begun = 0
  const writes = Array.from({ length: count }, () =>
    db.write(SYSTEM, async () => {
      begun += 1
      await held
    }),
  )
  onTestFinished(() => release())
  await eventually(() => begun === count)
  return async () => {
    release()
    await Promise.all(writes)
  }
}

describe.each(serverDatabases())('$name: a pool whose connections are all in use', ({ open }) => {
  it('is told as busy after a while, and the server is not away', async () => {
    // Two of the three write and look.
    const db = await open({ config: { poolSize: 3, timeoutSeconds: 1 } })
    const told: unknown[] = []
    db.server?.onChange((away) => void told.push(away))
    const giveBack = await takeAll(db, 2)
    const begun = performance.now()
    const waiting = [db.write(SYSTEM, async () => 'written'), sql`select 1`.execute(db.look)]
    for (const outcome of await Promise.allSettled(waiting))
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: {
          code: 'UNAVAILABLE',
          kind: 'busy',
          message: expect.stringContaining('database.options.poolSize') as string,
        },
      })
    expect(performance.now() - begun).toBeGreaterThan(900)
    expect(performance.now() - begun).toBeLessThan(4_000)
    await giveBack()
    // Who gave up waiting has not kept a connection.
    await Promise.all([1, 2, 3, 4].map(() => db.write(SYSTEM, async () => 'written')))
    expect({ told, away: db.server?.away() }).toEqual({ told: [], away: null })
  })

  it('serves who waits as they came, when connections are given back in time', async () => {
    const db = await open({ config: { poolSize: 1, timeoutSeconds: 5 } })
    const giveBack = await takeAll(db, 1)
    const served: number[] = []
    const waiting = [1, 2, 3].map((n) => db.write(SYSTEM, async () => void served.push(n)))
    await giveBack()
    await Promise.all(waiting)
    expect(served).toEqual([1, 2, 3])
  })
})
