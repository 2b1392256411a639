/**
 * Rows by as many as one statement writes, in their order. Few sizes: each is a text of its own, and a text is
 * compiled once only while it is kept (sqlite/statement-cache.ts).
 */
export function* chunksOf<T>(rows: readonly T[]): Generator<readonly T[]> {
  let from = 0
  for (const size of SIZES)
    for (; rows.length - from >= size; from += size) yield rows.slice(from, from + size)
}

const SIZES = [50, 10, 1]
