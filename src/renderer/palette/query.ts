import { isLink, parseLink } from '../../shared/domain/link.ts'

/** What is looked for: everything, or by the first letter only actions, nodes or runs. */
export type Mode = 'all' | 'actions' | 'nodes' | 'runs'

export interface Wanted {
  mode: Mode
  text: string
}

const PREFIXES: Readonly<Record<string, Mode>> = { '>': 'actions', '@': 'nodes', '#': 'runs' }

export const wantedOf = (typed: string): Wanted => {
  const mode = PREFIXES[typed.charAt(0)]
  return mode ? { mode, text: typed.slice(1).trim() } : { mode: 'all', text: typed.trim() }
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The whole id of a record, as it is copied out of an address or a log. */
export const isId = (text: string): boolean => ID.test(text)

/** A link that was pasted; null for any other text. */
export const pastedLink = (text: string) => (isLink(text) ? parseLink(text) : null)
