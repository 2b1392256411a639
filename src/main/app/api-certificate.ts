import { readFile } from 'node:fs/promises'
import { messageOf } from '../../shared/domain/errors.ts'
import { ConfigError } from '../config/config-error.ts'
import type { Config } from '../config/load.ts'
import {
  CertificateError,
  serverCertificate,
  shownFingerprint,
  type ServerCertificate,
} from '../platform/certificate/certificate.ts'
import { makeSelfSigned } from '../platform/certificate/self-signed.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { writeFileAtomic } from '../platform/write-file.ts'

/** The certificate the API answers with: the administrator's, or one the node made and keeps in its folder. */

export interface ApiCertificate extends ServerCertificate {
  /** From files of the administrator's. */
  own: boolean
}

export interface CertificateDeps {
  config: Pick<Config, 'api' | 'dataDir' | 'file' | 'node'>
  /** Names and addresses of this machine. */
  hosts: readonly string[]
  clock: Clock
  log: Pick<Log, 'info' | 'warn'>
}

const DAY_MS = 86_400_000
const YEARS_10_MS = 3652 * DAY_MS
/** Made anew at a start that finds no more than this left. */
const RENEW_BEFORE_MS = 30 * DAY_MS
/** The clocks of those who look at it may be behind ours. */
const CLOCKS_BEHIND_MS = DAY_MS

interface Files {
  cert: string
  key: string
}

/** @throws ConfigError (exit code 2) naming the key of app.yaml, its file and what is wrong with it. */
export const openCertificate = async (deps: CertificateDeps): Promise<ApiCertificate> => {
  const { cert, key } = deps.config.api.tls
  if (cert === null || key === null) return { ...(await openSelfMade(deps)), own: false }
  try {
    return { ...(await readFiles({ cert, key }, deps.clock)), own: true }
  } catch (error) {
    throw asConfigError(error, { cert, key }, deps.config.file)
  }
}

/** @throws CertificateError */
const readFiles = async ({ cert, key }: Files, clock: Clock): Promise<ServerCertificate> =>
  serverCertificate(await readPem('cert', cert), await readPem('key', key), clock.now())

const readPem = async (which: 'cert' | 'key', path: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new CertificateError(which, `cannot be read (${messageOf(error)})`, error)
  }
}

const MAY_BE = {
  cert: 'the path of a PEM file with a certificate that holds, or empty together with api.tls.key: then the node makes its own',
  key: 'the path of a PEM file with the key of api.tls.cert',
}

const asConfigError = (error: unknown, files: Files, configFile: string): unknown => {
  if (!(error instanceof CertificateError)) return error
  const { which, message } = error
  const text = `api.tls.${which} has "${files[which]}", which ${message}; it may be ${MAY_BE[which]} (${configFile})`
  return new ConfigError([text], error)
}

/** What is there and holds for some time yet, else a new one. */
const openSelfMade = async (deps: CertificateDeps): Promise<ServerCertificate> => {
  const { tlsCert: cert, tlsKey: key } = deps.config.dataDir
  const found = await readFiles({ cert, key }, deps.clock).catch((error: unknown) => {
    if (error instanceof CertificateError) return error
    throw error
  })
  if (found instanceof CertificateError) return makeAndKeep(deps, isMissing(found) ? null : found.message)
  const left = Date.parse(found.validUntil) - deps.clock.now()
  return left > RENEW_BEFORE_MS ? found : makeAndKeep(deps, `ends at ${found.validUntil}`)
}

const isMissing = ({ which, cause }: CertificateError): boolean =>
  which === 'cert' && cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'

/** @param why the one that was there is of no use; null: none was there. */
const makeAndKeep = async (deps: CertificateDeps, why: string | null): Promise<ServerCertificate> => {
  const { config, clock, hosts, log } = deps
  const { tlsCert, tlsKey } = config.dataDir
  const now = clock.now()
  const made = makeSelfSigned({
    commonName: `PSWebHost Cluster ${config.node.nodeName}`,
    hosts,
    from: new Date(now - CLOCKS_BEHIND_MS),
    until: new Date(now + YEARS_10_MS),
  })
  try {
    // The key first: a certificate without its key is made again at the next start.
    await writeFileAtomic(tlsKey, made.key)
    await writeFileAtomic(tlsCert, made.cert)
  } catch (error) {
    throw new ConfigError([`--data: ${tlsCert} cannot be written (${messageOf(error)})`], error)
  }
  const certificate = serverCertificate(made.cert, made.key, now)
  const text = `made a certificate for the API, ${tlsCert}, with the fingerprint ${shownFingerprint(certificate.fingerprint)}`
  if (why === null) log.info(text)
  else
    log.warn(`${text}; the one that was there ${why}. Nodes that know the old fingerprint need the new one.`)
  return certificate
}

/**
 * A look at the files of the certificate in use: what changed in them is used from then on, unless something is wrong with it,
 * which is said once and the old one kept. An administrator's renewal needs no restart.
 */
export const createRenewal = (
  deps: Pick<CertificateDeps, 'config' | 'clock' | 'log'>,
  first: ApiCertificate,
  use: (certificate: ApiCertificate) => void,
): (() => Promise<void>) => {
  const { tls } = deps.config.api
  const files = { cert: tls.cert ?? deps.config.dataDir.tlsCert, key: tls.key ?? deps.config.dataDir.tlsKey }
  let current = first
  let told = ''
  const complain = (error: unknown): void => {
    const text = `the certificate of the API cannot be renewed: ${messageOf(error)}; the one in use stays`
    if (text !== told) deps.log.warn(text)
    told = text
  }
  return async () => {
    try {
      const found = await readFiles(files, deps.clock)
      told = ''
      if (found.cert === current.cert && found.key === current.key) return
      current = { ...found, own: first.own }
      use(current)
      deps.log.info(`the API answers with another certificate: ${shownFingerprint(found.fingerprint)}`)
    } catch (error) {
      complain(error)
    }
  }
}
