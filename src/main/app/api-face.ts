import { hostname, networkInterfaces } from 'node:os'
import type { TlsInfo } from '../../shared/domain/system.ts'
import { createHttpServer, inUrl, type HttpServer } from '../api/http.ts'
import { servesTls } from '../config/rules.ts'
import { startLoop } from '../loops/loop.ts'
import { shownFingerprint } from '../platform/certificate/certificate.ts'
import type { Services } from '../services/services.ts'
import { createRenewal, openCertificate, type ApiCertificate } from './api-certificate.ts'
import type { Prepared } from './prepare-core.ts'

/** Where and how other machines reach the API of this node. */
export interface ApiFace {
  /** Best first; with a loopback address, only this machine gets through. */
  readonly urls: readonly string[]
  /** Null: it answers in clear. */
  readonly tls: TlsInfo | null
  /** SHA-256 of the certificate, 64 hexadecimal digits, as `createPinnedFetch` takes it. */
  readonly fingerprint: string | null
}

export interface ServedApi {
  http: HttpServer
  face: ApiFace
  close(): Promise<void>
}

/** Between two looks at the files of the certificate. */
const RENEWAL_MS = 60_000
const WILDCARDS = ['0.0.0.0', '::']

/** @throws ConfigError when there is something wrong with the certificate; AppError when it cannot listen. */
export const serveApi = async (prepared: Prepared, services: Services): Promise<ServedApi> => {
  const { config, insecure, clock, log, program } = prepared
  const addresses = outerAddresses()
  const hosts = [config.api.host, hostname(), 'localhost', '127.0.0.1', '::1', ...addresses]
  let certificate: ApiCertificate | null = servesTls(config.api, insecure)
    ? await openCertificate({ config, clock, log, hosts: hosts.filter((host) => !WILDCARDS.includes(host)) })
    : null
  const http = await createHttpServer({
    services,
    config: { host: config.api.host, port: config.api.port, insecure, certificate },
    consoleDir: program.consoleDir,
    log,
    version: program.version,
    clock,
  })
  const stopped = new AbortController()
  const renewal =
    certificate &&
    watchRenewal(prepared, stopped.signal, certificate, (changed) => {
      certificate = changed
      http.useCertificate(changed)
    })
  return {
    http,
    face: faceOf(reachableUrls(http, config.api.host, addresses), () => certificate),
    close: async () => {
      stopped.abort()
      await renewal?.ended
      await http.close()
    },
  }
}

const watchRenewal = (
  { config, clock, log }: Prepared,
  signal: AbortSignal,
  first: ApiCertificate,
  use: (certificate: ApiCertificate) => void,
) => {
  const look = createRenewal({ config, clock, log }, first, use)
  const body = async (): Promise<number> => {
    await look()
    return RENEWAL_MS
  }
  return startLoop({ name: 'looking for another certificate', clock, signal, log, body })
}

const faceOf = (urls: readonly string[], current: () => ApiCertificate | null): ApiFace => ({
  urls,
  get tls() {
    const certificate = current()
    if (!certificate) return null
    const { fingerprint, own, validUntil } = certificate
    return { fingerprint: shownFingerprint(fingerprint), own, validUntil }
  },
  get fingerprint() {
    return current()?.fingerprint ?? null
  },
})

const outerAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ internal, scopeid }) => !internal && !scopeid)
    .sort((a, b) => a.family.localeCompare(b.family))
    .map(({ address }) => address)

/** A node that listens everywhere is reached by any of its addresses, by its name where that is known to others. */
const reachableUrls = (http: HttpServer, host: string, addresses: readonly string[]): string[] => {
  if (!WILDCARDS.includes(host)) return [http.url]
  const own = host === '::' ? addresses : addresses.filter((address) => !address.includes(':'))
  const scheme = new URL(http.url).protocol
  return [...own, hostname()].map((name) => `${scheme}//${inUrl(name)}:${http.port}`)
}
