import { findRun } from '../../data/repos/runs.ts'
import type { Claimed } from './claims.ts'
import type { RunHome } from './run-home.ts'

/** For how many milliseconds a claimed run is this node's yet, as the database has it; 0: not any more. */
export const createLeaseLeft =
  (home: RunHome) =>
  async ({ run }: Claimed): Promise<number> => {
    const db = await home.of(run.historyId)
    const found = await findRun(db.look, run.historyId)
    const isOwn = found?.state === 'Running' && found.incarnation === run.incarnation
    if (!isOwn || found.leaseUntil === null) return 0
    return Math.max(0, Date.parse(found.leaseUntil) - Date.parse(await db.now()))
  }
