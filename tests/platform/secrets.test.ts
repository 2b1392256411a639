import { chmod, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createMasker } from '../../src/main/platform/secrets/mask.ts'
import { openNodeKey, wrapFor } from '../../src/main/platform/secrets/node-key.ts'
import { lockWithPassphrase, unlockWithPassphrase } from '../../src/main/platform/secrets/passphrase.ts'
import { keyIdOf, newValueKey, openText, sealText } from '../../src/main/platform/secrets/seal.ts'
import { isPosix, temporaryFolders } from '../config/support.ts'

const folder = temporaryFolders()
const keyFile = (): string => join(folder(), 'secret.key')

/** Every text that differs from `sealed` in one character of its encoded part. */
const alterations = (sealed: string): string[] => {
  const start = sealed.lastIndexOf('.') + 1
  return [...sealed.slice(start)].flatMap((char, index) => {
    const at = start + index
    const altered = sealed.slice(0, at) + (char === 'A' ? 'Z' : 'A') + sealed.slice(at + 1)
    // The last character of base64 may hold unused bits: another text, the same bytes.
    return Buffer.from(altered.slice(start), 'base64url').equals(
      Buffer.from(sealed.slice(start), 'base64url'),
    )
      ? []
      : [altered]
  })
}

describe('secret.key', () => {
  it('is made once, 0600, and is the same key ever after', async () => {
    const file = keyFile()
    const first = await openNodeKey(file)
    if (isPosix) expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readFile(file, 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----/)
    const wrapped = first.wrap(Buffer.from('hello'), 'test')
    const second = await openNodeKey(file)
    expect(second.publicKey).toBe(first.publicKey)
    expect(second.unwrap(wrapped, 'test')?.toString()).toBe('hello')
    expect(second.wasExposed).toBe(false)
  })

  it.each(['', 'not a key', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'])(
    'holding %j is refused by name and never overwritten',
    async (text) => {
      const file = keyFile()
      await writeFile(file, text, { mode: 0o600 })
      await expect(openNodeKey(file)).rejects.toThrow(
        `${file} does not hold this node's X25519 private key: put the original back, or move it away to start with a new one (stored secrets then stay closed).`,
      )
      expect(await readFile(file, 'utf8')).toBe(text)
    },
  )

  it.runIf(isPosix)('that others could read is closed and said to have been open', async () => {
    const file = keyFile()
    await openNodeKey(file)
    await chmod(file, 0o640)
    expect((await openNodeKey(file)).wasExposed).toBe(true)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })
})

describe('wrapping for a node', () => {
  it('needs its public key only, gives another text every time, and opens with its private key alone', async () => {
    const [one, other] = [await openNodeKey(keyFile()), await openNodeKey(keyFile())]
    const plain = Buffer.from([0, 255, 1, 128])
    const wrapped = wrapFor(one.publicKey, plain, 'p')
    expect(wrapped).toMatch(/^x1\.[\w-]+$/)
    expect(wrapFor(one.publicKey, plain, 'p')).not.toBe(wrapped)
    expect(one.unwrap(wrapped, 'p')).toEqual(plain)
    expect(other.unwrap(wrapped, 'p')).toBeNull()
    expect(one.unwrap(wrapped, 'another purpose')).toBeNull()
  })

  it('notices any altered character, a cut, and what is no wrap', async () => {
    const key = await openNodeKey(keyFile())
    const wrapped = key.wrap(Buffer.from('secret'), 'p')
    const altered = alterations(wrapped)
    expect(altered.length).toBeGreaterThan(80)
    for (const text of altered) expect(key.unwrap(text, 'p')).toBeNull()
    for (const text of ['', 'x1.', wrapped.slice(0, -4), wrapped.slice(3), `x1.${'A'.repeat(100)}`])
      expect(key.unwrap(text, 'p')).toBeNull()
  })

  it('refuses a public key of another length', () => {
    expect(() => wrapFor('AAAA', Buffer.from('x'), 'p')).toThrow(
      'The public key of a node is 32 bytes as base64url.',
    )
  })
})

describe('sealed values', () => {
  it.each(['', 'hunter22', 'ü\n"\u{1f511}', 'x'.repeat(100_000)])('round-trip: %#', (text) => {
    const key = newValueKey('k1')
    expect(openText(key, sealText(key, text))).toBe(text)
  })

  it('carry the key id, never the text, and differ each time', () => {
    const key = newValueKey('0190-a')
    const [one, two] = [sealText(key, 'hunter22'), sealText(key, 'hunter22')]
    expect(keyIdOf(one)).toBe('0190-a')
    expect(one).not.toBe(two)
    expect(Buffer.from(one.slice(7), 'base64url').toString('latin1')).not.toContain('hunter22')
    expect(keyIdOf('plain')).toBeNull()
  })

  it('stay closed when altered, under another key, or with the key id of another', () => {
    const [key, other] = [newValueKey('k1'), newValueKey('k2')]
    const sealed = sealText(key, 'hunter22')
    for (const text of alterations(sealed)) expect(openText(key, text)).toBeNull()
    expect(openText(other, sealed)).toBeNull()
    expect(openText({ ...key, keyId: 'k2' }, sealed.replace('k1.', 'k2.'))).toBeNull()
    expect(openText(key, 'k1.')).toBeNull()
  })
})

describe('a passphrase', () => {
  it('locks and unlocks, whatever way its letters were composed', async () => {
    const bundle = await lockWithPassphrase(Buffer.from('the key'), 'gru\u0308n-geheim')
    expect(JSON.parse(bundle)).toMatchObject({
      format: 'pswebhost-key',
      kdf: { name: 'scrypt', N: 131072, r: 8, p: 1 },
    })
    expect(bundle).not.toContain(Buffer.from('the key').toString('base64url'))
    expect((await unlockWithPassphrase(bundle, 'gr\u00fcn-geheim')).toString()).toBe('the key')
  })

  it('that is wrong is said to be wrong', async () => {
    const bundle = await lockWithPassphrase(Buffer.from('the key'), 'correct horse')
    const expected = {
      code: 'BAD_REQUEST',
      message:
        'The key of this backup does not open: the passphrase is wrong (or the key bundle was altered).',
      issues: [{ path: ['passphrase'], message: 'the passphrase is wrong (or the key bundle was altered)' }],
    }
    await expect(unlockWithPassphrase(bundle, 'correct hose')).rejects.toMatchObject(expected)
    const altered = bundle.replace(/"data":"(.)/, (_, char: string) => `"data":"${char === 'A' ? 'B' : 'A'}`)
    await expect(unlockWithPassphrase(altered, 'correct horse')).rejects.toMatchObject(expected)
  })

  it('is never tried on a bundle that asks for all the memory of the machine, or is none', async () => {
    const bundle = await lockWithPassphrase(Buffer.from('x'), 'passphrase')
    for (const text of [
      '',
      '{}',
      bundle.replace('131072', '1073741824'),
      bundle.replace('"version":1', '"version":2'),
    ])
      await expect(unlockWithPassphrase(text, 'passphrase')).rejects.toThrow(
        'This is not a key bundle of a backup, or of a newer program.',
      )
  })
})

describe('masking', () => {
  it('blots out a secret as it is, inside JSON and inside a URL', () => {
    const masker = createMasker(['p"s/w ö'])
    const text = `p"s/w ö ${JSON.stringify({ a: 'p"s/w ö' })} pg://u:${encodeURIComponent('p"s/w ö')}@h`
    expect(masker.apply(text)).toBe('*** {"a":"***"} pg://u:***@h')
  })

  it('leaves no rest of a longer secret that contains a shorter one', () => {
    const masker = createMasker(['hunter'])
    masker.add('hunter22')
    expect(masker.apply('hunter22 hunter')).toBe('*** ***')
  })

  it('leaves values under four characters alone and takes any text', () => {
    const masker = createMasker(['abc', '', 'a\ud800bc'])
    expect(masker.apply('abc')).toBe('abc')
    expect(masker.apply('$& a\ud800bc')).toBe('$& ***')
  })
})
