import type { Database, Tx, WriteContext } from '../../data/db.ts'
import { isOfflineRun } from '../../data/replica/offline-runs.ts'
import { findRun } from '../../data/repos/runs.ts'

/** Where the row of a run is: in the cluster database, or on the replica of this node while only that knows of it. */
export interface RunHome {
  of(historyId: string): Promise<Database>
  /** Writes where the run is; asked in the transaction, since it may have been delivered just before. */
  write<T>(historyId: string, context: WriteContext, work: (tx: Tx, now: string) => Promise<T>): Promise<T>
}

export const centreOnly = (db: Database): RunHome => ({
  of: () => Promise.resolve(db),
  write: (_historyId, context, work) => db.write(context, async (tx) => work(tx, await db.now())),
})

/** @param replica by the cluster's time; null: this node keeps none. */
export const runHomeOf = (centre: Database, replica: Database | null): RunHome =>
  replica ? createRunHome(centre, replica) : centreOnly(centre)

export const createRunHome = (centre: Database, replica: Database): RunHome => {
  /** A replica that cannot be read holds up no run that the cluster database has; of others nobody may think them gone. */
  const isHere = async (historyId: string): Promise<boolean> => {
    try {
      return await isOfflineRun(replica.look, historyId)
    } catch (error) {
      if (await findRun(centre.look, historyId)) return false
      throw error
    }
  }
  const central = centreOnly(centre)
  return {
    of: async (historyId) => ((await isHere(historyId)) ? replica : centre),
    write: async (historyId, context, work) => {
      if (!(await isHere(historyId))) return central.write(historyId, context, work)
      const done = await replica.write(context, async (tx) =>
        (await isOfflineRun(tx, historyId)) ? { value: await work(tx, await replica.now()) } : null,
      )
      return done ? done.value : central.write(historyId, context, work)
    },
  }
}
