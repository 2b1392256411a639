import type { Conflict } from '../../../shared/domain/sync.ts'
import { useRefusal } from '../../lib/role.ts'
import { toastDone } from '../../lib/toast.ts'
import { useAct } from '../../lib/use-act.ts'
import { decide, startOf, type Decision } from './draft.ts'
import { conflictsContext } from './store.ts'
import { nameOf } from './words.ts'

const DONE = { mine: 'mine was taken', theirs: 'theirs was taken' } as const

/** What takes a decision back: the values from before. A deleted record comes back by the change log only. */
const before = (conflict: Conflict): Decision | null => {
  if (conflict.kind !== 'Edit') return null
  const decision = decide(conflict, startOf(conflict))
  return 'problem' in decision ? null : decision
}

/** Decides a conflict, and offers the way back. */
export const useDecide = (conflict: Conflict) => {
  const { resolve } = conflictsContext.useApi().getState()
  const { conflictId } = conflict
  const name = nameOf(conflict)
  const acting = useAct(`${name} was not decided`)
  const start = (decision: Decision, onDone?: () => void): void =>
    acting.start(async () => {
      await resolve({ conflictId, ...decision })
      const undo = before(conflict)
      const words = `${name}: ${decision.take ? DONE[decision.take] : 'the result is saved'}`
      if (undo)
        toastDone(words, {
          act: () => resolve({ conflictId, ...undo }),
          done: `${name} has the values from before`,
        })
      else toastDone(words)
      onDone?.()
    })
  return { refusal: useRefusal('admin'), busy: acting.busy, start }
}
