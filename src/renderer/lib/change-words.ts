import type { Change } from '../../shared/domain/change.ts'
import { looks } from '../theme/states.tsx'
import { things } from './format.ts'

/** What was changed, in the words of every list that shows changes, logged ones and those that wait. */

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
export const recordWords = (change: Pick<Change, 'tableName' | 'recordId' | 'recordName'>): string => {
  if (change.tableName === 'Tasks' && change.recordName) return change.recordName
  return `${tableWord(change.tableName)} ${change.recordName ?? change.recordId.slice(0, 8)}`
}

export const actorWords = (change: Pick<Change, 'changedBy'>): string => change.changedBy ?? 'somebody'

/** `schedule`, `3 fields`. */
export const fieldWords = ({ changedFields }: Pick<Change, 'changedFields'>): string => {
  const [only] = changedFields
  return changedFields.length === 1 && only ? only : things(changedFields.length, 'field')
}

/** `schedule, timeout changed`, `deleted`: the fields themselves, where there is room for them. */
export const whatWords = (change: Listed): string =>
  change.changedFields.length > 0 ? `${change.changedFields.join(', ')} changed` : listWords(change)

type Listed = Pick<Change, 'action' | 'changedFields'> & Partial<Pick<Change, 'revertOf'>>

/** Behind the record's name in a list: `schedule changed`, `3 fields reverted`, `created`. */
export const listWords = (change: Listed): string => {
  if (change.action !== 'UPDATE')
    return change.revertOf ? 'reverted' : looks[change.action].word.toLowerCase()
  return `${fieldWords(change)} ${change.revertOf ? 'reverted' : 'changed'}`
}
