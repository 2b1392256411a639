import { useMemo } from 'react'
import type { Change } from '../../../shared/domain/change.ts'
import { actorWords, listWords, recordWords } from '../../lib/change-words.ts'
import { dayName } from '../../lib/format.ts'
import { href, useRoute, useRouter } from '../../lib/router.ts'
import { useMoves } from '../../lib/use-moves.ts'
import { Shape } from '../../ui/state.tsx'
import { Clock } from '../../ui/time.tsx'
import { VirtualLines } from '../../ui/virtual-lines.tsx'

/** A line of the list: the head of a day, or a change. */
type Line = { day: string } | { change: Change }

const DAY_PX = 28
const ROW_PX = 34

const linesOf = (changes: readonly Change[], now: Date): Line[] => {
  let last = ''
  return changes.flatMap((change) => {
    const day = dayName(new Date(change.changedAt), now)
    const isNew = day !== last
    last = day
    return isNew ? [{ day }, { change }] : [{ change }]
  })
}

interface ChangeLogProps {
  changes: readonly Change[]
  selected: string | undefined
  onEnd: () => void
}

/** The log by days. J and K move, and what is moved to is shown at once. */
export function ChangeLog({ changes, selected, onEnd }: ChangeLogProps) {
  const { params } = useRoute()
  const router = useRouter()
  const lines = useMemo(() => linesOf(changes, new Date()), [changes])
  const hrefOf = (change: Change): string => href(['changes', change.changeId], params)
  useMoves({
    items: changes,
    keyOf: (change) => change.changeId,
    at: selected,
    onMove: (change) => router.go(hrefOf(change), { replace: true }),
  })
  return (
    <VirtualLines
      label="Changes"
      lines={lines}
      keyOf={keyOf}
      sizeOf={sizeOf}
      shown={selected}
      onEnd={onEnd}
      classOf={(line) => ('day' in line ? 'chg-day label' : 'chg-line')}
    >
      {(line) =>
        'day' in line ? (
          line.day
        ) : (
          <ChangeRow
            change={line.change}
            address={hrefOf(line.change)}
            isSelected={line.change.changeId === selected}
          />
        )
      }
    </VirtualLines>
  )
}

const sizeOf = (line: Line): number => ('day' in line ? DAY_PX : ROW_PX)

const keyOf = (line: Line): string => ('day' in line ? `day ${line.day}` : line.change.changeId)

function ChangeRow({
  change,
  address,
  isSelected,
}: {
  change: Change
  address: string
  isSelected: boolean
}) {
  return (
    <a
      href={address}
      className={isSelected ? 'chg-row here' : 'chg-row'}
      aria-current={isSelected || undefined}
      title={change.changeReason ?? undefined}
    >
      <Shape of={change.action} size={14} />
      <span className="cut">
        <b>{recordWords(change)}</b>{' '}
        <span className="t3">
          {listWords(change)}
          {change.changeReason && `: ${change.changeReason}`}
        </span>
      </span>
      <span className="t3 small cut">{actorWords(change)}</span>
      <span className="t3">
        <Clock at={change.changedAt} />
      </span>
    </a>
  )
}
