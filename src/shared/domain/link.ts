/**
 * Links to a record or a view. In a chat or a ticket they name what is meant, not which machine shows it:
 * `pswebhost://task/ID` opens in the desktop of whoever follows it.
 */

export const LINK_SCHEME = 'pswebhost'

/** What a link may name, and the view that shows it. */
const VIEW_OF = { task: 'tasks', node: 'nodes', run: 'history', change: 'changes' } as const

export type LinkKind = keyof typeof VIEW_OF

const isKind = (text: string): text is LinkKind => Object.hasOwn(VIEW_OF, text)

/** The path of the window that shows the record: `['tasks', ID]`. */
export const pathOfRecord = (kind: LinkKind, id: string): string[] => [VIEW_OF[kind], id]

export const linkTo = (kind: LinkKind, id: string): string => `${LINK_SCHEME}://${kind}/${id}`

export type ParsedLink = { path: string[] } | { problem: string }

const FORMS = ['task/ID', 'node/ID', 'run/ID', 'change/ID', 'view/NAME'].map(
  (form) => `${LINK_SCHEME}://${form}`,
)

/** An id as the cluster gives them, or a name of a view; nothing that an address would read as more. */
const FORM = new RegExp(`^${LINK_SCHEME}://([a-z]+)/([A-Za-z0-9_-]{1,64})/?$`)
const VIEW_NAME = /^[a-z]{1,20}$/
const SHOWN = 80

export const isLink = (text: string): boolean => text.toLowerCase().startsWith(`${LINK_SCHEME}:`)

/** Reads a link that anybody may have written: what is none of the forms leads nowhere, and says so. */
export const parseLink = (text: string): ParsedLink => {
  const [, kind = '', name = ''] = FORM.exec(text.trim()) ?? []
  if (isKind(kind)) return { path: pathOfRecord(kind, name) }
  if (kind === 'view' && VIEW_NAME.test(name)) return { path: [name] }
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
  return { problem: `“${shown}” is no link of this program. There are ${FORMS.join(', ')}.` }
}
