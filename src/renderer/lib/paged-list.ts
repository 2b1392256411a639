import type { Page } from '../../shared/domain/fields.ts'
import { idle, settle, waiting, type Loadable } from './loadable.ts'
import { readFirst, readMore, type Paged } from './paged.ts'
import { throttle } from './throttle.ts'

/** What a store knows of a list that is read a page at a time; `Q` is what the address says of it. */
export interface PagedList<Q, T> {
  query: Q | null
  list: Loadable<Paged<T>>
  /** Shows what `query` asks for. The rows shown stay until the new ones come; what is shown already is read again. */
  show: (query: Q) => Promise<void>
  more: () => Promise<void>
  /** Reads again as many rows as are shown. */
  refresh: () => Promise<void>
}

type ReadPage<Q, T> = (query: Q, page: { limit: number; cursor?: string }) => Promise<Page<T>>
type Part<Q, T> = Pick<PagedList<Q, T>, 'query' | 'list'>

const REFRESH_MS = 1000

/**
 * The list part of a store. Of several questions under way only the answer to the latest counts.
 * @returns the part, and `refreshSoon` for events: at most once a second, however many come
 */
export const createPagedList = <Q, T>(
  readPage: ReadPage<Q, T>,
  set: (part: Partial<Part<Q, T>>) => void,
  get: () => Part<Q, T>,
): { part: PagedList<Q, T>; refreshSoon: () => void } => {
  let asked = 0
  const read = async (work: Promise<Paged<T>>): Promise<void> => {
    const ticket = ++asked
    const list = await settle(get().list, work)
    if (ticket === asked) set({ list })
  }
  const refresh = async (): Promise<void> => {
    const { query, list } = get()
    const shown = list.status === 'ready' ? list.data.items.length : 0
    if (query) await read(readFirst((page) => readPage(query, page), shown))
  }
  const part: PagedList<Q, T> = {
    query: null,
    list: idle,
    show: async (query) => {
      // Whoever comes back finds as many rows as were left.
      if (get().list.status === 'ready' && JSON.stringify(query) === JSON.stringify(get().query))
        return refresh()
      set({ query, list: waiting(get().list) })
      await read(readFirst((page) => readPage(query, page)))
    },
    more: async () => {
      const { query, list } = get()
      if (!query || list.status !== 'ready' || list.data.nextCursor === null) return
      await read(readMore((page) => readPage(query, page), list.data))
    },
    refresh,
  }
  return { part, refreshSoon: throttle(() => void refresh(), REFRESH_MS) }
}
