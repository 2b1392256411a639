import { X509Certificate } from 'node:crypto'
import { connect, createServer } from 'node:tls'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { CertificateError, serverCertificate } from '../../src/main/platform/certificate/certificate.ts'
import { makeSelfSigned } from '../../src/main/platform/certificate/self-signed.ts'
import { testPem } from '../support/certificates.ts'

const FROM = new Date('2026-03-01T10:20:30.000Z')
const UNTIL = new Date('2051-03-01T10:20:30.000Z')

const made = (hosts: string[], commonName = 'PSWebHost Cluster Ärger') =>
  new X509Certificate(makeSelfSigned({ commonName, hosts, from: FROM, until: UNTIL }).cert)

describe('a certificate that signs itself', () => {
  it('is read by others as it was meant', () => {
    const certificate = made(['node-a.example', '10.1.2.3', 'fd00::12:7', '::1', 'no name', 'node-a.example'])
    expect(certificate.subject).toBe('CN=PSWebHost Cluster Ärger')
    expect(certificate.subjectAltName).toBe(
      'DNS:node-a.example, IP Address:10.1.2.3, IP Address:FD00:0:0:0:0:0:12:7, IP Address:0:0:0:0:0:0:0:1',
    )
    // One year below 2050 and one above are written in two ways.
    expect(new Date(certificate.validFrom)).toEqual(FROM)
    expect(new Date(certificate.validTo)).toEqual(UNTIL)
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    expect(certificate.checkIssued(certificate)).toBe(true)
    expect(certificate.ca).toBe(false)
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
  })

  it('is another one each time, whatever the key and the serial number begin with', () => {
    const serials = Array.from({ length: 50 }, () => made(['localhost']).serialNumber)
    expect(new Set(serials).size).toBe(50)
  })

  it('needs a name or an address, and takes long names', () => {
    expect(() => made(['no name'])).toThrow(RangeError)
    expect(made(['localhost'], 'x'.repeat(200)).subject).toBe(`CN=${'x'.repeat(64)}`)
    const many = Array.from({ length: 200 }, (_, at) => `host-${at}.some.long.domain.example`)
    expect(made(many).subjectAltName?.split(', ')).toHaveLength(200)
  })

  it('is trusted by name where somebody installs it', async () => {
    const { cert, key } = testPem(5)
    const server = createServer({ cert, key }, (socket) => socket.end('hello')).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    const said = await new Promise<string>((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ca: cert })
      socket.once('error', reject).once('data', (data: Buffer) => resolve(data.toString()))
    })
    server.close()
    expect(said).toBe('hello')
  })
})

describe('a certificate from files', () => {
  const good = testPem(10)
  it.each([
    ['is no PEM', 'hello', good.key, 'cert', /is not a certificate in PEM/],
    ['has another key', good.cert, testPem(10).key, 'key', /is not the key/],
    ['has a key that is no key', good.cert, good.cert, 'key', /is not a private key in PEM/],
  ])('is refused when it %s', (_, cert, key, which, words) => {
    const use = () => serverCertificate(cert, key, Date.now())
    expect(use).toThrow(words)
    expect(use).toThrow(CertificateError)
    expect(use).toThrow(expect.objectContaining({ which }) as Error)
  })

  it('is refused before and after it holds', () => {
    const old = testPem(-1)
    expect(() => serverCertificate(old.cert, old.key, Date.now())).toThrow(/expired at \d{4}-/)
    expect(() => serverCertificate(good.cert, good.key, Date.parse('2020-01-01'))).toThrow(/holds from 20/)
  })
})
