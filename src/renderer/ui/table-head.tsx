import { ArrowDownIcon, ArrowUpIcon } from '@primer/octicons-react'
import type { Column } from './virtual-row.tsx'

interface HeadProps<T> {
  column: Column<T>
  sortedBy: string | undefined
  onSort: ((by: string) => void) | undefined
}

/** A column's word; where the rows can be ordered by it a button, with an arrow while they are. */
export function Head<T>({ column: { header, align, sort }, sortedBy, onSort }: HeadProps<T>) {
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
