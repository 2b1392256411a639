import { withPostgres } from './support/server-claims/servers.ts'
import type { BenchRow } from './support/rows.ts'
import { applyRateRows } from './support/sync/apply-rate.ts'

/** Table sync. */
export const rows = (): Promise<BenchRow[]> => withPostgres(applyRateRows)
