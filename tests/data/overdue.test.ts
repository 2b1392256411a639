import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { DatabaseFailure } from '../../src/main/data/errors.ts'
import type { DatabaseType } from '../../src/shared/domain/database.ts'
import { serverDatabases } from '../support/databases.ts'

/** A statement that works for five seconds, and fails when it is ended sooner. */
const SLOW: Record<Exclude<DatabaseType, 'SQLite'>, string> = {
  PostgreSQL: 'select pg_sleep(5)',
  MySQL: 'select 1 from dual where sleep(5) = 2',
  SqlServer: `waitfor delay '0:00:05'`,
}

describe.each(serverDatabases())('$name: a statement that takes too long', ({ server, open }) => {
  it('is told in words for people, without its text', async () => {
    const db = await open({ config: { timeoutSeconds: 1 } })
    const begun = performance.now()
    const [outcome] = await Promise.allSettled([sql.raw(SLOW[server.type]).execute(db.look)])
    const failure = outcome.status === 'rejected' ? (outcome.reason as DatabaseFailure) : undefined
    expect(performance.now() - begun).toBeLessThan(4_000)
    expect(failure).toBeInstanceOf(DatabaseFailure)
    expect(failure?.kind).toMatch(/slow|away/)
    expect(failure?.message).toMatch(/took longer than|did not answer within/)
    expect(failure?.message).not.toContain('5)')
    await sql`select 1`.execute(db.look)
  })
})
