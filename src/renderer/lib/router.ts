import { createContext, use, useSyncExternalStore } from 'react'

/** `#/tasks/<id>?search=backup`: what is looked at, so that a reload or a shared address shows the same. */
export interface Route {
  path: string[]
  params: URLSearchParams
}

export type Params = Record<string, string | readonly string[] | null | undefined>

/** An address that is cut or mistyped names no view, so its path stays one word that none has. */
export const parseHash = (hash: string): Route => {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  return { path: decoded(path) ?? [path], params: new URLSearchParams(query) }
}

const decoded = (path: string): string[] | null => {
  try {
    return path.split('/').filter(Boolean).map(decodeURIComponent)
  } catch {
    return null
  }
}

/** An address inside the app. Empty values are left out. */
export const href = (path: readonly string[], params: Params | URLSearchParams = {}): string => {
  const query = params instanceof URLSearchParams ? params : toQuery(params)
  const text = query.toString()
  return `#/${path.map(encodeURIComponent).join('/')}${text ? `?${text}` : ''}`
}

const toQuery = (params: Params): URLSearchParams => {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params))
    for (const one of Array.isArray(value) ? value : [value])
      if (typeof one === 'string' && one !== '') query.append(name, one)
  return query
}

/** Whether both are of one page, with other filters perhaps. */
export const isSamePage = (one: Route, other: Route): boolean => one.path.join('/') === other.path.join('/')

/** Says whether leaving for `next` must wait; whoever answers true shows why and goes there later. */
export type Guard = (next: string) => boolean

/** Which page of those that were looked at, one after the other, is shown; `last` is the newest of them. */
export interface Visit {
  at: number
  last: number
}

export interface Router {
  current: () => Route
  /** The page that is shown, as an address. */
  address: () => string
  visit: () => Visit
  /** Says that what is drawn is the page of the address, which may come a moment later. */
  drawn: () => void
  subscribe: (listener: () => void) => () => void
  go: (address: string, options?: { replace?: boolean }) => void
  back: () => void
  forward: () => void
  guard: (guard: Guard) => () => void
  /** Reads where a list stands, each time its page is left, until the returned function is called. */
  keepPlace: (list: string, read: () => unknown) => () => void
  /** Where the list stood when the page that is shown was left; undefined on a page that is new. */
  placeOf: (list: string) => unknown
}

/** As much of a browser's window as moves through addresses. */
export interface Browsing {
  location: { readonly hash: string }
  history: {
    readonly state: unknown
    replaceState: (state: unknown, unused: string, address?: string) => void
    pushState: (state: unknown, unused: string, address: string) => void
    go: (delta: number) => void
    back: () => void
    forward: () => void
  }
  addEventListener: (type: 'popstate', listener: () => void) => void
}

/** What an entry of the browser's history keeps of ours; survives a reload. */
const visitOf = (state: unknown): number | null =>
  typeof state === 'object' && state !== null && 'visit' in state && typeof state.visit === 'number'
    ? state.visit
    : null

export const createRouter = (window: Browsing): Router => {
  const listeners = new Set<() => void>()
  const guards = new Set<Guard>()
  const { history, location } = window
  let hash = location.hash
  let route = parseHash(hash)
  // After a reload the pages after this one are still there, but nobody knows how many.
  let visit: Visit = { at: visitOf(history.state) ?? 0, last: visitOf(history.state) ?? 0 }
  history.replaceState({ visit: visit.at }, '')
  const readers = new Map<string, () => unknown>()
  const places = new Map<number, Map<string, unknown>>()
  // The page that the lists belong to which can be read.
  let drawnAt = visit.at
  const arrive = (next: string, at: number, last: number): void => {
    if (drawnAt === visit.at)
      places.set(visit.at, new Map([...readers].map(([list, read]) => [list, read()])))
    hash = next
    visit = { at, last }
    route = parseHash(next)
    for (const listener of listeners) listener()
  }
  /** A page that is new; those that were looked at after the one it is opened from cannot be come back to. */
  const begin = (next: string): void => {
    const at = visit.at + 1
    for (const one of places.keys()) if (one >= at) places.delete(one)
    arrive(next, at, at)
  }
  const held = (next: string): boolean => [...guards].some((guard) => guard(next))
  // Of a link, too, and at once: the hashchange would come after keys that were pressed meanwhile.
  window.addEventListener('popstate', () => {
    const next = location.hash
    if (next === hash) return
    const known = visitOf(history.state)
    // The browser has moved already, by link or by its back button: it goes back to what is shown.
    if (held(next)) return history.go(known === null ? -1 : visit.at - known)
    if (known !== null) return arrive(next, known, Math.max(known, visit.last))
    history.replaceState({ visit: visit.at + 1 }, '')
    begin(next)
  })
  return {
    current: () => route,
    address: () => hash,
    visit: () => visit,
    drawn: () => {
      drawnAt = visit.at
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    go: (address, { replace = false } = {}) => {
      if (address === hash || held(address)) return
      if (replace) {
        history.replaceState({ visit: visit.at }, '', address)
        arrive(address, visit.at, visit.last)
      } else {
        history.pushState({ visit: visit.at + 1 }, '', address)
        begin(address)
      }
    },
    back: () => history.back(),
    forward: () => history.forward(),
    guard: (guard) => {
      guards.add(guard)
      return () => void guards.delete(guard)
    },
    keepPlace: (list, read) => {
      readers.set(list, read)
      return () => {
        if (readers.get(list) === read) readers.delete(list)
      }
    },
    placeOf: (list) => places.get(visit.at)?.get(list),
  }
}

export const RouterContext = createContext<Router | null>(null)

export const useRouter = (): Router => {
  const router = use(RouterContext)
  if (!router) throw new Error('No router above this component')
  return router
}

/** The page that a part of the window shows: the one of the address, or for a moment still the one before. */
export const RouteContext = createContext<Route | null>(null)

export const useRoute = (): Route => {
  const route = use(RouteContext)
  if (!route) throw new Error('No route above this component')
  return route
}

/** The page of the address, for whoever hands it to the components below. */
export const useCurrentRoute = (): Route => {
  const router = useRouter()
  return useSyncExternalStore(router.subscribe, router.current)
}

/** For the buttons that go back and forward. */
export const useVisit = (): Visit => {
  const router = useRouter()
  return useSyncExternalStore(router.subscribe, router.visit)
}
