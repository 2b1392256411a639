import type { MikroORM } from '@mikro-orm/sql'
import type { Kysely, RawBuilder } from 'kysely'
import { AppError } from '../../../shared/domain/errors.ts'
import type { Clock } from '../../platform/clock.ts'
import type { ServerLink } from '../dialects/connection.ts'
import type { Tables } from '../entities/index.ts'
import type { PoolOptions } from './pool-options.ts'

/** The lock of migrations, held by the session that takes it: `taken` is 1, or 0 when another one has it. */
export interface LockStatements {
  take: RawBuilder<{ taken: number | null }>
  release: RawBuilder<unknown>
}

/** An index over millions of runs takes minutes. */
const PATIENCE_SECONDS = 4 * 60 * 60
/** Another program may be at work as long. */
const LOCK_TRIES = 3_000
const LOCK_PAUSE_MS = 200

/** ServerLink.alone: two connections of its own, one of which holds the lock. */
export const migrationLock =
  (lock: LockStatements, ormOf: (options: PoolOptions) => MikroORM, clock: Clock): ServerLink['alone'] =>
  async (work) => {
    const patient = ormOf({ max: 2, timeoutSeconds: PATIENCE_SECONDS, mayStandStill: true })
    try {
      const db = patient.em.fork().getKysely<Tables>()
      return await db
        .connection()
        .execute((session) => whileLocked(session, lock, clock, () => work(patient)))
    } finally {
      await patient.close(true)
    }
  }

const whileLocked = async <T>(
  session: Kysely<Tables>,
  { take, release }: LockStatements,
  clock: Clock,
  work: () => Promise<T>,
): Promise<T> => {
  for (let tries = 0; ; tries += 1) {
    const { rows } = await take.execute(session)
    if (Number(rows[0]?.taken) === 1) break
    if (tries === LOCK_TRIES)
      throw new AppError('UNAVAILABLE', 'another program has been migrating this database for ten minutes')
    await clock.sleep(LOCK_PAUSE_MS)
  }
  try {
    return await work()
  } finally {
    // It ends with its session at the latest; what the work came to is not undone by that.
    await release.execute(session).catch(() => undefined)
  }
}
