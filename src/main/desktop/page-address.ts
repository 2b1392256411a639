import { join, normalize, sep } from 'node:path'

/* Which addresses are the page's own, and what is behind them. */

export const SCHEME = 'app'
const HOST = 'ui'

/** The page's origin; messages of any other frame are refused. */
export const APP_ORIGIN = `${SCHEME}://${HOST}`

export const isOwn = (address: string): boolean =>
  URL.canParse(address) && address.startsWith(`${APP_ORIGIN}/`)

/** The address of a view by its path, like `tasks/new`. */
export const addressOf = (path: string): string => `${APP_ORIGIN}/index.html${path === '' ? '' : `#/${path}`}`

/** The path of the view that one of our own addresses names; null for any other address. */
export const pathOf = (address: string): string | null =>
  isOwn(address) ? new URL(address).hash.replace(/^#\/?/, '') : null

/** The file that an address names, or null when it is none of the page's. */
export const fileOf = (address: string, folder: string): string | null => {
  if (!isOwn(address)) return null
  const { pathname } = new URL(address)
  const path = decodeURIComponent(pathname === '/' ? '/index.html' : pathname)
  const file = normalize(join(folder, path))
  return file.startsWith(folder + sep) && !path.includes('\0') ? file : null
}

/** Whether a link may be handed to the browser: pages of this node (API documentation, console), nothing else. */
export const mayOpenOutside = (address: string, nodeUrl: string | null): boolean =>
  nodeUrl !== null && URL.canParse(address) && new URL(address).origin === new URL(nodeUrl).origin
