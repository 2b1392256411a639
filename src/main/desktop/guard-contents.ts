import { app, session, type WebContents } from 'electron'
import { isOwn, pathOf } from './page-address.ts'

/*
 * What a page may do besides showing itself: nothing. It cannot leave its origin, embed other pages or ask for
 * devices; a window it asks for shows a view of ours, made by the program, or does not open.
 */

/** The one right a page has: 'Copy' buttons. */
const PERMITTED = ['clipboard-sanitized-write']

export interface ContentsDeps {
  /** Is told each link that leads out of the page. */
  openOutside: (address: string) => void
  /** Opens one more window on a view, by its path. */
  openWindow: (path: string) => void
}

export const guardContents = ({ openOutside, openWindow }: ContentsDeps): void => {
  app.on('web-contents-created', (_, contents: WebContents) => {
    contents.on('will-navigate', (event) => {
      if (isOwn(event.url)) return
      event.preventDefault()
      openOutside(event.url)
    })
    contents.on('will-redirect', (event) => {
      if (!isOwn(event.url)) event.preventDefault()
    })
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(({ url }) => {
      const path = pathOf(url)
      if (path === null) openOutside(url)
      else openWindow(path)
      return { action: 'deny' }
    })
  })
}

/** Denies what pages ask of the system. Once Electron is ready. */
export const denyPermissions = (): void => {
  session.defaultSession.setPermissionRequestHandler((contents, permission, answer) =>
    answer(isOwn(contents.getURL()) && PERMITTED.includes(permission)),
  )
  session.defaultSession.setPermissionCheckHandler(
    (_, permission, origin) => isOwn(origin) && PERMITTED.includes(permission),
  )
}
