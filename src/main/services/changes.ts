import { AppError } from '../../shared/domain/errors.ts'
import type { RevertInput, RevertResult } from '../../shared/domain/change.ts'
import type { Database, Query, Tx } from '../data/db.ts'
import { allCursors } from '../data/replica/cursor.ts'
import {
  changeIdsByOrigin,
  changeIdsByTransaction,
  changesOfTransactions,
  findChange,
  listChanges,
  type ChangeRow,
} from '../data/repos/changes.ts'
import type { Caller } from './caller.ts'
import { planInverse, type Inverse } from './changes/plan.ts'
import {
  hideImage,
  REVERT_ORIGIN,
  revertedBy,
  toChange,
  toDetail,
  type ChangeTies,
} from './changes/records.ts'
import type { EventBus } from './events.ts'
import type { Services } from './services.ts'
import type { SaveContext } from './tasks/save.ts'

export interface ChangesDeps {
  db: Database
  events: EventBus
  secrets: SaveContext['secrets']
  /** Change tracking is on: else there is nothing to take back. */
  tracking: boolean
  /** Numbers what was committed (sequencer.ts): the list is in the order of numbers. */
  number: () => Promise<unknown>
  /** A node's row was written: this node reads its own anew. */
  nodeChanged: (nodeId: string) => Promise<void>
  wake: () => void
}

/** @throws AppError NOT_FOUND */
const changeOr404 = async (db: Query, changeId: string): Promise<ChangeRow> => {
  const change = await findChange(db, changeId)
  if (!change) throw new AppError('NOT_FOUND', `There is no change ${changeId}.`)
  return change
}

/** Which replicas hold a change is told by the place in the log that each has reached. */
const syncedNodesOf = async (db: Database): Promise<(row: ChangeRow) => string[]> => {
  const cursors = await allCursors(db.read)
  return ({ seq }) =>
    seq === null ? [] : cursors.filter((cursor) => cursor.seq >= seq).map((cursor) => cursor.nodeId)
}

const tiesOf = async (db: Database, rows: readonly ChangeRow[]): Promise<(row: ChangeRow) => ChangeTies> => {
  const related = await relatedOf(db.read, rows)
  const syncedNodes = await syncedNodesOf(db)
  return (row) => ({ related: related(row), syncedNodes: syncedNodes(row) })
}

/** Changes of the same transaction, the ones that took this back, and the one this took back. */
const relatedOf = async (db: Query, rows: readonly ChangeRow[]): Promise<(row: ChangeRow) => string[]> => {
  const transactions = rows.flatMap((row) => (row.transactionId ? [row.transactionId] : []))
  const byTransaction = await changeIdsByTransaction(db, [...new Set(transactions)])
  const reverts = await changeIdsByOrigin(
    db,
    rows.map((row) => REVERT_ORIGIN + row.changeId),
  )
  return (row) => [
    ...new Set([
      ...(byTransaction.get(row.transactionId ?? '') ?? []),
      ...(reverts.get(REVERT_ORIGIN + row.changeId) ?? []),
      ...[revertedBy(row)].filter((id) => id !== null),
    ]),
  ]
}

export const createChanges = (deps: ChangesDeps): Services['changes'] => {
  const { db } = deps
  return {
    list: async (_caller, filter) => {
      await deps.number()
      const page = await listChanges(db.read, filter)
      const ties = await tiesOf(db, page.items)
      return { items: page.items.map((row) => toChange(row, ties(row))), nextCursor: page.nextCursor }
    },
    get: async (_caller, changeId) => {
      const row = await changeOr404(db.read, changeId)
      const ties = await tiesOf(db, [row])
      return toDetail(row, ties(row))
    },
    revert: (caller, changeId, input) => revert(deps, caller, changeId, input),
  }
}

/** Newest first, so that each step finds the record as its change left it. */
const changesToRevert = async (tx: Tx, change: ChangeRow, input: RevertInput): Promise<ChangeRow[]> => {
  const whole = (input.transaction || change.action === 'DELETE') && change.transactionId !== null
  const changes = whole ? await changesOfTransactions(tx, [change.transactionId ?? '']) : [change]
  // Schedule rows follow their task: they come and go with it, and are restored only with its deletion.
  const wanted = changes.filter(
    (one) => one.changeId === change.changeId || one.tableName !== 'Task_Schedule' || one.action === 'DELETE',
  )
  const newestFirst = wanted.reverse()
  // A restored task brings its rows up to date: they have to be there before it, or it would make new ones.
  return [
    ...newestFirst.filter((one) => one.tableName === 'Task_Schedule'),
    ...newestFirst.filter((one) => one.tableName !== 'Task_Schedule'),
  ]
}

const revert = async (
  deps: ChangesDeps,
  caller: Caller,
  changeId: string,
  input: RevertInput,
): Promise<RevertResult> => {
  const { db } = deps
  if (!deps.tracking)
    throw new AppError(
      'CONFLICT',
      'Change tracking is off (database.options.enableChangeTracking): nothing can be taken back.',
    )
  const origin = REVERT_ORIGIN + changeId
  const reason = caller.reason ?? `revert of change ${changeId}`
  const result = await db.write({ actor: caller.actor, reason, origin }, async (tx) => {
    const changes = await changesToRevert(tx, await changeOr404(tx, changeId), input)
    const context = {
      tx,
      actor: caller.actor,
      now: await db.now(),
      secrets: deps.secrets,
    }
    const known = new Set((await changeIdsByOrigin(tx, [origin])).get(origin))
    const items = input.dryRun ? await preview(tx, changes) : await apply(context, changes, input.force)
    const written = (await changeIdsByOrigin(tx, [origin])).get(origin) ?? []
    return {
      reverted: !input.dryRun,
      items: items.map(shown),
      changeIds: written.filter((id) => !known.has(id)),
    }
  })
  if (result.reverted) await announce(deps, result)
  return result
}

const preview = async (tx: Tx, changes: readonly ChangeRow[]): Promise<Inverse[]> => {
  const items: Inverse[] = []
  for (const change of changes) items.push(await planInverse(tx, change))
  return items
}

/** @throws AppError CONFLICT with the preview when later changes stand in the way and nobody forces. */
const apply = async (
  context: SaveContext,
  changes: readonly ChangeRow[],
  force: boolean,
): Promise<Inverse[]> => {
  const items: Inverse[] = []
  for (const change of changes) {
    const item = await planInverse(context.tx, change)
    items.push(item)
    if (item.preview.conflicts.length > 0 && !force) throw conflict(items)
    await write(context, item)
  }
  return items
}

const write = (
  context: SaveContext,
  { change, table, image, preview: { action, fields } }: Inverse,
): Promise<void> => {
  if (action === 'DELETE') return table.remove(context, change.recordId)
  if (action === 'INSERT') return table.restore(context, change.recordId, image)
  return fields.length > 0 ? table.update(context, change.recordId, image) : Promise.resolve()
}

const conflict = (items: readonly Inverse[]): AppError => {
  const fields = items.flatMap((item) => item.preview.conflicts.map((one) => one.field))
  return new AppError(
    'CONFLICT',
    `A later change touched ${[...new Set(fields)].join(', ')}; look at the preview, then revert with force to overwrite it.`,
    { data: { items: items.map(shown) } },
  )
}

const shown = ({ preview: one }: Inverse): RevertResult['items'][number] => ({
  ...one,
  fields: one.fields.map((field) => ({
    ...field,
    old: hideImage({ [field.field]: field.old })?.[field.field] ?? null,
    new: hideImage({ [field.field]: field.new })?.[field.field] ?? null,
  })),
  conflicts: one.conflicts.map((field) => ({
    ...field,
    current: hideImage({ [field.field]: field.current })?.[field.field] ?? null,
  })),
})

const announce = async (deps: ChangesDeps, result: RevertResult): Promise<void> => {
  for (const { tableName, recordId: id } of result.items) {
    if (tableName === 'Tasks') deps.events.emit({ type: 'task.changed', id, taskId: id })
    if (tableName !== 'Nodes') continue
    await deps.nodeChanged(id)
    deps.events.emit({ type: 'node.changed', id })
  }
  for (const id of result.changeIds) deps.events.emit({ type: 'change.recorded', id })
  deps.wake()
}
