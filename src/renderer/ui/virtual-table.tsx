import { useElementSize } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useCommands } from '../lib/use-commands.ts'
import { cursorAt, FIRST } from './cursor.ts'
import { useKeptPlace } from './kept-place.ts'
import { Head } from './table-head.tsx'
import { useChoice, type Choice } from './use-choice.ts'
import { VirtualRow, type Column, type RowActs } from './virtual-row.tsx'

/** Below this width (px) cells leave out their notes (`.note`), and columns take their narrow width. */
const NARROW_PX = 600

const NO_COMMANDS = {}

interface VirtualTableProps<T> {
  label: string
  columns: readonly Column<T>[]
  rows: readonly T[]
  keyOf: (row: T) => string
  hrefOf: (row: T) => string
  onOpen: (row: T) => void
  /** The row whose detail is open. */
  selected?: string | undefined
  dimmed?: (row: T) => boolean
  /** The end of what was read is in sight. */
  onEnd?: () => void
  onCursor?: (row: T | undefined) => void
  rowHeight?: number
  /** The order of the rows, as a column names it. */
  sortedBy?: string
  onSort?: (by: string) => void
  /** The page's J and K are another list's: the arrows move while the focus is in this one. */
  ownKeys?: boolean
  /** Rows can be chosen, for acts on many. */
  choice?: Choice
}

/** Only the rows in sight are in the page. J and K or the arrows move, Enter opens; the link has the focus. */
export function VirtualTable<T>(props: VirtualTableProps<T>) {
  const { columns, rows, keyOf, onEnd, onCursor, rowHeight = 34 } = props
  const { ref: sizeRef, width } = useElementSize()
  const scroller = useRef<HTMLDivElement>(null)
  const kept = useKeptPlace(props.label, () => ({ top: scroller.current?.scrollTop ?? 0, cursor }))
  const [cursor, setCursor] = useState(kept?.cursor ?? FIRST)
  const at = cursorAt(rows, keyOf, cursor)
  // A row stays itself when the order changes: what is typed in it goes with it. With another function the
  // virtualizer lays out every row anew.
  const getItemKey = useCallback(
    (index: number) => {
      const row = rows[index]
      return row === undefined ? index : keyOf(row)
    },
    [rows, keyOf],
  )
  // React Compiler does not handle this hook's functions.
  // eslint-disable-next-line react-hooks/incompatible-library -- same
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey,
    overscan: 8,
    initialOffset: kept?.top ?? 0,
  })
  const items = virtual.getVirtualItems()
  const lastShown = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (rows.length > 0 && lastShown >= rows.length - 10) onEnd?.()
  }, [lastShown, rows.length, onEnd])
  const row = rows[at]
  useEffect(() => onCursor?.(row), [row, onCursor])

  const placeOf = (index: number) => ({ index, key: rows[index] === undefined ? null : keyOf(rows[index]) })
  const move = (step: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, at + step))
    setCursor(placeOf(next))
    virtual.scrollToIndex(next)
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"] [data-row-link]`)?.focus(),
    )
  }
  const choosing = useChoice(props.choice, rows.map(keyOf), at)
  const open = row === undefined ? undefined : () => props.onOpen(row)
  useCommands('list', props.ownKeys ? NO_COMMANDS : { down: () => move(1), up: () => move(-1), open })
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!props.ownKeys || event.defaultPrevented || step === undefined) return
    event.preventDefault()
    move(step)
  }

  const acts = useSteadyActs<T>({
    cursor: (index) => setCursor(placeOf(index)),
    open: props.onOpen,
    choose: choosing.toggle,
  })
  const shown = useMemo(
    () => columns.filter(({ showFrom }) => showFrom === undefined || width >= showFrom),
    [columns, width],
  )
  const isNarrow = width < NARROW_PX
  const own = shown.map((column) => (isNarrow && column.narrow) || column.width)
  const tracks = (props.choice ? ['26px', ...own] : own).join(' ')
  return (
    <div
      className={isNarrow ? 'vtable narrow' : 'vtable'}
      role="table"
      aria-label={props.label}
      aria-rowcount={-1}
      ref={sizeRef}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup">
        <div className="vrow vhead" role="row" style={{ gridTemplateColumns: tracks }}>
          {props.choice && (
            <span role="columnheader">
              <input
                type="checkbox"
                aria-label="Choose all rows shown"
                checked={choosing.all}
                onChange={choosing.toggleAll}
              />
            </span>
          )}
          {shown.map((column) => (
            <Head key={column.key} column={column} sortedBy={props.sortedBy} onSort={props.onSort} />
          ))}
        </div>
      </div>
      <div className="vbody" role="rowgroup" ref={scroller} tabIndex={-1}>
        <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {items.map(({ index, key, start }) => {
            const one = rows[index]
            return one === undefined ? null : (
              <VirtualRow
                key={key}
                {...{ row: one, index, columns: shown, tracks, height: rowHeight, top: start, acts }}
                href={props.hrefOf(one)}
                isCursor={index === at}
                isSelected={keyOf(one) === props.selected}
                isDimmed={props.dimmed?.(one) ?? false}
                isChosen={props.choice?.chosen.has(keyOf(one))}
              />
            )
          })}
        </div>
      </div>
    </div>
  )
}

/** The same object each time, which does what was said last. */
function useSteadyActs<T>(now: RowActs<T>): RowActs<T> {
  const latest = useRef(now)
  useLayoutEffect(() => {
    latest.current = now
  })
  const [steady] = useState<RowActs<T>>(() => ({
    cursor: (index) => latest.current.cursor(index),
    open: (row) => latest.current.open(row),
    choose: (index, range) => latest.current.choose(index, range),
  }))
  return steady
}
