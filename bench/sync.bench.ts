import { say } from './support/folders.ts'
import type { BenchRow } from './support/rows.ts'
import { withMariadb, withPostgres } from './support/server-claims/servers.ts'
import { applyRateRows } from './support/sync/apply-rate.ts'
import { lagRows } from './support/sync/lag.ts'
import { longLogRows } from './support/sync/long-log.ts'

/**
 * Table sync: how fast a replica takes a long log, how soon it has what was edited elsewhere, and what the change log
 * of a large cluster costs whoever asks it.
 */
export const rows = async (): Promise<BenchRow[]> => {
  const onPostgres = await withPostgres(async (server) => [
    ...(await applyRateRows(server)),
    ...(await lagRows(server)),
    ...(await longLogRows(server)),
  ])
  const onMariadb = await withMariadb(lagRows)
  if (!onMariadb) say('MariaDB is not installed: its row is left out')
  return [...onPostgres, ...(onMariadb ?? [])]
}
