import { hasIntegratedSecurity, isFile } from '../../shared/domain/database.ts'
import type { ConfigValues } from './schema.ts'

/** A wrong value of one key, or of two that do not fit together. `mayBe` completes "KEY has VALUE; it may be …". */
export interface Wrong {
  path: PropertyKey[]
  mayBe: string
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i

export const isLoopback = (host: string): boolean => LOOPBACK.test(host)

const connectionKey = (...key: string[]): string[] => ['database', 'connection', ...key]

const neededKeys = ({ type, connection }: ConfigValues['database']): Wrong[] =>
  (['server', 'database'] as const)
    .filter((key) => connection[key] === null)
    .map((key) => ({
      path: connectionKey(key),
      mayBe: `the ${key === 'server' ? 'host name of the server' : 'name of the database'}: ${type} needs it`,
    }))

/** `Server=…;Password=…`, `postgres://user:…@host`: with a password in it, as likely as not. */
export const isConnectionString = (server: unknown): boolean =>
  typeof server === 'string' && /[=;@]|:\/\//.test(server)

const serverRule = ({ connection: { server } }: ConfigValues['database']): Wrong[] =>
  isConnectionString(server)
    ? [
        {
          path: connectionKey('server'),
          mayBe:
            'the host name alone; the other parts of a connection string go under port, database, username and password',
        },
      ]
    : []

/** A certificate that is named and not used would be a protection that nobody has. */
const connectionTlsRules = ({ connection: { ssl, tls } }: ConfigValues['database']): Wrong[] => {
  const named = (['ca', 'cert', 'key'] as const).filter((key) => tls[key] !== null)
  if (ssl === false && named.length > 0)
    return [{ path: connectionKey('ssl'), mayBe: `true while tls.${named.join(' and tls.')} is given` }]
  if (tls.cert !== null && tls.key === null)
    return [{ path: connectionKey('tls', 'key'), mayBe: 'the path of the key of tls.cert, which needs it' }]
  if (tls.key !== null && tls.cert === null)
    return [{ path: connectionKey('tls', 'cert'), mayBe: 'the path of the certificate of tls.key' }]
  return []
}

/** The driver cannot sign in as the account that runs the program. */
const windowsAccountRule = ({ type, connection }: ConfigValues['database']): Wrong[] => {
  const isWindows = /^[^\\]+\\[^\\]+$/.test(connection.username ?? '')
  if (!hasIntegratedSecurity(type) || !connection.integratedSecurity || isWindows) return []
  const mayBe = 'DOMAIN\\user, with its password: integratedSecurity signs in with an account of Windows'
  return [{ path: connectionKey('username'), mayBe }]
}

/** A server database needs to know where it is; SQLite needs nothing, and what is for servers is ignored. */
export const databaseRules = (database: ConfigValues['database']): Wrong[] => {
  const { type, connection } = database
  if (isFile(type)) return []
  const integrated = {
    path: connectionKey('integratedSecurity'),
    mayBe: `false: ${type} has no integrated security`,
  }
  return [
    ...neededKeys(database),
    ...serverRule(database),
    ...(connection.integratedSecurity && !hasIntegratedSecurity(type) ? [integrated] : []),
    ...windowsAccountRule(database),
    ...connectionTlsRules(database),
  ]
}

const leaseRule = ({ heartbeatSeconds, leaseSeconds }: ConfigValues['cluster']): Wrong[] => {
  const least = 2 * heartbeatSeconds
  const mayBe = `${least} or more: a lease must outlive one missed heartbeat (cluster.heartbeatSeconds is ${heartbeatSeconds})`
  return leaseSeconds >= least ? [] : [{ path: ['cluster', 'leaseSeconds'], mayBe }]
}

/** Beyond this machine nothing is sent in clear, unless that was asked for in so many words. */
export const servesTls = ({ host, tls }: ConfigValues['api'], insecure: boolean): boolean =>
  tls.enabled ?? (tls.cert !== null || !(insecure || isLoopback(host)))

/** A certificate that is named and not used would be a protection that nobody has. */
const apiTlsRules = ({ tls: { enabled, cert, key } }: ConfigValues['api']): Wrong[] => {
  const path = (name: string): string[] => ['api', 'tls', name]
  if (enabled === false && (cert !== null || key !== null))
    return [{ path: path('enabled'), mayBe: `true while tls.${cert === null ? 'key' : 'cert'} is given` }]
  if (cert !== null && key === null)
    return [{ path: path('key'), mayBe: 'the path of the key of tls.cert, which needs it' }]
  if (key !== null && cert === null)
    return [{ path: path('cert'), mayBe: 'the path of the certificate of tls.key' }]
  return []
}

/** Whether this machine has what it takes shows at start only. */
const sandboxRule = ({ sandbox, sandboxUser }: ConfigValues['execution']): Wrong[] => {
  const path = ['execution', 'sandboxUser']
  if (sandbox === 'user' && sandboxUser === null)
    return [{ path, mayBe: 'the name of the account that scripts run as: execution.sandbox user needs it' }]
  // An account that is named and not used would be a protection that nobody has.
  return sandbox !== 'user' && sandboxUser !== null
    ? [{ path, mayBe: `left out while execution.sandbox is ${sandbox}` }]
    : []
}

const hostRule = (api: ConfigValues['api'], insecure: boolean): Wrong[] => {
  const mayBe =
    '127.0.0.1, ::1 or localhost while api.tls.enabled is false; another address would send tokens in clear and needs --insecure'
  const isSafe = insecure || isLoopback(api.host) || servesTls(api, insecure)
  return isSafe ? [] : [{ path: ['api', 'host'], mayBe }]
}

/** What no single key can tell. Empty when all fits. */
export const crossRules = (values: ConfigValues, insecure: boolean): Wrong[] => [
  ...databaseRules(values.database),
  ...hostRule(values.api, insecure),
  ...apiTlsRules(values.api),
  ...leaseRule(values.cluster),
  ...sandboxRule(values.execution),
]
