import { memo, type ReactNode } from 'react'
import { isElsewhere, openElsewhere } from '../lib/elsewhere.ts'

/** What a cell puts on its link, so that the row's cursor and the keyboard meet there. */
export interface RowLink {
  href: string
  tabIndex: number
  'data-row-link': true
}

/** The same list of them for as long as it may be: rows are drawn anew with each other one. */
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

/** What a row asks of its table. The same object for as long as the table is there. */
export interface RowActs<T> {
  cursor: (index: number) => void
  open: (row: T) => void
  /** Chooses the row, or all rows up to it. */
  choose: (index: number, range: boolean) => void
}

interface RowProps<T> {
  row: T
  index: number
  columns: readonly Column<T>[]
  /** The tracks of the grid, as CSS has them. */
  tracks: string
  /** px */
  height: number
  /** px from the top of the list */
  top: number
  href: string
  isCursor: boolean
  isSelected: boolean
  isDimmed: boolean
  /** Undefined where rows cannot be chosen. */
  isChosen: boolean | undefined
  acts: RowActs<T>
}

/** A link or button in the row does its own work. */
const isOfPart = (target: EventTarget): boolean =>
  target instanceof Element && target.closest('a, button, input') !== null

function Row<T>({ row, index, columns, tracks, height, top, href, isCursor, acts, ...is }: RowProps<T>) {
  const names = [
    'vrow',
    is.isChosen && 'chosen',
    isCursor && 'cursor',
    is.isSelected && 'selected',
    is.isDimmed && 'off',
  ]
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      aria-current={is.isSelected || undefined}
      aria-selected={is.isChosen}
      className={names.filter(Boolean).join(' ')}
      style={{ gridTemplateColumns: tracks, height, transform: `translateY(${top}px)` }}
      onFocus={() => acts.cursor(index)}
      onClick={(event) => {
        if (isOfPart(event.target)) return
        acts.cursor(index)
        if (isElsewhere(event)) openElsewhere(href)
        else acts.open(row)
      }}
      onAuxClick={(event) => {
        if (!isOfPart(event.target) && isElsewhere(event)) openElsewhere(href)
      }}
    >
      {is.isChosen !== undefined && (
        <span role="cell">
          <input
            type="checkbox"
            aria-label="Choose this row"
            tabIndex={-1}
            checked={is.isChosen}
            onChange={() => undefined}
            onClick={(event) => acts.choose(index, event.shiftKey)}
          />
        </span>
      )}
      <RowCells {...{ row, columns, href, isCursor }} />
    </div>
  )
}

/** What a row says is the same whether it is chosen or not. */
function Cells<T>({
  row,
  columns,
  href,
  isCursor,
}: Pick<RowProps<T>, 'row' | 'columns' | 'href' | 'isCursor'>) {
  const link: RowLink = { href, tabIndex: isCursor ? 0 : -1, 'data-row-link': true }
  return (
    <>
      {columns.map((column) => (
        <span key={column.key} role="cell" className={column.align}>
          {column.cell(row, link)}
        </span>
      ))}
    </>
  )
}

const RowCells = memo(Cells) as typeof Cells

/** Rendered again only when it shows something else: a move of the cursor is two rows, not all in sight. */
export const VirtualRow = memo(Row) as typeof Row
