import { createContext, use, useSyncExternalStore } from 'react'

/** `#/tasks/<id>?search=backup`: what is looked at, so that a reload or a shared address shows the same. */
export interface Route {
  path: string[]
  params: URLSearchParams
}

export type Params = Record<string, string | readonly string[] | null | undefined>

export const parseHash = (hash: string): Route => {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  return { path: path.split('/').filter(Boolean).map(decodeURIComponent), params: new URLSearchParams(query) }
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

/** Says whether leaving for `next` must wait; whoever answers true shows why and goes there later. */
export type Guard = (next: string) => boolean

export interface Router {
  current: () => Route
  subscribe: (listener: () => void) => () => void
  go: (address: string, options?: { replace?: boolean }) => void
  guard: (guard: Guard) => () => void
}

export const createRouter = (window: Window): Router => {
  const listeners = new Set<() => void>()
  const guards = new Set<Guard>()
  let hash = window.location.hash
  let route = parseHash(hash)
  const arrive = (next: string): void => {
    hash = next
    route = parseHash(next)
    for (const listener of listeners) listener()
  }
  const held = (next: string): boolean => [...guards].some((guard) => guard(next))
  window.addEventListener('hashchange', () => {
    const next = window.location.hash
    if (next === hash) return
    // The browser has moved already, by link or by its back button: the address goes back to what is shown.
    if (held(next)) window.history.pushState(null, '', hash)
    else arrive(next)
  })
  return {
    current: () => route,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    go: (address, { replace = false } = {}) => {
      if (address === hash || held(address)) return
      window.history[replace ? 'replaceState' : 'pushState'](null, '', address)
      arrive(address)
    },
    guard: (guard) => {
      guards.add(guard)
      return () => void guards.delete(guard)
    },
  }
}

export const RouterContext = createContext<Router | null>(null)

export const useRouter = (): Router => {
  const router = use(RouterContext)
  if (!router) throw new Error('No router above this component')
  return router
}

export const useRoute = (): Route => {
  const router = useRouter()
  return useSyncExternalStore(router.subscribe, router.current)
}
