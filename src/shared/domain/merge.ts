import type { Image } from './change.ts'
import { KEPT_FIELDS, sameJson } from './diff.ts'
import type { ConflictField, ConflictKind } from './sync.ts'

/**
 * Three-way merge of one record by its base image (replication.md §5): what only one side changed is taken, what both
 * changed differently is a conflict, always told. Version numbers decide nothing: they can be equal by accident.
 */

/** Fields that only make sense together: they are taken from one side as one. */
export const FIELD_GROUPS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Tasks: [
    ['scriptPath', 'scriptHash', 'scriptType'],
    ['schedule', 'timeZone'],
    ['assignedNodeId', 'assignedNodeGroup', 'assignedNodeRole', 'runOn'],
  ],
}

/** Whose value a group of fields keeps that both sides changed. */
export type Side = 'mine' | 'theirs'

export interface MergeInput {
  tableName: string
  /** The record that the offline edit began with; null: it made the record. */
  base: Image | null
  /** What the edit left; null: it deleted the record. */
  mine: Image | null
  /** The record in the cluster database now; null: there is none. */
  theirs: Image | null
  /** Decides between two edits of the same fields. */
  winner: (fields: readonly string[]) => Side
}

export interface Merged {
  /** The record as it is to be; null: deleted. */
  record: Image | null
  /** Fields in which `record` differs from `theirs`, without those that the service keeps itself. */
  changed: string[]
  conflict: { kind: Exclude<ConflictKind, 'NameTaken'>; fields: ConflictField[] } | null
}

export const mergeRecord = (input: MergeInput): Merged => {
  const { base, mine, theirs } = input
  if (!mine) return mergeDeletion(base, theirs)
  if (theirs) return mergeFields({ ...input, mine, theirs })
  const fields = base ? conflictFields(edited(base, mine), { base, mine, theirs: null }, 'mine') : []
  return {
    record: mine,
    changed: fieldsOf(mine, null),
    conflict: base ? { kind: 'DeletedThere', fields } : null,
  }
}

/** An edit that the deletion had not seen is stronger than it: the record stays. */
const mergeDeletion = (base: Image | null, theirs: Image | null): Merged => {
  if (!theirs) return { record: null, changed: [], conflict: null }
  const unseen = edited(base, theirs)
  if (unseen.length === 0) return { record: null, changed: [], conflict: null }
  const fields = conflictFields(unseen, { base, mine: null, theirs }, 'theirs')
  return { record: theirs, changed: [], conflict: { kind: 'DeletedHere', fields } }
}

const mergeFields = (input: MergeInput & { mine: Image; theirs: Image }): Merged => {
  const { base, mine, theirs, winner } = input
  const record: Image = { ...theirs }
  const conflicts: ConflictField[] = []
  for (const group of groupsOf(input.tableName, fieldsOf(mine, theirs))) {
    const here = group.filter((field) => !same(mine, base, field))
    const there = group.filter((field) => !same(theirs, base, field))
    const agree = group.every((field) => same(mine, theirs, field))
    if (here.length === 0 || agree) continue
    const side = there.length === 0 ? 'mine' : winner(group)
    if (there.length > 0) {
      const apart = group.filter((field) => !same(mine, theirs, field))
      conflicts.push(...conflictFields(apart, { base, mine, theirs }, side))
    }
    if (side === 'mine')
      for (const field of group) if (Object.hasOwn(mine, field)) record[field] = mine[field] ?? null
  }
  return {
    record,
    changed: fieldsOf(record, theirs).filter((field) => !same(record, theirs, field)),
    conflict: conflicts.length > 0 ? { kind: 'Edit', fields: conflicts } : null,
  }
}

/** Fields of `after` that differ from `before`. */
const edited = (before: Image | null, after: Image): string[] =>
  fieldsOf(after, before).filter((field) => !same(after, before, field))

/** A field that one side lacks (another schema version wrote it) is not an edit. */
const same = (a: Image | null, b: Image | null, field: string): boolean => {
  if (a && b && Object.hasOwn(a, field) !== Object.hasOwn(b, field)) return true
  return sameJson(a?.[field] ?? null, b?.[field] ?? null)
}

const fieldsOf = (a: Image, b: Image | null): string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b ?? {})])].filter((field) => !KEPT_FIELDS.includes(field))

const groupsOf = (tableName: string, fields: readonly string[]): string[][] => {
  const groups = FIELD_GROUPS[tableName] ?? []
  const together = groups.map((group) => group.filter((field) => fields.includes(field)))
  const alone = fields.filter((field) => !groups.some((group) => group.includes(field)))
  return [...together.filter((group) => group.length > 0), ...alone.map((field) => [field])]
}

const conflictFields = (
  fields: readonly string[],
  { base, mine, theirs }: { base: Image | null; mine: Image | null; theirs: Image | null },
  taken: Side,
): ConflictField[] =>
  fields.map((field) => ({
    field,
    base: base?.[field] ?? null,
    mine: mine?.[field] ?? null,
    theirs: theirs?.[field] ?? null,
    taken,
  }))
