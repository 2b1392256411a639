import { readFileSync } from 'node:fs'
import { badField, messageOf } from '../../../shared/domain/errors.ts'
import type { ServerConfig } from '../dialects/dialect.ts'

/** TLS options as Node and the drivers take them; undefined: none. */
export interface TlsOptions {
  rejectUnauthorized: boolean
  ca?: string
  cert?: string
  key?: string
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\]|\/.*)$/i

/**
 * On unless the server is on this machine (a loopback address, the path of a socket) or `ssl` says otherwise.
 *
 * @throws AppError BAD_REQUEST naming the key of a file that cannot be read.
 */
export const tlsOf = ({
  ssl,
  server,
  tls,
}: Pick<ServerConfig, 'ssl' | 'server' | 'tls'>): TlsOptions | undefined => {
  if (ssl === false || (ssl === null && LOOPBACK.test(server) && tls.ca === null)) return undefined
  return {
    rejectUnauthorized: ssl !== 'no-verify',
    ...fileOf(tls, 'ca'),
    ...fileOf(tls, 'cert'),
    ...fileOf(tls, 'key'),
  }
}

const fileOf = (files: ServerConfig['tls'], name: keyof ServerConfig['tls']): Partial<TlsOptions> => {
  const path = files[name]
  if (path === null) return {}
  try {
    return { [name]: readFileSync(path, 'utf8') }
  } catch (error) {
    throw badField(['database', 'connection', 'tls', name], `${path} cannot be read (${messageOf(error)})`)
  }
}
