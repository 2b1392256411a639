import { pathToFileURL } from 'node:url'
import { net, protocol } from 'electron'
import { CONTENT_SECURITY } from '../api/guards.ts'
import { fileOf, SCHEME } from './page-address.ts'

/*
 * The window's page comes from `app://ui/…`: an origin of its own, which no website has, with the policy of the
 * browser console. `file://` would give every file on this machine the same origin.
 */

/** To be called before Electron is ready. */
export const registerAppScheme = (): void =>
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])

const notFound = (): Response => new Response('There is no such file.', { status: 404 })

/** Answers the scheme from the built page's folder, and from nowhere else. */
export const serveAppScheme = (folder: string): void =>
  protocol.handle(SCHEME, async ({ url }) => {
    const file = fileOf(url, folder)
    if (file === null) return notFound()
    const answer = await net.fetch(pathToFileURL(file).href).catch(notFound)
    const headers = new Headers(answer.headers)
    headers.set('content-security-policy', CONTENT_SECURITY)
    headers.set('x-content-type-options', 'nosniff')
    return new Response(answer.body, { status: answer.status, headers })
  })
