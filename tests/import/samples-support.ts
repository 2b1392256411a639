import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import type net from 'node:net'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect } from 'vitest'

export const SAMPLES = path.join(import.meta.dirname, '../../resources/samples')
export const PEM = path.join(import.meta.dirname, 'fixtures/certificate.pem')
export const KEY = path.join(import.meta.dirname, 'fixtures/certificate-key.pem')

export interface Ended {
  code: number | null
  out: string
  err: string
}

export const runText = (script: string, stdin: string): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(SAMPLES, script)])
    const ended: Ended = { code: null, out: '', err: '' }
    child.stdout.on('data', (chunk: Buffer) => (ended.out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (ended.err += chunk.toString()))
    child.on('close', (code) => resolve({ ...ended, code }))
    child.stdin.end(stdin)
  })

export const run = (script: string, parameters: Record<string, unknown>): Promise<Ended> =>
  runText(script, JSON.stringify(parameters))

export const fine = (out: RegExp): Ended => ({ code: 0, out: expect.stringMatching(out) as string, err: '' })
export const failed = (err: RegExp): Ended => ({
  code: 1,
  out: '',
  err: expect.stringMatching(err) as string,
})

/** A folder of its own for each test. */
export let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'samples-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

export const put = (name: string, content: string, ageDays = 0): string => {
  const file = path.join(folder, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, content)
  const at = new Date(Date.now() - ageDays * 86_400_000)
  utimesSync(file, at, at)
  return file
}

/** Serves on a free port for as long as `work` takes. */
export const listening = async <T>(server: net.Server, work: (port: number) => Promise<T>): Promise<T> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await work((server.address() as AddressInfo).port)
  } finally {
    server.close()
  }
}
