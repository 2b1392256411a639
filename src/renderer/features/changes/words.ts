import type { Change, FieldChange } from '../../../shared/domain/change.ts'
import { KEPT_FIELDS } from '../../../shared/domain/diff.ts'
import { fieldWords } from '../../lib/change-words.ts'
import { isObject } from '../../lib/field-values.ts'
import { things } from '../../lib/format.ts'
import { looks } from '../../theme/states.tsx'
import { setWords } from '../../ui/filter-options.ts'

/** Changes in words. */

/** Kept by the service with every edit: shown last, and not counted as what somebody changed. */
export const isKept = (field: string): boolean =>
  KEPT_FIELDS.includes(field) || field === 'createdBy' || field === 'createdAt'

/** `changed 3 fields of`, `created`, `deleted`: stands between the actor and the record. */
export const actionWords = (change: Change): string => {
  if (change.action !== 'UPDATE') return looks[change.action].word.toLowerCase()
  return `${change.revertOf ? 'reverted' : 'changed'} ${fieldWords(change)} of`
}

const VALUE_FIELDS = new Set(['parameters', 'environment', 'limits'])

/** `parameters` one by one: `parameters.remoteDir`. A replaced secret looks the same on both sides. */
const byName = ({ field, old, new: next, changedSecrets = [] }: FieldChange): FieldChange[] => {
  if (!VALUE_FIELDS.has(field) || !isObject(old) || !isObject(next)) return [{ field, old, new: next }]
  const names = [...new Set([...Object.keys(old), ...Object.keys(next)])]
  const shown = names.filter(
    (name) => changedSecrets.includes(name) || JSON.stringify(old[name]) !== JSON.stringify(next[name]),
  )
  return shown.map((name) => ({ field: `${field}.${name}`, old: old[name] ?? null, new: next[name] ?? null }))
}

/** What somebody changed first, what the service keeps last. */
export const shownFields = (diff: readonly FieldChange[]): FieldChange[] => {
  const fields = diff.flatMap(byName).filter((one) => one.old !== null || one.new !== null)
  return [...fields.filter((one) => !isKept(one.field)), ...fields.filter((one) => isKept(one.field))]
}

/** `9 of 12 nodes; not yet on edge-fra-01, ops-03`: of the nodes that keep a replica. */
export const replicaWords = (
  keeping: readonly { nodeId: string; nodeName: string }[],
  synced: readonly string[],
): string => {
  const missing = keeping.filter(({ nodeId }) => !synced.includes(nodeId)).map(({ nodeName }) => nodeName)
  const held = `${keeping.length - missing.length} of ${things(keeping.length, 'node')}`
  return missing.length === 0 ? held : `${held}; not yet on ${setWords(missing)}`
}
