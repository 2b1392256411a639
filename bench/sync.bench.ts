import { withPostgres } from './support/server-claims/servers.ts'
import type { BenchRow } from './support/rows.ts'
import { applyRateRows } from './support/sync/apply-rate.ts'
import { longLogRows } from './support/sync/long-log.ts'

/** Table sync. */
export const rows = async (): Promise<BenchRow[]> =>
  withPostgres(async (server) => [...(await applyRateRows(server)), ...(await longLogRows(server))])
