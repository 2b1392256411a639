import { createStore, type StoreApi } from 'zustand/vanilla'
import type { TaskLock, TaskLockInput, TaskLockPatch } from '../../../../shared/domain/cluster.ts'
import type { AppClient } from '../../../client.ts'
import { idle, settle, waiting, type Loadable } from '../../../lib/loadable.ts'

/** Lock groups: how many runs of the tasks that name one may go on at once. */
export interface LocksState {
  locks: Loadable<TaskLock[]>
  load: () => Promise<void>
  create: (input: Pick<TaskLockInput, 'lockName' | 'maxConcurrent'>) => Promise<void>
  /** @throws AppError CONFLICT when somebody changed it meanwhile; what is there now is read again */
  update: (lock: TaskLock, patch: TaskLockPatch) => Promise<void>
  /** @throws AppError CONFLICT while tasks name it */
  remove: (lock: TaskLock) => Promise<void>
}

export const createLocksStore = (client: Pick<AppClient, 'locks'>): StoreApi<LocksState> =>
  createStore<LocksState>()((set, get) => {
    const read = client.locks
    const load = async (): Promise<void> => {
      set({ locks: waiting(get().locks) })
      const items = read.list({}).then((answer) => answer.items)
      set({ locks: await settle(get().locks, items) })
    }
    /** Whether it was done or refused: what is there is shown. */
    const act = async (work: Promise<unknown>): Promise<void> => {
      try {
        await work
      } finally {
        await load()
      }
    }
    return {
      locks: idle,
      load,
      create: (input) => act(client.locks.create(input)),
      update: (lock, patch) =>
        act(client.locks.update({ lockId: lock.lockId, ...patch }, { context: { ifMatch: lock.version } })),
      remove: (lock) =>
        act(client.locks.remove({ lockId: lock.lockId }, { context: { ifMatch: lock.version } })),
    }
  })
