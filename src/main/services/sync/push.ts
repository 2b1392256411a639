import { messageOf } from '../../../shared/domain/errors.ts'
import type { PushOutcome } from '../../../shared/domain/sync.ts'
import type { OpenDatabase } from '../../data/db.ts'
import {
  deleteFollowers,
  deletePending,
  EDITED,
  notePendingProblem,
  pendingChanges,
  pendingOfTransaction,
  type PendingRow,
} from '../../data/replica/pending.ts'
import { settleTask } from '../../data/replica/settle.ts'
import { isRefused } from './refused.ts'
import { takeEdit, type TakeDeps } from './take-edit.ts'

export interface PushDeps extends TakeDeps {
  replica: OpenDatabase
  nodeId: string
}

/** What became of one offline edit. */
export interface Pushed {
  tableName: string
  recordId: string
  outcome: PushOutcome
}

export interface PushResult {
  delivered: Pushed[]
  /** Edits that the cluster database does not take as they are, and did not refuse for the same reason before. */
  refused: number
}

/**
 * Delivers the edits that wait on the replica, in their order. One that is refused stays, with the reason, and holds
 * up later ones of its record only.
 *
 * @param result is added to as it goes: whoever is told of an error knows by it what was delivered before.
 * @throws DatabaseFailure when the cluster database cannot be asked: what was delivered is, the rest waits.
 */
export const pushEdits = async (
  deps: PushDeps,
  signal: AbortSignal,
  result: PushResult = { delivered: [], refused: 0 },
): Promise<PushResult> => {
  const held = new Set<string>()
  let after = 0
  for (;;) {
    const edits = await pendingChanges(deps.replica.look, after)
    if (edits.length === 0) break
    for (const edit of edits) {
      signal.throwIfAborted()
      after = edit.pendingSeq
      if (edit.tableName !== EDITED) continue
      const isHeld = held.has(edit.recordId)
      const problem = isHeld
        ? 'waits for an earlier edit of the same task'
        : await deliver(deps, edit, result.delivered)
      if (problem === null) continue
      held.add(edit.recordId)
      if (edit.problem === problem) continue
      if (!isHeld) result.refused += 1
      await deps.replica.write(APPLIES, (tx) => notePendingProblem(tx, edit.changeId, problem))
    }
  }
  // Schedule rows follow their task: once it was taken the cluster database has its own.
  await deps.replica.write(APPLIES, deleteFollowers)
  return result
}

const APPLIES = { actor: 'system', applies: true } as const

/** Null when it was taken, else why not. */
const deliver = async (deps: PushDeps, edit: PendingRow, delivered: Pushed[]): Promise<string | null> => {
  const companions = edit.transactionId
    ? await pendingOfTransaction(deps.replica.look, edit.transactionId)
    : []
  const ofTask = companions.filter(
    ({ tableName, newData, action }) =>
      tableName === 'Task_Schedule' && newData !== null && action === 'INSERT',
  )
  try {
    const outcome = await takeEdit(deps, deps.nodeId, { edit, rows: ofTask })
    await settleTask({ ...deps, taskId: edit.recordId, done: (tx) => deletePending(tx, [edit.changeId]) })
    delivered.push({ tableName: edit.tableName, recordId: edit.recordId, outcome })
    return null
  } catch (error) {
    if (!isRefused(error)) throw error
    return messageOf(error)
  }
}
