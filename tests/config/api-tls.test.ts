import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { servesTls } from '../../src/main/config/rules.ts'
import { configFolders } from './support.ts'

const { loadText, messageOf } = configFolders()

describe('the API', () => {
  it('opens other addresses without TLS only with --insecure', async () => {
    const mayBe =
      'it may be 127.0.0.1, ::1 or localhost while api.tls.enabled is false; another address would send tokens in clear and needs --insecure'
    const clear = 'api:\n  tls:\n    enabled: false\n'
    expect(await messageOf(`${clear}  host: 0.0.0.0\n`)).toBe(`api.host has "0.0.0.0"; ${mayBe}`)
    expect(await messageOf(clear, { cliOverrides: { host: '127.evil.example' } })).toBe(
      `--host has "127.evil.example"; ${mayBe}`,
    )
    const { config } = await loadText(clear, { cliOverrides: { host: '0.0.0.0', insecure: true } })
    expect(config.api.host).toBe('0.0.0.0')
  })

  it.each([
    ['on loopback', '', false, false],
    ['beyond it', 'host: 0.0.0.0', false, true],
    ['beyond it, insecure', 'host: 0.0.0.0', true, false],
    ['asked for', 'tls: { enabled: true }', false, true],
    ['asked for, insecure', 'host: 0.0.0.0, tls: { enabled: true }', true, true],
    ['with a certificate', 'tls: { cert: c.pem, key: /etc/k.pem }', true, true],
  ])('serves TLS %s as it should', async (_, keys, insecure, expected) => {
    const { config } = await loadText(`api: { ${keys} }\n`, { cliOverrides: { insecure } })
    expect(servesTls(config.api, insecure)).toBe(expected)
  })

  it('takes the files of the certificate from the data folder', async () => {
    const { config } = await loadText('api: { tls: { cert: c.pem, key: /etc/k.pem } }\n')
    expect(config.api.tls).toEqual({
      enabled: null,
      cert: join(config.dataDir.root, 'c.pem'),
      key: '/etc/k.pem',
    })
  })
})
