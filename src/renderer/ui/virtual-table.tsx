import { useElementSize } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useKeys } from '../lib/use-keys.ts'

/** Below this width (px) cells leave out their notes (`.note`), and columns take their narrow width. */
const NARROW_PX = 600

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
}

/** Only the rows in sight are in the page. J and K or the arrows move, Enter opens; the link has the focus. */
export function VirtualTable<T>(props: VirtualTableProps<T>) {
  const { columns, rows, onEnd, onCursor, rowHeight = 34 } = props
  const { ref: sizeRef, width } = useElementSize()
  const scroller = useRef<HTMLDivElement>(null)
  const [cursor, setCursor] = useState(0)
  const at = Math.min(cursor, rows.length - 1)
  // React Compiler does not handle this hook's functions; nothing here is memoized by hand either.
  // eslint-disable-next-line react-hooks/incompatible-library -- same
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  })
  const items = virtual.getVirtualItems()
  const lastShown = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (rows.length > 0 && lastShown >= rows.length - 10) onEnd?.()
  }, [lastShown, rows.length, onEnd])
  const row = rows[at]
  useEffect(() => onCursor?.(row), [row, onCursor])

  const move = (step: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, at + step))
    setCursor(next)
    virtual.scrollToIndex(next)
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"] [data-row-link]`)?.focus(),
    )
  }
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: row === undefined ? undefined : () => props.onOpen(row),
  })

  const shown = columns.filter((column) => column.showFrom === undefined || width >= column.showFrom)
  const isNarrow = width < NARROW_PX
  const tracks = shown.map((column) => (isNarrow && column.narrow) || column.width)
  const template = { gridTemplateColumns: tracks.join(' ') }
  return (
    <div
      className={isNarrow ? 'vtable narrow' : 'vtable'}
      role="table"
      aria-label={props.label}
      aria-rowcount={-1}
      ref={sizeRef}
    >
      <div role="rowgroup">
        <div className="vrow vhead" role="row" style={template}>
          {shown.map((column) => (
            <span key={column.key} role="columnheader" className={column.align}>
              {column.header}
            </span>
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
              onCursor={() => setCursor(item.index)}
              style={{ ...template, height: rowHeight, transform: `translateY(${item.start}px)` }}
            />
          ))}
        </div>
      </div>
    </div>
  )
}

interface RowProps<T> extends Omit<VirtualTableProps<T>, 'onCursor'> {
  row: T | undefined
  index: number
  isCursor: boolean
  onCursor: () => void
  style: React.CSSProperties
}

function Row<T>({ row, index, columns, isCursor, onCursor, style, ...table }: RowProps<T>) {
  if (row === undefined) return null
  const key = table.keyOf(row)
  const link: RowLink = { href: table.hrefOf(row), tabIndex: isCursor ? 0 : -1, 'data-row-link': true }
  const isSelected = key === table.selected
  const names = ['vrow', isCursor && 'cursor', isSelected && 'selected', table.dimmed?.(row) && 'off']
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      aria-current={isSelected || undefined}
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
      {columns.map((column) => (
        <span key={column.key} role="cell" className={column.align}>
          {column.cell(row, link)}
        </span>
      ))}
    </div>
  )
}
