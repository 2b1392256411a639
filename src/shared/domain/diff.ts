import type { FieldChange, Image } from './change.ts'

/** Which fields differ between two images of a record. */

/** Kept by the service with every edit: no one's change, never taken back, never in conflict. */
export const KEPT_FIELDS: readonly string[] = ['modifiedBy', 'modifiedAt', 'version']

export const withoutKept = (changes: readonly FieldChange[]): FieldChange[] =>
  changes.filter((change) => !KEPT_FIELDS.includes(change.field))

/** Equality of JSON values; the order of an object's keys does not matter. */
export const sameJson = (a: unknown, b: unknown): boolean => {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))]
  return (
    left.length === right.size &&
    left.every(([key, value]) => right.has(key) && sameJson(value, right.get(key)))
  )
}

/**
 * Field by field, in the order of the record's columns; a field one image lacks (another schema version)
 * counts as null there.
 */
export const diffImages = (before: Image | null, after: Image | null): FieldChange[] => {
  const fields = [...new Set([...Object.keys(after ?? {}), ...Object.keys(before ?? {})])]
  return fields
    .map((field) => ({ field, old: before?.[field] ?? null, new: after?.[field] ?? null }))
    .filter((change) => !sameJson(change.old, change.new))
}
