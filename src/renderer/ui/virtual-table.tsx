import { useElementSize } from '@mantine/hooks'
import { ArrowDownIcon, ArrowUpIcon } from '@primer/octicons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useKeys, type KeyActs } from '../lib/use-keys.ts'
import { cursorAt, FIRST } from './cursor.ts'
import { useChoice, type Choice } from './use-choice.ts'

/** Below this width (px) cells leave out their notes (`.note`), and columns take their narrow width. */
const NARROW_PX = 600

const NO_KEYS: KeyActs = {}

/** What a cell puts on its link, so that the row's cursor and the keyboard meet there. */
export interface RowLink {
  href: string
  tabIndex: number
  'data-row-link': true
}

export interface Column<T> {
  key: string
  header: ReactNode
  /** A track of the grid: `164px`, `minmax(0, 1fr)`. */
  width: string
  /** The same while the table is narrow, beside an open panel. */
  narrow?: string
  align?: 'right'
  /** The order that a click on the head asks for; without one the head is only a word. */
  sort?: { by: string; direction: 'ascending' | 'descending' }
  /** Width of the table (px) from which there is room for it: columns go in a fixed order. */
  showFrom?: number
  cell: (row: T, link: RowLink) => ReactNode
}

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
  const [cursor, setCursor] = useState(FIRST)
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
  const arrows: KeyActs = { ArrowDown: () => move(1), ArrowUp: () => move(-1) }
  const open = row === undefined ? undefined : () => props.onOpen(row)
  useKeys(props.ownKeys ? NO_KEYS : { ...arrows, j: () => move(1), k: () => move(-1), Enter: open })
  const onKeyDown = (event: KeyboardEvent): void => {
    const act = props.ownKeys && !event.defaultPrevented ? arrows[event.key] : undefined
    if (!act) return
    event.preventDefault()
    act(event.nativeEvent)
  }

  const shown = columns.filter((column) => column.showFrom === undefined || width >= column.showFrom)
  const isNarrow = width < NARROW_PX
  const own = shown.map((column) => (isNarrow && column.narrow) || column.width)
  const tracks = props.choice ? ['26px', ...own] : own
  const template = { gridTemplateColumns: tracks.join(' ') }
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
        <div className="vrow vhead" role="row" style={template}>
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
          {items.map((item) => (
            <Row
              key={item.key}
              {...props}
              row={rows[item.index]}
              index={item.index}
              columns={shown}
              isCursor={item.index === at}
              {...(props.choice && { onChoose: choosing.toggle })}
              onCursor={() => setCursor(placeOf(item.index))}
              style={{ ...template, height: rowHeight, transform: `translateY(${item.start}px)` }}
            />
          ))}
        </div>
      </div>
    </div>
  )
}

interface HeadProps<T> {
  column: Column<T>
  sortedBy: string | undefined
  onSort: ((by: string) => void) | undefined
}

function Head<T>({ column: { header, align, sort }, sortedBy, onSort }: HeadProps<T>) {
  if (!sort || !onSort)
    return (
      <span role="columnheader" className={align}>
        {header}
      </span>
    )
  const isSorted = sort.by === sortedBy
  const Arrow = sort.direction === 'ascending' ? ArrowUpIcon : ArrowDownIcon
  return (
    <span role="columnheader" className={align} aria-sort={isSorted ? sort.direction : 'none'}>
      <button
        type="button"
        className={isSorted ? 'sort-head on' : 'sort-head'}
        onClick={() => onSort(sort.by)}
      >
        {header}
        {isSorted && <Arrow size={11} aria-hidden />}
      </button>
    </span>
  )
}

interface RowProps<T> extends Omit<VirtualTableProps<T>, 'onCursor'> {
  row: T | undefined
  index: number
  isCursor: boolean
  onCursor: () => void
  /** Chooses the row, or all rows up to it. */
  onChoose?: (index: number, range: boolean) => void
  style: React.CSSProperties
}

function Row<T>({ row, index, columns, isCursor, onCursor, onChoose, style, ...table }: RowProps<T>) {
  if (row === undefined) return null
  const key = table.keyOf(row)
  const link: RowLink = { href: table.hrefOf(row), tabIndex: isCursor ? 0 : -1, 'data-row-link': true }
  const isSelected = key === table.selected
  const isChosen = table.choice?.chosen.has(key) ?? false
  const names = [
    'vrow',
    isChosen && 'chosen',
    isCursor && 'cursor',
    isSelected && 'selected',
    table.dimmed?.(row) && 'off',
  ]
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      aria-current={isSelected || undefined}
      aria-selected={onChoose ? isChosen : undefined}
      className={names.filter(Boolean).join(' ')}
      style={style}
      onFocus={onCursor}
      onClick={(event) => {
        // A link or button in the row does its own work.
        if (event.target instanceof Element && event.target.closest('a, button, input')) return
        onCursor()
        table.onOpen(row)
      }}
    >
      {onChoose && (
        <span role="cell">
          <input
            type="checkbox"
            aria-label="Choose this row"
            tabIndex={-1}
            checked={isChosen}
            onChange={() => undefined}
            onClick={(event) => onChoose(index, event.shiftKey)}
          />
        </span>
      )}
      {columns.map((column) => (
        <span key={column.key} role="cell" className={column.align}>
          {column.cell(row, link)}
        </span>
      ))}
    </div>
  )
}
