import { useEffect } from 'react'
import { useLocal } from '../lib/local.ts'
import { href, useRoute } from '../lib/router.ts'
import { useTrailName } from '../lib/trail.ts'

/** A record that was looked at, newest first. */
export interface Visited {
  /** Its address, as a path of two. */
  path: readonly [view: string, id: string]
  name: string
}

const KEY = 'pswebhost-recent'
const KEPT = 8
const LOOKED_AT_MS = 300
const VIEWS = ['tasks', 'nodes', 'history', 'changes']

const isVisited = (value: unknown): value is Visited => {
  if (typeof value !== 'object' || value === null || !('path' in value) || !('name' in value)) return false
  const { path, name } = value
  return Array.isArray(path) && path.length === 2 && path.every(isText) && isText(name)
}

const isText = (value: unknown): boolean => typeof value === 'string'

/** What is there may be of another version, or of another page of this address. */
const parse = (text: string | null): Visited[] => {
  try {
    const value: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(value) ? value.filter(isVisited) : []
  } catch {
    return []
  }
}

/** On this machine it stays; in a browser it goes with the tab, as its token does. */
const useStorage = (): Storage => (useLocal() === null ? window.sessionStorage : window.localStorage)

/** Notes each record that is shown by its name. */
export const useRecent = (): void => {
  const storage = useStorage()
  const { path } = useRoute()
  const name = useTrailName()
  const [view = '', id = ''] = path
  useEffect(() => {
    if (name === null || id === 'new' || id === '' || !VIEWS.includes(view)) return
    // While one record follows another, the name is still the one's for a moment.
    const timer = setTimeout(() => {
      const others = parse(storage.getItem(KEY)).filter((one) => href(one.path) !== href([view, id]))
      storage.setItem(KEY, JSON.stringify([{ path: [view, id], name }, ...others].slice(0, KEPT)))
    }, LOOKED_AT_MS)
    return () => clearTimeout(timer)
  }, [storage, view, id, name])
}

/** Reads them anew each time it is asked. */
export const useReadRecent = (): (() => Visited[]) => {
  const storage = useStorage()
  return () => parse(storage.getItem(KEY))
}
