import { AppError } from '../../shared/domain/errors.ts'
import { createNoteAhead, withoutLease, type Offline } from '../services/engine/offline.ts'
import { createScheduler, type Scheduler, type SchedulerDeps } from '../services/engine/scheduler.ts'
import { takeStock, type StockDeps } from '../services/engine/stock.ts'
import type { Log } from '../platform/log.ts'

export interface SchedulersDeps extends SchedulerDeps, Pick<StockDeps, 'journalDir' | 'live'> {
  offline: Offline | null
  log: Log
}

const awayNow = (): AppError =>
  new AppError('UNAVAILABLE', 'The cluster database is away; what is pinned to this node goes on.')

/** The look at the clock: at the cluster database, and while that is away at the replica, for what is pinned here. */
export const createSchedulers = (deps: SchedulersDeps): Scheduler => {
  const { offline, self } = deps
  if (!offline) return createScheduler(deps)
  const central = createScheduler({
    ...deps,
    onMoving: createNoteAhead(offline, { ...deps, nodeId: self.nodeId }),
    withoutPinned: offline.isFilling,
    turn: (work) => offline.turn(() => (offline.isOffline() ? Promise.reject(awayNow()) : work())),
  })
  const local = createScheduler({
    ...deps,
    db: offline.db,
    onReplica: true,
    // Nothing of it waits longer than this node is away.
    onSetBack: () => Promise.resolve(),
    dispatch: (claimed, heldSince) => deps.dispatch(withoutLease(claimed), heldSince),
  })
  const stock = { ...deps, replica: offline.db, nodeId: self.nodeId }
  const lookOffline = (): Promise<number> =>
    offline.turn(async () => {
      // It came back while this look waited for its turn.
      if (!offline.isOffline()) return 0
      await takeStock(stock)
      return local.tick()
    })
  return {
    tick: () => (offline.isOffline() ? lookOffline() : central.tick()),
    status: () => (offline.isOffline() ? local : central).status(),
    stopClaiming: async () => {
      await central.stopClaiming()
      await local.stopClaiming()
    },
  }
}
