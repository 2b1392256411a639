import { expect, it } from 'vitest'
import { isoOf, systemClock } from '../../src/main/platform/clock.ts'
import type { TlsInfo } from '../../src/shared/domain/system.ts'
import { systemInfo } from '../support/memory-records.ts'
import { violationsOf } from './axe.ts'
import { describeWindow, type WindowPage } from './window.ts'

const FINGERPRINT = Array.from({ length: 32 }, (_, i) => (i * 7 + 16).toString(16).toUpperCase()).join(':')
const inDays = (days: number): string => isoOf(systemClock.now() + days * 86_400_000)

const setting = (key: string, value: string | number | null) => ({
  ...{ key, value, default: null, given: value !== null, needsRestart: false, lock: null },
})

/** The node answers with this certificate, at this address. */
const answering = ({ node }: WindowPage, tls: TlsInfo | null, host = '127.0.0.1'): void => {
  node.services.system.info = async ({ actor, role }) => ({ ...systemInfo(actor, role), tls })
  node.services.settings.get = async () => ({
    ...{ file: '/data/app.yaml', version: 'v1' },
    settings: [
      setting('api.host', host),
      setting('api.port', 7780),
      setting('api.tls.enabled', null),
      setting('api.tls.cert', tls?.own ? '/etc/pki/node.pem' : null),
      setting('api.tls.key', tls?.own ? '/etc/pki/node.key' : null),
    ],
  })
}

describeWindow('TLS in Settings', (open) => {
  it('says when the API answers in clear, and to whom', async () => {
    const window = await open()
    const { page, go } = window
    answering(window, null)
    await page.reload()
    await go('settings/api')
    await page.getByText('Off: the API answers in clear, to this machine only.').waitFor()
    answering(window, null, '0.0.0.0')
    await page.reload()
    await page.getByText('Off: tokens cross the network in clear.').waitFor()
    expect(await page.getByRole('button', { name: /Copy/ }).count()).toBe(0)
    expect(window.errors).toEqual([])
  })

  it('shows the fingerprint of a certificate that the node made, to be copied, and its end', async () => {
    const window = await open()
    const { page, go } = window
    answering(window, { fingerprint: FINGERPRINT, own: false, validUntil: inDays(3650) }, '0.0.0.0')
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.reload()
    await go('settings/api')
    await page.getByText('On, with a certificate that this node made.').waitFor()
    await page.getByText(FINGERPRINT).waitFor()
    await page.getByRole('button', { name: 'Copy the fingerprint' }).click()
    await page.getByText('Copied').waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(FINGERPRINT)
    const until = page
      .getByRole('definition')
      .filter({ hasText: String(new Date(inDays(3650)).getFullYear()) })
    await until.waitFor()
    expect(await violationsOf(page)).toEqual([])
  })

  it('names the file of a certificate of the administrator’s, and warns before it ends', async () => {
    const window = await open()
    const { page, go } = window
    answering(window, { fingerprint: FINGERPRINT, own: true, validUntil: inDays(9.5) })
    await page.reload()
    await go('settings/api')
    await page.getByText('On, with your own certificate.').waitFor()
    await page.getByRole('definition').getByText('/etc/pki/node.pem').waitFor()
    await page.getByText(/in 9.d: put a new one in place of its files/).waitFor()
    expect(await page.getByLabel('Certificate', { exact: true }).inputValue()).toBe('/etc/pki/node.pem')
  })
})
