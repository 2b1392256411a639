import { createPrivateKey, X509Certificate } from 'node:crypto'
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
 * On unless the server is on this machine (a loopback address, the path of a socket) or `ssl` says otherwise. A file
 * that is named is for use.
 *
 * @throws AppError BAD_REQUEST naming the key of a file that cannot be read, or is not what it should be.
 */
export const tlsOf = ({
  ssl,
  server,
  tls,
}: Pick<ServerConfig, 'ssl' | 'server' | 'tls'>): TlsOptions | undefined => {
  const names = Object.values(tls).some((path) => path !== null)
  if (ssl === false || (ssl === null && LOOPBACK.test(server) && !names)) return undefined
  return {
    rejectUnauthorized: ssl !== 'no-verify',
    ...fileOf(tls, 'ca'),
    ...fileOf(tls, 'cert'),
    ...fileOf(tls, 'key'),
  }
}

type FileName = keyof ServerConfig['tls']

/** Drivers would fail with the words of a parser, and say of which file they are of none. */
const READ: Record<FileName, { what: string; parse: (pem: string) => unknown }> = {
  ca: { what: 'certificate', parse: (pem) => new X509Certificate(pem) },
  cert: { what: 'certificate', parse: (pem) => new X509Certificate(pem) },
  key: { what: 'private key without a passphrase', parse: createPrivateKey },
}

const fileOf = (files: ServerConfig['tls'], name: FileName): Partial<TlsOptions> => {
  const path = files[name]
  if (path === null) return {}
  const field = ['database', 'connection', 'tls', name]
  const pem = orSay(field, `${path} cannot be read`, () => readFileSync(path, 'utf8'))
  orSay(field, `${path} is no ${READ[name].what} as PEM`, () => READ[name].parse(pem))
  return { [name]: pem }
}

const orSay = <T>(field: string[], what: string, work: () => T): T => {
  try {
    return work()
  } catch (error) {
    throw badField(field, `${what} (${messageOf(error)})`)
  }
}
