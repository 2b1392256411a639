import { describeSchedule } from '../../../shared/domain/schedule/describe.ts'
import type { Change, FieldChange } from '../../../shared/domain/change.ts'
import type { ScheduleSpec } from '../../../shared/domain/schedule/spec.ts'
import { KEPT_FIELDS } from '../../../shared/domain/diff.ts'
import { looks } from '../../theme/states.tsx'
import { things } from '../../lib/format.ts'

/** Changes in words. */

/** Kept by the service with every edit: shown last, and not counted as what somebody changed. */
export const isKept = (field: string): boolean =>
  KEPT_FIELDS.includes(field) || field === 'createdBy' || field === 'createdAt'

const TABLES: Record<string, string> = {
  Tasks: 'task',
  Task_Schedule: 'schedule row',
  Nodes: 'node',
  Task_Lock: 'lock group',
  Api_Token: 'token',
}

export const tableWord = (tableName: string): string => TABLES[tableName] ?? tableName

export const TABLE_OPTIONS = Object.entries(TABLES).map(([value, label]) => ({
  value,
  label: `${label.slice(0, 1).toUpperCase()}${label.slice(1)}s`,
}))

/** `Backup`, `node ops-01`, `schedule row 0190b2c4`. */
export const recordWords = (change: Change): string => {
  if (change.tableName === 'Tasks' && change.recordName) return change.recordName
  return `${tableWord(change.tableName)} ${change.recordName ?? change.recordId.slice(0, 8)}`
}

export const actorWords = (change: Change): string => change.changedBy ?? 'somebody'

/** `changed 3 fields of`, `created`, `deleted`: stands between the actor and the record. */
export const actionWords = (change: Change): string => {
  if (change.action !== 'UPDATE') return looks[change.action].word.toLowerCase()
  return `${change.revertOf ? 'reverted' : 'changed'} ${fieldWords(change)} of`
}

/** `schedule`, `3 fields`. */
const fieldWords = ({ changedFields }: Change): string => {
  const [only] = changedFields
  return changedFields.length === 1 && only ? only : things(changedFields.length, 'field')
}

/** Behind the record's name in a list: `schedule changed`, `3 fields reverted`, `created`. */
export const listWords = (change: Change): string => {
  if (change.action !== 'UPDATE')
    return change.revertOf ? 'reverted' : looks[change.action].word.toLowerCase()
  return `${fieldWords(change)} ${change.revertOf ? 'reverted' : 'changed'}`
}

export const isObject = (value: unknown): value is Record<string, FieldChange['old']> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

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

export const isSecret = (value: unknown): boolean => isObject(value) && value['secret'] === true

/** What somebody changed first, what the service keeps last. */
export const shownFields = (diff: readonly FieldChange[]): FieldChange[] => {
  const fields = diff.flatMap(byName).filter((one) => one.old !== null || one.new !== null)
  return [...fields.filter((one) => !isKept(one.field)), ...fields.filter((one) => isKept(one.field))]
}

/** A value as it is compared: text as it is, everything else as JSON. */
export const valueText = (value: unknown): string => {
  if (typeof value === 'string') return value
  if (isObject(value) || Array.isArray(value)) return JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ')
  return String(value)
}

/** What a machine form means: a schedule in words. */
export const meaningOf = (field: string, value: unknown): string | null =>
  // describeSchedule shows what it cannot read as written.
  field === 'schedule' && value !== null ? describeSchedule(value as ScheduleSpec, 'UTC') : null
