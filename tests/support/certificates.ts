import { serverCertificate, type ServerCertificate } from '../../src/main/platform/certificate/certificate.ts'
import { makeSelfSigned } from '../../src/main/platform/certificate/self-signed.ts'

const DAY_MS = 86_400_000

/** A certificate for this machine, as a node or an administrator would have one. */
export const testCertificate = (days = 90, hosts = ['localhost', '127.0.0.1']): ServerCertificate => {
  const { cert, key } = testPem(days, hosts)
  return serverCertificate(cert, key, Date.now())
}

/** The same as text, which may have ended (`days` below 0). */
export const testPem = (days: number, hosts = ['localhost', '127.0.0.1']) => {
  const now = Date.now()
  return makeSelfSigned({
    commonName: 'test',
    hosts,
    from: new Date(now - 400 * DAY_MS),
    until: new Date(now + days * DAY_MS),
  })
}
