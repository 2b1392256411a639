import { AppError } from '../../../shared/domain/errors.ts'
import type { OpenDatabase } from '../../data/db.ts'
import { deleteFollowers, deletePending, findPending, pendingFrom } from '../../data/replica/pending.ts'
import { settleTask } from '../../data/replica/settle.ts'

/**
 * Gives up an edit that the cluster database refused, and the later ones of its record, which build on it: the record is
 * then what the cluster database has.
 * @returns the record's id.
 * @throws AppError NOT_FOUND; CONFLICT for one that was not refused; DatabaseFailure while the cluster database is away.
 */
export const giveUpEdit = async (
  { centre, replica }: { centre: OpenDatabase; replica: OpenDatabase },
  changeId: string,
): Promise<string> => {
  const edit = await findPending(replica.look, changeId)
  if (!edit) throw new AppError('NOT_FOUND', 'This edit does not wait here (any more).')
  if (edit.problem === null)
    throw new AppError(
      'CONFLICT',
      'This edit was not refused: it is delivered when the cluster database is there.',
    )
  const { recordId } = edit
  const given = await pendingFrom(replica.look, edit)
  await settleTask({
    ...{ centre, replica, taskId: recordId },
    done: async (tx) => {
      await deletePending(tx, given)
      await deleteFollowers(tx)
    },
  })
  return recordId
}
