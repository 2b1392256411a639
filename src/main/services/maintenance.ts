import type { Log } from '../platform/log.ts'

/** Retention: old history and changes go in small batches, so that nothing waits for a purge. */
export interface MaintenanceDeps {
  purge: (retention: {
    historyDays: number
    changeDays: number
  }) => Promise<{ history: number; changes: number }>
  retention: { historyDays: number; changeDays: number }
  log: Log
}

export const createMaintenance = (deps: MaintenanceDeps) => ({
  run: async (): Promise<void> => {
    const purged = await deps.purge(deps.retention)
    if (purged.history + purged.changes > 0)
      deps.log.info(`retention: ${purged.history} runs and ${purged.changes} changes removed`)
  },
})
