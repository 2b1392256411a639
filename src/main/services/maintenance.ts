import type { Log } from '../platform/log.ts'

/** Retention: old history and changes go in small batches, so that nothing waits for a purge. */
export interface MaintenanceDeps {
  /** Ends early at `signal`: a node that closes does not wait for a long purge. */
  purge: (
    retention: { historyDays: number; changeDays: number },
    signal: AbortSignal,
  ) => Promise<{ history: number; changes: number }>
  retention: { historyDays: number; changeDays: number }
  log: Log
}

export const createMaintenance = (deps: MaintenanceDeps) => ({
  run: async (signal: AbortSignal): Promise<void> => {
    const purged = await deps.purge(deps.retention, signal)
    if (purged.history + purged.changes > 0)
      deps.log.info(`retention: ${purged.history} runs and ${purged.changes} changes removed`)
  },
})
