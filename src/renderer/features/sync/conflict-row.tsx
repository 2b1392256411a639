import { AlertIcon, CheckIcon } from '@primer/octicons-react'
import type { Conflict, SyncStatus } from '../../../shared/domain/sync.ts'
import { Clock } from '../../ui/time.tsx'
import { otherSides } from './draft.ts'
import { useDecide } from './use-decide.ts'
import { aboutWords, isByRule, isOpen, nameOf, nodeNameOf, outcomeWords } from './words.ts'

interface ConflictRowProps {
  conflict: Conflict
  status: SyncStatus
  address: string
  isShown: boolean
}

/** A conflict in the inbox; one that a rule decided can be taken back here. */
export function ConflictRow({ conflict, status, address, isShown }: ConflictRowProps) {
  const open = isOpen(conflict)
  const name = nameOf(conflict)
  return (
    <div className={isShown ? 'cf-row here' : 'cf-row'}>
      <a href={address} aria-current={isShown || undefined}>
        {open ? (
          <AlertIcon size={14} fill="var(--timeout)" aria-hidden />
        ) : (
          <CheckIcon size={14} fill="var(--success)" aria-hidden />
        )}
        <span className="cut">
          <b title={name}>{name}</b> {open && <span className="t3 small">{aboutWords(conflict)}</span>}
          <span className="cf-sides t2 small cut">
            {open ? sidesWords(conflict, status) : outcomeWords(conflict)}
          </span>
        </span>
        <span className="t3 small">
          <Clock at={conflict.detectedAt} />
        </span>
      </a>
      {isByRule(conflict) && <Undo conflict={conflict} />}
    </div>
  )
}

const sidesWords = ({ changedBy, nodeId, theirsBy }: Conflict, status: SyncStatus): string =>
  `${changedBy ?? 'somebody'} on ${nodeNameOf(status, nodeId)} vs. ${theirsBy ?? 'the cluster'}`

/** The rule takes one side of each field: its undo is the other. */
function Undo({ conflict }: { conflict: Conflict }) {
  const { refusal, busy, start } = useDecide(conflict)
  const other = otherSides(conflict)
  if (refusal !== null || other === null) return null
  return (
    <button
      type="button"
      className="link small"
      aria-label={`Undo the rule for ${nameOf(conflict)}`}
      title="Gives each field the value of the other side"
      disabled={busy}
      onClick={() => start(other)}
    >
      Undo
    </button>
  )
}
