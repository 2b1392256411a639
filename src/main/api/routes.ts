import { isContractProcedure } from '@orpc/contract'
import { contract } from '../../shared/contract/index.ts'

/** One REST route of the contract. */
export interface Route {
  /** `tasks.update` */
  name: string
  path: readonly string[]
  method: string
  /** `/tasks/{taskId}` */
  url: string
}

/** Every REST route of the contract, plus the output text that is served beside it. */
export const contractRoutes = (): Route[] => [
  ...walk(contract, []),
  { name: 'history.output', path: ['history', 'output'], method: 'GET', url: '/history/{historyId}/output' },
]

const walk = (entry: unknown, path: readonly string[]): Route[] => {
  if (typeof entry !== 'object' || entry === null) return []
  if (!isContractProcedure(entry))
    return Object.entries(entry).flatMap(([key, value]) => walk(value, [...path, key]))
  const { method = 'POST', path: url = '/' } = entry['~orpc'].route
  return [{ name: path.join('.'), path, method, url }]
}

/** What a path could be asked: the methods it knows, and the values in its braces. */
export interface RouteMatch {
  methods: string[]
  params: Record<string, string>
}

const patternOf = (url: string): RegExp =>
  new RegExp(`^${url.replace(/\{(\w+)\}/g, (_, name: string) => `(?<${name}>[^/]+)`)}/?$`)

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Finds the routes of a path below `/api/v1`, whatever the method; null when there is none. */
export const createRouteFinder = (): ((path: string) => RouteMatch | null) => {
  // Paths without braces first: /tasks/export is no task.
  const patterns = contractRoutes()
    .map((route) => ({ ...route, pattern: patternOf(route.url) }))
    .sort((a, b) => Number(a.url.includes('{')) - Number(b.url.includes('{')))
  return (path) => {
    const first = patterns.find(({ pattern }) => pattern.test(path))
    if (!first) return null
    const methods = patterns.filter(({ url }) => url === first.url).map(({ method }) => method)
    const groups = Object.entries(first.pattern.exec(path)?.groups ?? {})
    return { methods, params: Object.fromEntries(groups.map(([name, value]) => [name, decoded(value)])) }
  }
}
