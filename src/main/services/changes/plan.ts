import { diffImages, sameJson, withoutKept } from '../../../shared/domain/diff.ts'
import { AppError } from '../../../shared/domain/errors.ts'
import type { FieldChange, Image, RevertPreview } from '../../../shared/domain/change.ts'
import type { Tx } from '../../data/db.ts'
import { certainImageOf as imageOf } from './images.ts'
import { laterChanges, type ChangeRow } from '../../data/repos/changes.ts'
import { restorable, type RestorableTable } from './restorable.ts'

/** What taking a change back would write, and what stands in its way. Nothing is written here. */

export interface Inverse {
  change: ChangeRow
  table: RestorableTable
  /** What to write: the old values (UPDATE), the whole old record (undo of a DELETE), or nothing (of an INSERT). */
  image: Image
  preview: RevertPreview
}

/** @throws AppError CONFLICT where taking it back is refused, whoever forces it. */
export const planInverse = async (tx: Tx, change: ChangeRow): Promise<Inverse> => {
  const table = restorable(change.tableName)
  const before = imageOf(change.tableName, change.oldData)
  const after = imageOf(change.tableName, change.newData)
  const current = await table.read(tx, change.recordId)
  const later = (await laterChanges(tx, change.tableName, change.recordId, change.localSeq)).reverse()
  const plan = { INSERT: undoInsert, UPDATE: undoUpdate, DELETE: undoDelete }[change.action]
  const { fields, touched, action } = plan(change, { before, after, current })
  const refusal = table.refuses(
    action,
    fields.map((one) => one.field),
  )
  if (refusal) throw new AppError('CONFLICT', refusal)
  return {
    change,
    table,
    image:
      action === 'INSERT' ? (before ?? {}) : Object.fromEntries(fields.map((one) => [one.field, one.new])),
    preview: {
      tableName: change.tableName,
      recordId: change.recordId,
      action,
      fields,
      conflicts: touched.map((field) => conflictOf(field, current, later)),
    },
  }
}

interface Images {
  before: Image | null
  after: Image | null
  current: Image | null
}
interface Undo {
  action: RevertPreview['action']
  fields: FieldChange[]
  /** Fields that do not hold what this change wrote any more. */
  touched: string[]
}

const undoUpdate = (change: ChangeRow, { before, after, current }: Images): Undo => {
  if (!current)
    throw new AppError('CONFLICT', `${change.recordId} was deleted since; take back its deletion first.`)
  const changed = withoutKept(diffImages(before, after))
  const open = changed.filter((one) => !sameJson(current[one.field] ?? null, one.old))
  return {
    action: 'UPDATE',
    fields: open.map((one) => ({ field: one.field, old: current[one.field] ?? null, new: one.old })),
    touched: open.filter((one) => !sameJson(current[one.field] ?? null, one.new)).map((one) => one.field),
  }
}

const undoInsert = (_change: ChangeRow, { after, current }: Images): Undo => ({
  action: 'DELETE',
  fields: diffImages(current, null),
  touched: current ? withoutKept(diffImages(after, current)).map((one) => one.field) : [],
})

const undoDelete = (change: ChangeRow, { before, current }: Images): Undo => {
  if (current)
    throw new AppError('CONFLICT', `${change.recordId} exists again; its deletion was taken back already.`)
  return { action: 'INSERT', fields: diffImages(null, before), touched: [] }
}

/** Who wrote the value that reverting would overwrite. */
const conflictOf = (field: string, current: Image | null, laterNewestFirst: readonly ChangeRow[]) => {
  const author = laterNewestFirst.find((row) =>
    diffImages(imageOf(row.tableName, row.oldData), imageOf(row.tableName, row.newData)).some(
      (one) => one.field === field,
    ),
  )
  return {
    field,
    current: current?.[field] ?? null,
    changedBy: author?.changedBy ?? null,
    changeId: author?.changeId ?? '',
  }
}
