import type { Conflict, PendingChange } from '../../../shared/domain/sync.ts'
import type { Loadable } from '../../lib/loadable.ts'
import type { Paged } from '../../lib/paged.ts'
import { isByRule } from './words.ts'

/** A line of the inbox: the head of a part, what stands for a part that is empty, or a row of it. */
export type Line =
  | { head: string }
  | { note: string; key: string }
  | { edit: PendingChange }
  | { conflict: Conflict }
  | { more: 'open'; key: string }

interface Parts {
  pending: readonly PendingChange[]
  open: Loadable<Paged<Conflict>>
  decided: Loadable<Paged<Conflict>>
}

const HEAD_PX = 28
const ROW_PX = 34
const TWO_PX = 48
const THREE_PX = 66

export const sizeOf = (line: Line): number => {
  if ('head' in line) return HEAD_PX
  if ('edit' in line) return line.edit.problem === null ? TWO_PX : THREE_PX
  return 'conflict' in line ? TWO_PX : ROW_PX
}

const rows = (conflicts: readonly Conflict[]): Line[] => conflicts.map((conflict) => ({ conflict }))

const part = (head: string, lines: readonly Line[]): Line[] =>
  lines.length === 0 ? [] : [{ head }, ...lines]

const openLines = (open: Parts['open']): Line[] => {
  if (open.status === 'failed') return [{ note: open.error.message, key: 'open' }]
  if (open.status !== 'ready') return []
  const { items, nextCursor } = open.data
  if (items.length === 0) return [{ note: 'Nothing: what met was decided.', key: 'open' }]
  return [...rows(items), ...(nextCursor === null ? [] : [{ more: 'open', key: 'more' } as const])]
}

/** The parts of the inbox, what somebody has to act on first; each newest first. */
export const linesOf = ({ pending, open, decided }: Parts): Line[] => {
  const done = decided.status === 'ready' ? decided.data.items : []
  const toDecide = open.status === 'ready' && open.data.items.length > 0 ? ` · ${open.data.items.length}` : ''
  const more = open.status === 'ready' && open.data.nextCursor !== null ? '+' : ''
  return [
    ...part(
      `To send · ${pending.length}`,
      pending.map((edit) => ({ edit })),
    ),
    ...part(`To decide${toDecide}${more}`, openLines(open)),
    ...part('Decided by rule', rows(done.filter(isByRule))),
    ...part('Decided', rows(done.filter((one) => !isByRule(one)))),
  ]
}
