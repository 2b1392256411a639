import { hideSecrets } from '../../../shared/domain/secret.ts'
import type { Run } from '../../../shared/domain/run.ts'
import type { RunRecord } from '../../data/repos/runs.ts'

/** A row of Task_History as callers see it: no lease, no internals, secrets hidden. */
export const toRun = (row: RunRecord): Run => {
  const {
    sortTime: _s,
    priority: _p,
    requestedBy: _r,
    incarnation: _i,
    leaseUntil: _l,
    updatedAt: _u,
    ...run
  } = row
  return { ...run, parameters: run.parameters && (hideSecrets(run.parameters) as Run['parameters']) }
}
