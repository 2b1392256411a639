import type { Page } from '../../shared/domain/fields.ts'

/** Rows read so far, and where the next page starts; null when there are no more. */
export interface Paged<T> {
  items: T[]
  nextCursor: string | null
}

type ReadPage<T> = (page: { limit: number; cursor?: string }) => Promise<Page<T>>

const FIRST_PAGE = 100
const LARGEST_PAGE = 1000

/** The first page, or as many rows as were shown before, so that reading again does not shorten a list. */
export const readFirst = async <T>(read: ReadPage<T>, shown = 0): Promise<Paged<T>> => {
  let page: Paged<T> = await read({ limit: Math.min(Math.max(shown, FIRST_PAGE), LARGEST_PAGE) })
  while (page.items.length < shown && page.nextCursor !== null) page = await readMore(read, page)
  return page
}

export const readMore = async <T>(read: ReadPage<T>, shown: Paged<T>): Promise<Paged<T>> => {
  if (shown.nextCursor === null) return shown
  const next = await read({ limit: FIRST_PAGE, cursor: shown.nextCursor })
  return { items: [...shown.items, ...next.items], nextCursor: next.nextCursor }
}
