import { X509Certificate } from 'node:crypto'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createRenewal, openCertificate, type ApiCertificate } from '../../src/main/app/api-certificate.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { fingerprintOf, shownFingerprint } from '../../src/main/platform/certificate/certificate.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { createPinnedFetch } from '../../src/main/platform/pinned-fetch.ts'
import { configErrorOf, configFolders, isPosix } from '../config/support.ts'
import { testPem } from '../support/certificates.ts'
import { testClock } from '../support/clock.ts'
import { admin, QUICK, startTestNode, tempDir } from '../support/node.ts'

const SECURE = `${QUICK}api:\n  tls: { enabled: true }\n`
const { folder, loadText } = configFolders()
const DAY_MS = 86_400_000

const fingerprintIn = async (file: string): Promise<string> =>
  fingerprintOf(new X509Certificate(await readFile(file)).raw)

/** What a node with this app.yaml opens, with its log. */
const opened = async (yaml: string, clock = systemClock, dir = '') => {
  const { config } = await loadText(yaml)
  const log = memoryLog()
  const dataDir = dir === '' ? config.dataDir : { ...config.dataDir, ...filesIn(dir) }
  const deps = { config: { ...config, dataDir }, hosts: ['localhost'], clock, log }
  const lines = () => log.entries.map(({ msg }) => String(msg))
  return { deps, certificate: await openCertificate(deps), lines }
}

const filesIn = (dir: string) => ({ tlsCert: join(dir, 'tls.crt'), tlsKey: join(dir, 'tls.key') })

describe('a node that serves TLS', () => {
  it('makes a certificate at its first start, keeps it, and says which it is', async () => {
    const dir = await tempDir()
    const first = await startTestNode({ dir, config: SECURE })
    const fingerprint = await fingerprintIn(join(dir, 'tls.crt'))
    expect(first.url).toMatch(/^https:/)
    const { tls } = await first.services.system.info(admin)
    expect(tls).toMatchObject({ fingerprint: shownFingerprint(fingerprint), own: false })
    expect(Date.parse(tls?.validUntil ?? '') - Date.now()).toBeGreaterThan(9.9 * 365 * DAY_MS)
    const names = new X509Certificate(await readFile(join(dir, 'tls.crt'))).subjectAltName
    for (const name of [`DNS:${hostname()}`, 'DNS:localhost', 'IP Address:127.0.0.1'])
      expect(names).toContain(name)
    if (isPosix) expect((await stat(join(dir, 'tls.key'))).mode & 0o777).toBe(0o600)

    const { fetch, close } = createPinnedFetch(fingerprint)
    onTestFinished(close)
    const authorization = `Bearer ${first.adminToken}`
    const answer = await fetch(new Request(`${first.url}/api/v1/system`, { headers: { authorization } }))
    expect(await answer.json()).toMatchObject({ tls: { fingerprint: shownFingerprint(fingerprint) } })
    await first.close()

    await startTestNode({ dir, config: SECURE })
    expect(await fingerprintIn(join(dir, 'tls.crt'))).toBe(fingerprint)
  })

  it('does so beyond this machine without being told', async () => {
    const node = await startTestNode({ config: `${QUICK}api:\n  host: 0.0.0.0\n` })
    expect(node.url).toMatch(/^https:\/\/127\.0\.0\.1:/)
    expect((await node.services.system.info(admin)).tls?.own).toBe(false)
  })

  it('needs none on this machine', async () => {
    const node = await startTestNode()
    expect(node.url).toMatch(/^http:/)
    expect((await node.services.system.info(admin)).tls).toBeNull()
    await expect(stat(join(node.dir, 'tls.key'))).rejects.toThrow('ENOENT')
  })

  it('answers with the administrator’s own, named from the data folder', async () => {
    const dir = await tempDir()
    const { cert, key } = testPem(60)
    await writeFile(join(dir, 'own.pem'), cert)
    await writeFile(join(dir, 'own.key'), key)
    const node = await startTestNode({
      dir,
      config: `${QUICK}api:\n  tls: { cert: own.pem, key: own.key }\n`,
    })
    const fingerprint = shownFingerprint(await fingerprintIn(join(dir, 'own.pem')))
    expect((await node.services.system.info(admin)).tls).toMatchObject({ own: true, fingerprint })
  })
})

describe('a certificate of the administrator’s that is no good', () => {
  it.each([
    ['is not there', null, testPem(9), /^api\.tls\.cert has "\S+c\.pem", which cannot be read \(ENOENT/],
    [
      'has ended',
      testPem(-1),
      null,
      /^api\.tls\.cert has "\S+", which expired at \d{4}-.*; it may be the path/,
    ],
    ['is for another key', testPem(9), testPem(9), /^api\.tls\.key has "\S+k\.pem", which is not the key/],
  ])('stops the start with exit code 2 when it %s', async (_, cert, key, words) => {
    const dir = folder()
    if (cert) await writeFile(join(dir, 'c.pem'), cert.cert)
    await writeFile(join(dir, 'k.pem'), (key ?? cert)?.key ?? '')
    const yaml = `api: { tls: { cert: ${dir}/c.pem, key: ${dir}/k.pem } }\n`
    const error = await configErrorOf(() => opened(yaml))
    expect(error.message).toMatch(words)
    expect(error.exitCode).toBe(2)
  })
})

describe('a certificate the node made', () => {
  it('is made anew at a start less than 30 days before its end, which is logged', async () => {
    const dir = folder()
    const first = await opened('', systemClock, dir)
    expect(first.lines()).toEqual([expect.stringMatching(/^made a certificate for the API, \S+, with the/)])
    const end = Date.parse(first.certificate.validUntil)
    const before = await opened('', testClock(end - 31 * DAY_MS), dir)
    expect(before.certificate.fingerprint).toBe(first.certificate.fingerprint)
    expect(before.lines()).toEqual([])
    const after = await opened('', testClock(end - 29 * DAY_MS), dir)
    expect(after.certificate.fingerprint).not.toBe(first.certificate.fingerprint)
    expect(after.lines()).toEqual([expect.stringMatching(/was there ends at \S+\. Nodes that know the old/)])
  })

  it('is made anew when its key was lost, with a warning', async () => {
    const dir = folder()
    const first = await opened('', systemClock, dir)
    await rm(join(dir, 'tls.key'))
    const second = await opened('', systemClock, dir)
    expect(second.certificate.fingerprint).not.toBe(first.certificate.fingerprint)
    expect(second.lines()).toEqual([expect.stringContaining('the one that was there cannot be read')])
  })
})

describe('a renewal', () => {
  it('is used without a restart once both files fit; until then the old one stays and that is said once', async () => {
    const dir = folder()
    const [cert, key] = [join(dir, 'c.pem'), join(dir, 'k.pem')]
    const put = (pem: { cert: string; key: string }) =>
      Promise.all([writeFile(cert, pem.cert), writeFile(key, pem.key)])
    await put(testPem(9))
    const { deps, certificate, lines } = await opened(`api: { tls: { cert: ${cert}, key: ${key} } }\n`)
    const used: ApiCertificate[] = []
    const look = createRenewal(deps, certificate, (changed) => used.push(changed))
    await look()
    const next = testPem(90)
    await writeFile(cert, next.cert)
    await look()
    await look()
    expect(used).toEqual([])
    expect(lines()).toEqual([
      expect.stringContaining('is not the key of the certificate; the one in use stays'),
    ])
    await put(next)
    await look()
    await look()
    const fingerprint = await fingerprintIn(cert)
    expect(used).toEqual([expect.objectContaining({ fingerprint, own: true })])
    expect(lines().at(-1)).toBe(`the API answers with another certificate: ${shownFingerprint(fingerprint)}`)
  })
})
