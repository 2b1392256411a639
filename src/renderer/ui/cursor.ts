/** A row that the keyboard is at: which, and where it stood then. */
export interface Cursor {
  index: number
  /** Null: nobody moved yet; the place counts, not the row. */
  key: string | null
}

export const FIRST: Cursor = { index: 0, key: null }

/** Where the row is now, wherever a new order put it; one that is gone leaves its place. -1 where nothing is. */
export const cursorAt = <T>(rows: readonly T[], keyOf: (row: T) => string, cursor: Cursor): number => {
  const { index, key } = cursor
  const here = rows[index]
  if (key !== null && (here === undefined || keyOf(here) !== key)) {
    const moved = rows.findIndex((row) => keyOf(row) === key)
    if (moved >= 0) return moved
  }
  return Math.min(index, rows.length - 1)
}
