import type { Image } from '../../../shared/domain/change.ts'
import { AppError, badField } from '../../../shared/domain/errors.ts'
import { taskPatchSchema } from '../../../shared/domain/task.ts'
import { issueText, toIssues } from '../../../shared/domain/issues.ts'
import { FIELD_GROUPS } from '../../../shared/domain/merge.ts'
import type {
  Conflict,
  ConflictField,
  ConflictResolution,
  ResolveInput,
} from '../../../shared/domain/sync.ts'
import type { Database, Query, Tx } from '../../data/db.ts'
import {
  findConflict,
  listConflicts,
  lockConflict,
  updateConflict,
  type ConflictRow,
} from '../../data/repos/conflicts.ts'
import { findTask } from '../../data/repos/tasks.ts'
import type { Caller } from '../caller.ts'
import { hideImage } from '../changes/records.ts'
import { restorable } from '../changes/restorable.ts'
import type { EventBus } from '../events.ts'
import type { Services } from '../services.ts'
import type { SaveContext } from '../tasks/save.ts'
import type { ScriptChecks } from '../tasks/script-checks.ts'

/** The inbox of conflicts: what two edits did not agree in, and what somebody decides. */

export interface ConflictsDeps {
  db: Database
  events: EventBus
  secrets: SaveContext['secrets']
  scripts: Pick<ScriptChecks, 'outsideReason'>
  wake: () => void
}

export const createConflicts = (deps: ConflictsDeps): Services['conflicts'] => {
  const { db } = deps
  return {
    list: async (_caller, filter) => {
      const page = await listConflicts(db.read, filter)
      const items: Conflict[] = []
      for (const row of page.items) items.push(await toConflict(db.read, row))
      return { items, nextCursor: page.nextCursor }
    },
    get: async (_caller, conflictId) => toConflict(db.read, await conflictOr404(db.read, conflictId)),
    resolve: (caller, input) => resolve(deps, caller, input),
  }
}

/** @throws AppError NOT_FOUND */
const conflictOr404 = async (db: Query, conflictId: string): Promise<ConflictRow> => {
  const row = await findConflict(db, conflictId)
  if (!row) throw new AppError('NOT_FOUND', `There is no conflict ${conflictId}.`)
  return row
}

const toConflict = async (db: Query, row: ConflictRow): Promise<Conflict> => ({
  ...row,
  fields: row.fields.map(hideField),
  current: hideImage(await restorable(row.tableName).read(db as Tx, row.recordId)),
})

const hideField = (field: ConflictField): ConflictField => {
  const hidden = (value: Image[string]) => hideImage({ [field.field]: value })?.[field.field] ?? null
  return { ...field, base: hidden(field.base), mine: hidden(field.mine), theirs: hidden(field.theirs) }
}

const resolve = async (deps: ConflictsDeps, caller: Caller, input: ResolveInput): Promise<Conflict> => {
  const { db, events, secrets } = deps
  const { conflictId } = input
  await refuseOutside(deps, input)
  const reason = caller.reason ?? `resolves conflict ${conflictId}`
  const origin = `conflict:${conflictId}`
  const row = await db.write({ actor: caller.actor, reason, origin }, async (tx) => {
    const found = (await lockConflict(tx, conflictId)) ?? (await conflictOr404(tx, conflictId))
    const now = await db.now()
    const save: SaveContext = { tx, actor: caller.actor, now, secrets }
    const resolution = await applyDecision(save, found, input)
    const decided = { resolvedAt: now, resolvedBy: caller.actor, resolution, version: found.version + 1 }
    await updateConflict(tx, conflictId, decided)
    return { ...found, ...decided }
  })
  if (row.tableName === 'Tasks') events.emit({ type: 'task.changed', id: row.recordId, taskId: row.recordId })
  events.emit({ type: 'conflict.changed', id: conflictId })
  deps.wake()
  return toConflict(db.read, row)
}

const refuseOutside = async ({ scripts }: ConflictsDeps, { merged }: ResolveInput): Promise<void> => {
  const typed = merged?.scriptPath
  const reason = typeof typed === 'string' ? await scripts.outsideReason(typed) : null
  if (reason !== null) throw badField(['merged', 'scriptPath'], reason)
}

/** Decided once more, a decision is another edit: nothing is final but what the record holds. */
const applyDecision = async (
  save: SaveContext,
  row: ConflictRow,
  input: ResolveInput,
): Promise<ConflictResolution> => {
  const { take } = input
  const table = restorable(row.tableName)
  const current = await table.read(save.tx, row.recordId)
  if (take === 'mine' && row.kind === 'DeletedHere') {
    if (current) await table.remove(save, row.recordId)
    return take
  }
  if (!current) throw new AppError('CONFLICT', `The record was deleted since; take back its deletion first.`)
  // It stands as the others left it.
  if (take && row.kind === 'DeletedHere') return take
  if (take && row.kind === 'DeletedThere') {
    if (take === 'theirs') await table.remove(save, row.recordId)
    return take
  }
  const fields = take ? sideOf(row, take) : await chosen(save, row, input)
  await table.update(save, row.recordId, fields)
  return take ?? 'merged'
}

const sideOf = (row: ConflictRow, side: 'mine' | 'theirs'): Image =>
  Object.fromEntries(row.fields.map((field) => [field.field, field[side]]))

/** A value that was typed goes before the side of its field. */
const chosen = async (
  save: SaveContext,
  row: ConflictRow,
  { sides = {}, merged = {} }: ResolveInput,
): Promise<Image> => {
  refuseOthers(row, 'sides', Object.keys(sides), new Set(row.fields.map(({ field }) => field)))
  refuseOthers(row, 'merged', Object.keys(merged), fieldsAround(row))
  const taken = row.fields.flatMap((one) => {
    const side = sides[one.field]
    return side ? [[one.field, one[side]] as const] : []
  })
  return { ...Object.fromEntries(taken), ...(await typedTask(save, row.recordId, merged)) }
}

/** Only what the conflict is about, and what belongs to it: the rest has an editor of its own. */
const fieldsAround = (row: ConflictRow): Set<string> => {
  const own = row.fields.map(({ field }) => field)
  const groups = (FIELD_GROUPS[row.tableName] ?? []).filter((group) =>
    group.some((field) => own.includes(field)),
  )
  return new Set([...own, ...groups.flat()])
}

const refuseOthers = (
  { fields }: ConflictRow,
  input: 'sides' | 'merged',
  given: readonly string[],
  known: ReadonlySet<string>,
): void => {
  const odd = given.find((field) => !known.has(field))
  if (odd === undefined) return
  const names = fields.map(({ field }) => field).join(', ')
  throw badField([input, odd], `is not among the fields of this conflict: ${names}`)
}

/** As an edit of the task would be checked, secret values sealed. @throws AppError BAD_REQUEST naming the fields. */
const typedTask = async (save: SaveContext, taskId: string, merged: Image): Promise<Image> => {
  const parsed = taskPatchSchema.safeParse(merged)
  if (!parsed.success) {
    const issues = toIssues(parsed.error.issues).map((one) => ({ ...one, path: ['merged', ...one.path] }))
    throw new AppError('BAD_REQUEST', issueText(issues), { issues })
  }
  const row = await findTask(save.tx, taskId)
  const { parameters, environment } = parsed.data
  const { secrets } = save
  // Decoded by the same column types as an image is.
  const typed = {
    ...parsed.data,
    ...(parameters && { parameters: secrets.sealValues('parameters', parameters, row?.parameters ?? {}) }),
    ...(environment && {
      environment: secrets.sealValues('environment', environment, row?.environment ?? {}),
    }),
  }
  return typed as Image
}
