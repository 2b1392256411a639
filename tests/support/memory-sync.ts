import { AppError } from '../../src/shared/domain/errors.ts'
import { withoutSync } from '../../src/main/services/sync.ts'
import type { Services } from '../../src/main/services/services.ts'

/** What the memory node answers of table sync: it keeps no replica, and has no conflicts. */
export const memorySync = (): Pick<Services, 'sync' | 'conflicts'> => ({
  sync: withoutSync('The cluster database is a file of this machine: there is nothing to sync.', {
    interval: 60,
    tables: ['Tasks', 'Task_Schedule', 'Nodes'],
  }),
  conflicts: {
    list: async () => ({ items: [], nextCursor: null }),
    get: async (_caller, id) => Promise.reject(new AppError('NOT_FOUND', `There is no conflict ${id}.`)),
    resolve: async (_caller, { conflictId }) =>
      Promise.reject(new AppError('NOT_FOUND', `There is no conflict ${conflictId}.`)),
  },
})
