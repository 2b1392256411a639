import type { Image } from '../../../shared/domain/change.ts'
import { diffImages, withoutKept } from '../../../shared/domain/diff.ts'
import { clampHybrid } from '../../../shared/domain/hlc.ts'
import { mergeRecord, type Merged } from '../../../shared/domain/merge.ts'
import type { ConflictPolicy, PushOutcome } from '../../../shared/domain/sync.ts'
import type { OpenDatabase } from '../../data/db.ts'
import { DuplicateRecord } from '../../data/errors.ts'
import type { PendingRow } from '../../data/replica/pending.ts'
import { findApplied, insertApplied } from '../../data/repos/conflicts.ts'
import { lockTask } from '../../data/repos/locks.ts'
import { newId } from '../../platform/ids.ts'
import { certainImageOf } from '../changes/images.ts'
import { restorable } from '../changes/restorable.ts'
import type { SaveContext } from '../tasks/save.ts'
import { freeName, NAME_FIELDS } from './free-name.ts'
import { noteConflict, type ConflictNote } from './note-conflict.ts'
import { latestEdits, newerSide } from './latest-edits.ts'

/*
 * The cluster database takes an edit that was made on a replica: one transaction for each, which merges it with what
 * others wrote meanwhile, notes every conflict, and remembers the edit so that a second delivery changes nothing.
 */

export interface TakeDeps {
  /** The cluster database. */
  centre: OpenDatabase
  secrets: SaveContext['secrets']
  policyOf: (tableName: string) => ConflictPolicy
}

/** An edit as it is delivered: what was edited, and the schedule rows that were made with it. */
export interface OfflineEdit {
  edit: PendingRow
  rows: readonly PendingRow[]
}

/** @throws AppError when the edit cannot be taken as it is: it waits, and so do later ones of its record. */
export const takeEdit = async (
  deps: TakeDeps,
  nodeId: string,
  offline: OfflineEdit,
): Promise<PushOutcome> => {
  for (let tries = 1; ; tries += 1)
    try {
      return await takeOnce(deps, nodeId, offline)
    } catch (error) {
      // Somebody took the name that was free a moment ago: now it is seen, and another one found.
      if (!(error instanceof DuplicateRecord) || tries === TRIES) throw error
    }
}

const TRIES = 3

const takeOnce = async (deps: TakeDeps, nodeId: string, offline: OfflineEdit): Promise<PushOutcome> => {
  const { centre } = deps
  const { edit } = offline
  const transactionId = newId()
  const context = {
    actor: edit.changedBy ?? 'system',
    reason: edit.changeReason,
    origin: `sync:${nodeId}`,
    transactionId,
  }
  return centre.write(context, async (tx) => {
    const now = await centre.now()
    // Locked first: two deliveries of one edit, and two edits of one task, come after each other.
    await lockTask(tx, edit.recordId)
    const applied = await findApplied(tx, edit.changeId)
    if (applied) return applied.outcome
    const save: SaveContext = { tx, actor: context.actor, now, secrets: deps.secrets }
    const outcome = await mergeInto(deps, { save, nodeId, offline })
    await insertApplied(tx, {
      changeId: edit.changeId,
      nodeId,
      transactionId: outcome === 'Unchanged' ? null : transactionId,
      hlc: clampHybrid(edit.hlc, Date.parse(now)),
      outcome,
      appliedAt: now,
    })
    return outcome
  })
}

interface Taking {
  save: SaveContext
  nodeId: string
  offline: OfflineEdit
}

const mergeInto = async (deps: TakeDeps, taking: Taking): Promise<PushOutcome> => {
  const { save, offline } = taking
  const { edit } = offline
  const { tableName, recordId } = edit
  const table = restorable(tableName)
  const base = certainImageOf(tableName, edit.oldData)
  const mine = certainImageOf(tableName, edit.newData)
  const theirs = await table.read(save.tx, recordId)
  const policy = deps.policyOf(tableName)
  const theirEdits = await latestEdits(save.tx, tableName, recordId)
  const hlc = clampHybrid(edit.hlc, Date.parse(save.now))
  const winner = (fields: readonly string[]) =>
    policy === 'manual' ? 'theirs' : newerSide(hlc, theirEdits, fields)
  const merged = mergeRecord({ tableName, base, mine, theirs, winner })
  const note: ConflictNote = { ...taking, policy, theirEdits, record: merged.record ?? theirs ?? base }
  if (merged.conflict) await noteConflict(note, merged.conflict)
  const renamed = await withFreeName(note, merged, tableName)
  await write(taking, table, { theirs, merged: renamed })
  return outcomeOf(renamed, mine, renamed !== merged)
}

/** The record under a name that nobody else has; a name that was taken gets a suffix, and a conflict says so. */
const withFreeName = async (note: ConflictNote, merged: Merged, tableName: string): Promise<Merged> => {
  const { record } = merged
  if (!record || tableName !== 'Tasks') return merged
  if (!NAME_FIELDS.some((field) => merged.changed.includes(field))) return merged
  const free = await freeName(note.save.tx, record)
  if (free === record['taskName']) return merged
  const taken = record['taskName'] ?? null
  await noteConflict(note, {
    kind: 'NameTaken',
    fields: [{ field: 'taskName', base: null, mine: taken, theirs: taken, taken: 'merged', value: free }],
  })
  return { ...merged, record: { ...record, taskName: free } }
}

const write = async (
  { save, offline }: Taking,
  table: ReturnType<typeof restorable>,
  { theirs, merged }: { theirs: Image | null; merged: Merged },
): Promise<void> => {
  const { edit, rows } = offline
  const { record, changed } = merged
  if (!record) {
    if (theirs) await table.remove(save, edit.recordId)
    return
  }
  if (!theirs) {
    // Before the task: it would make new ones, and slots that ran offline belong to these.
    for (const row of rows) await restoreRow(save, row, edit.recordId)
    await table.restore(save, edit.recordId, record)
    return
  }
  if (changed.length === 0) return
  const fields = changed.map((field) => [field, record[field] ?? null])
  await table.update(save, edit.recordId, Object.fromEntries(fields) as Image)
}

/** Several tasks may have been made with one edit. */
const restoreRow = async (save: SaveContext, row: PendingRow, taskId: string): Promise<void> => {
  const image = certainImageOf(row.tableName, row.newData)
  if (image?.['taskId'] === taskId) await restorable(row.tableName).restore(save, row.recordId, image)
}

const outcomeOf = (
  { changed, conflict, record }: Merged,
  mine: Image | null,
  renamed: boolean,
): PushOutcome => {
  if (conflict || renamed) return 'Conflict'
  if (!record) return 'Accepted'
  if (changed.length === 0) return 'Unchanged'
  return withoutKept(diffImages(record, mine)).length === 0 ? 'Accepted' : 'Merged'
}
