import { app } from 'electron'
import { LINK_SCHEME, parseLink } from '../../shared/domain/link.ts'
import { linkArguments } from './arguments.ts'

/** What a second start hands to the window that is open already. */
export interface SecondStart {
  link: string | null
}

/** Reads what another process handed over; anything else is a start without a link. */
const linkOf = (data: unknown): string | null =>
  typeof data === 'object' && data !== null && 'link' in data && typeof data.link === 'string'
    ? data.link
    : null

export interface LinkDeps {
  /** Shows the page of a link, by its path. */
  onPath: (path: string) => void
  /** The text is no link of ours: the person is told, and nothing is opened. */
  onRefused: (problem: string) => void
  /** A second start without a link. */
  onStart: () => void
}

/** On a Mac the system tells links as events, the first perhaps before anybody listens. */
export const collectEarlyLinks = (): string[] => {
  const early: string[] = []
  app.on('open-url', (event, text) => {
    event.preventDefault()
    early.push(text)
  })
  return early
}

/** From now on links lead to the window: those of a second start, of the system, and the one of this start. */
export const followLinks = (first: readonly string[], { onPath, onRefused, onStart }: LinkDeps): void => {
  const follow = (text: string): void => {
    const link = parseLink(text)
    if ('problem' in link) onRefused(link.problem)
    else onPath(link.path.map(encodeURIComponent).join('/'))
  }
  app.on('second-instance', (_event, _argv, _folder, data) => {
    const link = linkOf(data)
    if (link === null) onStart()
    else follow(link)
  })
  app.removeAllListeners('open-url')
  app.on('open-url', (event, text) => {
    event.preventDefault()
    follow(text)
  })
  for (const text of first) follow(text)
}

/**
 * Tells the system, for this user, that links of ours open here; on Windows in the window of this data folder. Linux
 * starts the entry of the menu, and macOS the app: both open the window of the default data folder. Only of an installed
 * program: a checkout that somebody tries would take them away from it.
 */
export const registerLinks = (dataDir: string): void => {
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME, process.execPath, linkArguments(dataDir))
}
