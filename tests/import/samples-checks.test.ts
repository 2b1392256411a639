import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import net from 'node:net'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import tls from 'node:tls'
import { describe, expect, it } from 'vitest'
import { failed, fine, folder, KEY, listening, PEM, put, run, runText, SAMPLES } from './samples-support.ts'

describe('every sample', () => {
  const scripts = readdirSync(SAMPLES).filter((name) => name.endsWith('.mjs') && name !== 'task.mjs')

  it('is in the manifest, and the manifest names no other', () => {
    const manifest = JSON.parse(readFileSync(path.join(SAMPLES, 'samples.json'), 'utf8')) as {
      script: string
    }[]
    expect(manifest.map(({ script }) => script).sort()).toEqual(scripts.sort())
    expect(scripts.length).toBeGreaterThanOrEqual(8)
  })

  it.each(scripts)('%s names an unknown parameter and what there is', async (script) => {
    expect(await run(script, { colour: 'red' })).toEqual(failed(/^Unknown parameter colour; there are \w+/))
  })

  it.each(scripts)('%s says that its parameters are not JSON', async (script) => {
    expect(await runText(script, '{')).toEqual(failed(/^The parameters on stdin are not JSON/))
  })
})

describe('disk-space', () => {
  it('reports free space, and fails below the limit', async () => {
    expect(await run('disk-space.mjs', { paths: [folder], minFreePercent: 0, minFreeGb: 0 })).toEqual(
      fine(/free \(\d+\.\d %\)\n$/),
    )
    expect(await run('disk-space.mjs', { paths: folder, minFreePercent: 100 })).toEqual(
      failed(/less than 100 % or 1 GB/),
    )
    expect(await run('disk-space.mjs', { paths: [path.join(folder, 'no')] })).toEqual(
      failed(/ENOENT.*statfs/),
    )
  })
})

describe('memory-and-load', () => {
  it('reports both, and fails above the limit', async () => {
    expect(await run('memory-and-load.mjs', { minFreePercent: 0, maxLoadPerProcessor: 10_000 })).toEqual(
      fine(/memory free .*load/),
    )
    expect(await run('memory-and-load.mjs', { minFreePercent: 101 })).toEqual(failed(/less than 101 %/))
  })
})

describe('certificate-expiry', () => {
  it('reads a PEM file', async () => {
    expect(await run('certificate-expiry.mjs', { targets: [PEM] })).toEqual(
      fine(/CN=sample\.test is valid until 2\d{3}-/),
    )
    expect(await run('certificate-expiry.mjs', { targets: [PEM], minDays: 1_000_000 })).toEqual(
      failed(/is valid until/),
    )
    expect(await run('certificate-expiry.mjs', { targets: [put('empty.pem', '')] })).toEqual(
      failed(/holds no certificate/),
    )
  })

  it('asks a server, one whose certificate nobody trusts too', async () => {
    const server = tls.createServer({ cert: readFileSync(PEM), key: readFileSync(KEY) })
    await listening(server, async (port) => {
      expect(await run('certificate-expiry.mjs', { targets: [`127.0.0.1:${port}`] })).toEqual(
        fine(/CN=sample\.test/),
      )
    })
    expect(await run('certificate-expiry.mjs', { targets: ['127.0.0.1:1'] })).toEqual(
      failed(/127\.0\.0\.1:1: .*ECONNREFUSED/),
    )
  })
})

describe('http-check', () => {
  const server = () =>
    createServer((request, answer) => answer.writeHead(request.url === '/' ? 200 : 503).end('all well'))

  it('passes and fails by status, content and time', async () => {
    await listening(server(), async (port) => {
      const url = `http://127.0.0.1:${port}/`
      expect(await run('http-check.mjs', { urls: [url], contains: 'well' })).toEqual(fine(/: 200 in \d+ ms/))
      expect(await run('http-check.mjs', { urls: [`${url}down`] })).toEqual(
        failed(/503 in \d+ ms, expected 200/),
      )
      expect(await run('http-check.mjs', { urls: url, contains: 'broken' })).toEqual(
        failed(/but without "broken"/),
      )
    })
    expect(await run('http-check.mjs', { urls: ['http://127.0.0.1:1/'] })).toEqual(
      failed(/^http:\/\/127\.0\.0\.1:1\/: ./),
    )
    const silent = createServer(() => undefined)
    await listening(silent, async (port) => {
      const parameters = { urls: [`http://127.0.0.1:${port}/`], maxMilliseconds: 200 }
      expect(await run('http-check.mjs', parameters)).toEqual(failed(/no answer within 200 ms/))
    })
  })
})

describe('service-check', () => {
  it('tries ports', async () => {
    await listening(
      net.createServer((socket) => socket.end()),
      async (port) => {
        expect(await run('service-check.mjs', { services: [], ports: [`127.0.0.1:${port}`] })).toEqual(
          fine(/^All fine/),
        )
      },
    )
    expect(await run('service-check.mjs', { services: [], ports: ['127.0.0.1:1'] })).toEqual(
      failed(/ECONNREFUSED/),
    )
  })

  it('names a service that does not run, or that it cannot ask', async () => {
    expect(await run('service-check.mjs', { services: ['no-such-service-here'] })).toEqual(
      failed(/service no-such-service-here/),
    )
    expect(await run('service-check.mjs', { services: ['x; rm -rf /'] })).toEqual(
      failed(/is not a service name/),
    )
    expect(await run('service-check.mjs', { services: [] })).toEqual(failed(/Set the parameter/))
  })
})

describe('sqlite-check', () => {
  const database = (): string => {
    const file = path.join(folder, 'some.db')
    const made = new DatabaseSync(file)
    made.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, text); CREATE INDEX i ON t (text)')
    made.exec('BEGIN')
    const insert = made.prepare('INSERT INTO t (text) VALUES (?)')
    for (let row = 0; row < 2000; row += 1) insert.run(`row ${row} ${'x'.repeat(50)}`)
    made.exec('COMMIT')
    made.close()
    return file
  }

  it('passes a sound database and leaves it untouched', async () => {
    const file = database()
    const before = readFileSync(file)
    expect(await run('sqlite-check.mjs', { files: [file], check: 'full' })).toEqual(fine(/some\.db: ok \(/))
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('fails for a damaged one, for none and for something else', async () => {
    const file = database()
    const bytes = readFileSync(file)
    bytes.fill(0xff, 8192, 20_480)
    writeFileSync(file, bytes)
    expect(await run('sqlite-check.mjs', { files: file })).toEqual(failed(/some\.db: ./))
    expect(await run('sqlite-check.mjs', { files: [path.join(folder, 'no.db')] })).toEqual(failed(/ENOENT/))
    expect(
      await run('sqlite-check.mjs', { files: [put('text.db', 'not a database at all'.repeat(99))] }),
    ).toEqual(failed(/not a database/))
    expect(existsSync(path.join(folder, 'no.db'))).toBe(false)
  })
})
