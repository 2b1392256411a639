import { app, session, type WebContents } from 'electron'
import { isOwn } from './page-address.ts'

/*
 * What a page may do besides showing itself: nothing. It cannot leave its origin, open windows, embed other pages or
 * ask for devices.
 */

/** The one right a page has: 'Copy' buttons. */
const PERMITTED = ['clipboard-sanitized-write']

/** @param openOutside is told each link that leads out of the page. */
export const guardContents = (openOutside: (address: string) => void): void => {
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
      openOutside(url)
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
