import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef } from 'react'
import type { Change } from '../../../shared/domain/change.ts'
import { dayName } from '../../lib/format.ts'
import { href, useRoute, useRouter } from '../../lib/router.ts'
import { useKeys } from '../../lib/use-keys.ts'
import { Shape } from '../../ui/state.tsx'
import { Clock } from '../../ui/time.tsx'
import { actorWords, listWords, recordWords } from './words.ts'

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
  const scroller = useRef<HTMLDivElement>(null)
  const lines = useMemo(() => linesOf(changes, new Date()), [changes])
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoized by hand
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (i) => (lines[i] && 'day' in lines[i] ? DAY_PX : ROW_PX),
    getItemKey: (i) => keyOf(lines[i]),
    overscan: 8,
  })
  const items = virtual.getVirtualItems()
  const lastShown = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (lastShown >= lines.length - 10) onEnd()
  }, [lastShown, lines.length, onEnd])

  const hrefOf = (change: Change): string => href(['changes', change.changeId], params)
  const move = (step: number): void => {
    const at = changes.findIndex((change) => change.changeId === selected)
    const next = changes[Math.max(0, Math.min(changes.length - 1, at + step))]
    if (!next) return
    router.go(hrefOf(next), { replace: true })
    virtual.scrollToIndex(lines.findIndex((line) => 'change' in line && line.change === next))
  }
  useKeys({ j: () => move(1), k: () => move(-1), ArrowDown: () => move(1), ArrowUp: () => move(-1) })
  return (
    <div className="chg-list" ref={scroller} tabIndex={-1}>
      <ul aria-label="Changes" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map((item) => {
          const line = lines[item.index]
          const style = { height: item.size, transform: `translateY(${item.start}px)` }
          if (!line) return null
          if ('day' in line)
            return (
              <li key={item.key} className="chg-day label" style={style}>
                {line.day}
              </li>
            )
          return (
            <li key={item.key} className="chg-line" style={style}>
              <ChangeRow
                change={line.change}
                address={hrefOf(line.change)}
                isSelected={line.change.changeId === selected}
              />
            </li>
          )
        })}
      </ul>
    </div>
  )
}

const keyOf = (line: Line | undefined): string =>
  line === undefined ? '' : 'day' in line ? `day ${line.day}` : line.change.changeId

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
