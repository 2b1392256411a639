import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { createMasker, maskText } from '../../src/main/exec/mask.ts'
import { createSpoolWriter, spoolFile } from '../../src/main/exec/spool.ts'
import { followSpool, readSpool, removeSpool, type SpoolChunk } from '../../src/main/exec/spool-reader.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { createHarness, spoolBytes, waitFor, wholeOutput, type Harness } from './fixtures/exec-harness.ts'

const MASK = '••••'

/** Masks a text that arrives in pieces of the given sizes. */
const maskedInPieces = (text: Buffer, secrets: string[], sizes: number[]): Buffer => {
  const masker = createMasker(secrets)
  const out: Buffer[] = []
  for (let at = 0, i = 0; at < text.length; i++) {
    const size = sizes[i % sizes.length] ?? 1
    out.push(masker.push(text.subarray(at, at + size)))
    at += size
  }
  return Buffer.concat([...out, masker.end()])
}

describe('masking', () => {
  it('replaces every known secret, also as JSON and URLs write it, and leaves short ones', () => {
    expect(maskText('user=admin pass=hunter22 pin=123 pass=hunter22', ['hunter22', '123'])).toBe(
      `user=admin pass=${MASK} pin=123 pass=${MASK}`,
    )
    expect(maskText('https://u:p%22s%2Fw%20%C3%B6@host/', ['p"s/w ö'])).toBe(`https://u:${MASK}@host/`)
    expect(maskText('{"p":"a\\"b\\\\c\\nd"}', ['a"b\\c\nd'])).toBe(`{"p":"${MASK}"}`)
  })
  it('leaves nothing of overlapping secrets', () => {
    expect(maskText('xabcdefx', ['abcd', 'cdef'])).toBe(`x${MASK}x`)
    expect(maskText('xabcdefx', ['abcd', 'abcdef'])).toBe(`x${MASK}x`)
    expect(maskText('aaaaaaaaab', ['aaaa'])).toBe(`${MASK}b`)
  })
  it('gives the same however the bytes are cut', () => {
    const alphabet = fc.constantFrom('a', 'b', 'c')
    const secret = fc.string({ unit: alphabet, minLength: 4, maxLength: 7 })
    fc.assert(
      fc.property(
        fc.string({ unit: alphabet, maxLength: 60 }),
        fc.array(secret, { minLength: 1, maxLength: 3 }),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }),
        (text, secrets, sizes) => {
          const whole = maskText(text, secrets)
          expect(maskedInPieces(Buffer.from(text), secrets, sizes).toString()).toBe(whole)
          for (const each of secrets) expect(whole).not.toContain(each)
        },
      ),
      { numRuns: 500 },
    )
  })
  it('passes binary bytes on unchanged', () => {
    const bytes = randomBytes(100_000)
    expect(maskedInPieces(bytes, ['planted-secret'], [1000, 7, 65_536]).equals(bytes)).toBe(true)
  })
  it('holds back only what may be the beginning of a secret', () => {
    expect(createMasker(['password']).push(Buffer.from('Enter p')).toString()).toBe('Enter ')
  })
})

describe('the spool', () => {
  let dir: string
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'spool-'))
  })
  afterAll(() => rmSync(dir, { recursive: true }))

  it('keeps the first and the last half, never more than the cap on disk, and says how much is missing', async () => {
    const writer = createSpoolWriter(spoolFile(dir, 'a'), 16_000)
    const all = randomBytes(100_000)
    for (let at = 0; at < all.length; at += 777) {
      await writer.write(all.subarray(at, at + 777))
      expect(spoolBytes(dir, 'a')).toBeLessThanOrEqual(16_000)
    }
    await writer.close()
    expect([writer.total(), writer.truncated()]).toEqual([100_000, true])
    const output = await wholeOutput(dir, 'a')
    expect(output.subarray(0, 8000).equals(all.subarray(0, 8000))).toBe(true)
    const [marker, missing] =
      /\n\[pswebhost: (\d+) bytes of output left out here\]\n/.exec(output.toString('latin1')) ?? []
    const tail = output.subarray(8000 + (marker?.length ?? 0))
    expect(tail.length).toBeGreaterThanOrEqual(7000)
    expect(tail.equals(all.subarray(-tail.length))).toBe(true)
    expect(8000 + Number(missing) + tail.length).toBe(100_000)
    await removeSpool(dir, 'a')
    expect(readdirSync(dir)).toEqual([])
  })
  it('is not truncated at exactly the cap, and serves any position', async () => {
    const writer = createSpoolWriter(spoolFile(dir, 'b'), 1600)
    const all = randomBytes(1600)
    await Promise.all([writer.write(all.subarray(0, 900)), writer.write(all.subarray(900))])
    await writer.close()
    expect(writer.truncated()).toBe(false)
    for (const from of [0, 1, 799, 800, 950, 1599, 1600, 5000]) {
      const parts: Buffer[] = []
      for await (const part of readSpool(spoolFile(dir, 'b'), from)) parts.push(part.chunk)
      expect(Buffer.concat(parts).equals(all.subarray(from))).toBe(true)
    }
    expect(statSync(spoolFile(dir, 'b')).mode & 0o777).toBe(0o600)
  })
  it('can be followed while it grows past its cap, to the very end, without a byte out of place', async () => {
    const writer = createSpoolWriter(spoolFile(dir, 'c'), 4000)
    const ended = new AbortController()
    const all = randomBytes(30_000)
    const write = async () => {
      for (let at = 0; at < all.length; at += 500) {
        await writer.write(all.subarray(at, at + 500))
        if (at % 3000 === 0) await systemClock.sleep(25)
      }
      ended.abort()
    }
    const got: SpoolChunk[] = []
    const writing = write()
    const options = { file: spoolFile(dir, 'c'), signal: new AbortController().signal, ended: ended.signal }
    for await (const part of followSpool({ ...options, clock: systemClock })) got.push(part)
    await writing
    let position = 0
    for (const { offset, chunk, omittedBefore } of got) {
      expect(offset).toBe(position + omittedBefore)
      expect(chunk.equals(all.subarray(offset, offset + chunk.length))).toBe(true)
      position = offset + chunk.length
    }
    expect(position).toBe(30_000)
    await writer.close()
  })
  it('lets a follower go at once', async () => {
    const gone = new AbortController()
    const follow = followSpool({
      file: spoolFile(dir, 'never'),
      signal: gone.signal,
      ended: new AbortController().signal,
      clock: systemClock,
    })
    const next = follow.next()
    gone.abort()
    expect(await next).toEqual({ done: true, value: undefined })
  })
  it.runIf(process.platform === 'linux')('reports a full disk instead of failing the run', async () => {
    const writer = createSpoolWriter('/dev/full', 1000)
    await writer.write(Buffer.from('x'))
    expect([writer.failure()?.message, writer.truncated()]).toEqual([expect.stringContaining('ENOSPC'), true])
    await writer.close()
  })
})

describe('output of real scripts', () => {
  let harness: Harness
  beforeAll(() => {
    harness = createHarness({ maxOutputBytes: 1_000_000 })
  })
  afterAll(() => harness.close())
  const spoolDir = () => join(harness.dir, 'spool')

  const residentKb = (field: string): number => {
    const status = readFileSync(`/proc/${harness.supervisor.pid()}/status`, 'utf8')
    return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1])
  }

  it.runIf(process.platform === 'linux')('caps 200 MB without growing the supervisor', async () => {
    await harness.supervisor.run(harness.spec(harness.script('warm.sh', 'head -c 500000 /dev/zero')))
    const before = residentKb('VmRSS')
    const spec = harness.spec(
      harness.script('flood.sh', 'echo first; head -c 200000000 /dev/zero; echo; echo last'),
      {
        maskValues: ['planted-secret'],
      },
    )
    const startedAt = performance.now()
    const result = await harness.supervisor.run(spec)
    const elapsedMs = performance.now() - startedAt
    expect(result).toMatchObject({ state: 'Success', outputBytes: 200_000_012, outputTruncated: true })
    expect(residentKb('VmHWM') - before).toBeLessThan(50 * 1024)
    expect(spoolBytes(spoolDir(), spec.historyId)).toBeLessThanOrEqual(1_000_000)
    const output = await harness.output(spec.historyId)
    expect(output.length).toBeLessThanOrEqual(1_000_100)
    expect(output.subarray(0, 6).toString()).toBe('first\n')
    expect(output.subarray(-6).toString()).toBe('\nlast\n')
    const notices = harness.growth.filter((each) => each.historyId === spec.historyId).length
    expect(notices).toBeGreaterThan(0)
    // A tenth of a second apart where they are sent; here they may bunch.
    expect(notices).toBeLessThanOrEqual(elapsedMs / 100 + 1)
  })
  it('keeps binary output byte for byte', async () => {
    const spec = harness.spec(
      harness.script(
        'binary.js',
        'process.stdout.write(Buffer.from(Array.from({ length: 70000 }, (_, i) => (i * 7) & 255)))',
      ),
    )
    await harness.supervisor.run(spec)
    const expected = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7) & 255))
    expect((await harness.output(spec.historyId)).equals(expected)).toBe(true)
  })
  it('never lets a secret reach spool, journal, result or command line', async () => {
    const secret = 'planted-secret-"quoted"'
    const spec = harness.spec(
      harness.script(
        'leak.sh',
        'cat; echo "$PSWEBHOST_PARAM_PASSWORD"; printf %s "${TOKEN:0:9}"; sleep 0.2; echo "${TOKEN:9}"; tr "\\0" " " </proc/$$/cmdline; echo "bad login $TOKEN" >&2; exit 1',
      ),
      {
        parameters: { password: secret },
        environment: { TOKEN: 'planted-token' },
        maskValues: [secret, 'planted-token'],
      },
    )
    const result = await harness.supervisor.run(spec)
    expect(result.error).toBe(`bad login ${MASK}`)
    const output = (await harness.output(spec.historyId)).toString()
    expect(output).toContain(`{"password":"${MASK}"}${MASK}\n${MASK}\n`)
    expect(output).toContain('leak.sh')
    for (const folder of [spoolDir(), join(harness.dir, 'journal')])
      for (const name of readdirSync(folder))
        expect(readFileSync(join(folder, name)).includes('planted-')).toBe(false)
  })
  it('is told of while it grows', async () => {
    const spec = harness.spec(harness.script('slow.sh', 'echo one; sleep 0.4; echo two'))
    const result = harness.supervisor.run(spec)
    const seen = () =>
      harness.growth.filter((each) => each.historyId === spec.historyId).map((each) => each.totalBytes)
    await waitFor('the first notice', () => seen().length > 0, 2000)
    expect(seen()).toEqual([4])
    expect(harness.supervisor.list()).toMatchObject([{ historyId: spec.historyId, outputBytes: 4 }])
    expect((await result).outputBytes).toBe(8)
  })
})
