import type { Conflict, SyncStatus } from '../../../shared/domain/sync.ts'
import { valueText } from '../../lib/field-values.ts'

/** Conflicts in words. */

const DAY_MS = 86_400_000

export const isOpen = ({ resolvedAt }: Conflict): boolean => resolvedAt === null
/** Nobody chose: the newer edit won. */
export const isByRule = ({ resolvedAt, resolvedBy }: Conflict): boolean =>
  resolvedAt !== null && resolvedBy === null

export const nameOf = ({ recordName, tableName, recordId }: Conflict): string =>
  recordName ?? `${tableName} ${recordId.slice(0, 8)}`

export const nodeNameOf = (status: SyncStatus | null, nodeId: string): string =>
  status?.nodes.find((node) => node.nodeId === nodeId)?.nodeName ?? nodeId.slice(0, 8)

/** The name that was asked for, and the one that was given. */
export const namesOf = ({ fields }: Conflict): { asked: string; given: string } => {
  const name = fields.find(({ value }) => value !== undefined) ?? fields[0]
  return { asked: valueText(name?.mine ?? ''), given: valueText(name?.value ?? name?.mine ?? '') }
}

/** Behind the name in the list: what it is about. */
export const aboutWords = (conflict: Conflict): string => {
  switch (conflict.kind) {
    case 'Edit':
      return conflict.fields.map(({ field }) => field).join(', ')
    case 'DeletedHere':
      return 'deleted here, edited there'
    case 'DeletedThere':
      return 'edited here, deleted there'
    case 'NameTaken':
      return 'name was taken'
  }
}

const SIDES = { mine: 'mine', theirs: 'theirs', merged: 'both' } as const

/** How it was decided: `retries: theirs was newer`, `mine, by anna`. */
export const outcomeWords = (conflict: Conflict): string => {
  const { kind, resolution, resolvedBy } = conflict
  const side = SIDES[resolution ?? 'theirs']
  if (resolvedBy !== null) return `${resolution === 'merged' ? 'merged' : side}, by ${resolvedBy}`
  switch (kind) {
    case 'Edit':
      return `${aboutWords(conflict)}: ${side === 'both' ? 'the newer of each' : `${side} was newer`}`
    case 'DeletedHere':
      return 'kept: others had edited it'
    case 'DeletedThere':
      return 'brought back: it was edited here'
    case 'NameTaken':
      return `renamed from “${namesOf(conflict).asked}”`
  }
}

/** How many a rule decided within a day; `more`: the list goes on, all of it so recent. */
export const decidedLately = (
  items: readonly Conflict[],
  hasMore: boolean,
  now: number,
): { count: number; more: boolean } => {
  const recent = items.filter((one) => now - Date.parse(one.detectedAt) < DAY_MS)
  return { count: recent.filter(isByRule).length, more: hasMore && recent.length === items.length }
}
