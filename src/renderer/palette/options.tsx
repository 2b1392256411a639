import { useEffect, useId, useRef } from 'react'
import type { AppError } from '../../shared/domain/errors.ts'
import { isElsewhere } from '../lib/elsewhere.ts'
import { Keys } from '../ui/text.tsx'
import { optionId, type Item, type ItemGroup } from './item.ts'
import { piecesOf } from './match.ts'
import type { Wanted } from './query.ts'

interface OptionsProps {
  id: string
  groups: readonly ItemGroup[]
  marked: Item | null
  wanted: Wanted
  isBusy: boolean
  failure: AppError | null
  onMark: (item: Item) => void
  onTake: (item: Item, elsewhere: boolean) => void
}

/** The lines by their groups, and what there is to say where there are none. */
export function Options({ id, groups, wanted, isBusy, failure, ...line }: OptionsProps) {
  return (
    <>
      <div className="palette-body" role="listbox" id={id} aria-label="What fits" aria-busy={isBusy}>
        {groups.map((group) => (
          <Group key={group.title} {...{ group, listId: id, wanted, ...line }} />
        ))}
      </div>
      <p role="status" className={failure ? 'palette-note bad' : 'palette-note t3'}>
        {failure
          ? `The node could not be asked: ${failure.message}`
          : groups.length === 0 && (isBusy ? 'Looking…' : noneWords(wanted))}
      </p>
    </>
  )
}

const THINGS = { all: 'Nothing', actions: 'No action', nodes: 'No node', runs: 'No run' } as const

const noneWords = ({ mode, text }: Wanted): string =>
  text === '' ? `${THINGS[mode]} yet.` : `${THINGS[mode]} fits “${text}”.`

interface GroupProps extends Pick<OptionsProps, 'marked' | 'wanted' | 'onMark' | 'onTake'> {
  group: ItemGroup
  listId: string
}

function Group({ group: { title, items }, ...line }: GroupProps) {
  const titleId = useId()
  return (
    <div role="group" aria-labelledby={titleId}>
      <div id={titleId} className="palette-title" role="presentation">
        {title}
      </div>
      {items.map((item) => (
        <Option key={item.id} item={item} {...line} />
      ))}
    </div>
  )
}

function Option({
  item,
  listId,
  marked,
  wanted,
  onMark,
  onTake,
}: Omit<GroupProps, 'group'> & { item: Item }) {
  const isMarked = marked?.id === item.id
  const row = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (isMarked) row.current?.scrollIntoView({ block: 'nearest' })
  }, [isMarked])
  return (
    <div
      ref={row}
      role="option"
      id={optionId(listId, item)}
      aria-selected={isMarked}
      aria-disabled={item.why ? true : undefined}
      className={isMarked ? 'palette-row marked' : 'palette-row'}
      // The pointer marks when it moves, not when lines move under it.
      onPointerMove={() => {
        if (!isMarked) onMark(item)
      }}
      onClick={(event) => onTake(item, isElsewhere(event))}
      onAuxClick={(event) => {
        if (isElsewhere(event)) onTake(item, true)
      }}
    >
      <span className="palette-icon">{item.icon}</span>
      <span className="cut">
        <Marked text={item.label} wanted={wanted} />
        {item.detail && (
          <span className="t3 palette-detail">
            <Marked text={item.detail} wanted={wanted} />
          </span>
        )}
      </span>
      <span className="palette-aside t3 small num">{item.why ?? item.aside}</span>
      {isMarked && item.address !== undefined ? <Keys of="⏎" /> : item.keys && <Keys of={item.keys} />}
    </div>
  )
}

/** A text with what was asked for marked in it. */
function Marked({ text, wanted }: { text: string; wanted: Wanted }) {
  return piecesOf(text, wanted.text).map(({ text: piece, isHit }, i) =>
    isHit ? <mark key={i}>{piece}</mark> : <span key={i}>{piece}</span>,
  )
}
