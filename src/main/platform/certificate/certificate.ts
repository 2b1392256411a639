import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { messageOf } from '../../../shared/domain/errors.ts'

/** A certificate a server may answer with, and what to know it by. */
export interface ServerCertificate {
  /** PEM; intermediate certificates may follow. */
  cert: string
  key: string
  fingerprint: string
  /** ISO-8601 UTC. */
  validUntil: string
}

/** SHA-256 of a certificate as it travels (DER): 64 hexadecimal digits in lower case, as join tokens carry it. */
export const fingerprintOf = (der: Buffer): string => createHash('sha256').update(der).digest('hex')

/** As browsers and openssl show it: `AB:CD:…`. */
export const shownFingerprint = (fingerprint: string): string =>
  fingerprint.toUpperCase().match(/../g)?.join(':') ?? ''

/** What is wrong with a file, `which` of the two and why in words. */
export class CertificateError extends Error {
  readonly which: 'cert' | 'key'

  constructor(which: 'cert' | 'key', reason: string, cause?: unknown) {
    super(reason, { cause })
    this.name = 'CertificateError'
    this.which = which
  }
}

const parsed = <T>(which: 'cert' | 'key', what: string, parse: () => T): T => {
  try {
    return parse()
  } catch (error) {
    throw new CertificateError(which, `is not ${what} (${messageOf(error)})`, error)
  }
}

/** @throws CertificateError when they cannot be read, do not belong together or do not hold at `now`. */
export const serverCertificate = (cert: string, key: string, now: number): ServerCertificate => {
  const first = parsed('cert', 'a certificate in PEM', () => new X509Certificate(cert))
  const privateKey = parsed('key', 'a private key in PEM without a passphrase', () => createPrivateKey(key))
  if (!first.checkPrivateKey(privateKey))
    throw new CertificateError('key', 'is not the key of the certificate')
  const validUntil = new Date(first.validTo)
  if (validUntil.getTime() <= now)
    throw new CertificateError('cert', `expired at ${validUntil.toISOString()}`)
  if (new Date(first.validFrom).getTime() > now)
    throw new CertificateError('cert', `holds from ${new Date(first.validFrom).toISOString()} only`)
  return { cert, key, fingerprint: fingerprintOf(first.raw), validUntil: validUntil.toISOString() }
}
