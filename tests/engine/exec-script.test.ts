import { createHash } from 'node:crypto'
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  readdirSync,
  chmodSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkScript } from '../../src/main/exec/check-script.ts'
import { detectInterpreters, interpreterFor, scriptTypeOf } from '../../src/main/exec/interpreters.ts'
import { resolveScript } from '../../src/main/exec/script-path.ts'
import { INTERPRETERS } from './fixtures/exec-harness.ts'

let dir: string
let root: string
const platform = process.platform
const hostEnvironment = process.env

beforeAll(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'script-')))
  root = join(dir, 'scripts')
  mkdirSync(join(root, 'sub'), { recursive: true })
  mkdirSync(join(dir, 'scripts-of-others'))
  writeFileSync(join(dir, 'outside.sh'), 'echo out')
  writeFileSync(join(dir, 'scripts-of-others', 'a.sh'), 'echo out')
  writeFileSync(join(root, 'sub', 'a.sh'), 'echo in', { mode: 0o755 })
  symlinkSync(join(dir, 'outside.sh'), join(root, 'escape.sh'))
  symlinkSync(join(root, 'sub', 'a.sh'), join(root, 'inner.sh'))
  symlinkSync(dir, join(root, 'up'))
  symlinkSync(root, join(dir, 'linked-root'))
})
afterAll(() => rmSync(dir, { recursive: true }))

describe('a script path', () => {
  const hash = createHash('sha256').update('echo in').digest('hex')
  const resolve = (scriptPath: string, scriptHash: string | null = null, roots = [root]) =>
    resolveScript({ scriptPath, scriptRoots: roots, scriptHash })

  it('is found inside a root: relative, absolute, through a link that stays inside, through a linked root', async () => {
    const found = { ok: true, path: join(root, 'sub', 'a.sh'), root, hash, isExecutable: true }
    for (const path of ['sub/a.sh', join(root, 'sub', 'a.sh'), 'inner.sh', 'sub/../sub/a.sh'])
      expect(await resolve(path)).toEqual(found)
    expect(await resolve('sub/a.sh', null, [join(dir, 'linked-root')])).toEqual(found)
    expect(await resolve('sub/a.sh', null, ['/no/such/root', root])).toEqual(found)
  })
  it.each([
    'escape.sh',
    'up/outside.sh',
    '../outside.sh',
    '../scripts-of-others/a.sh',
    '../missing.sh',
    '/etc/passwd',
    '/no/such/file',
    '..',
  ])('%s is refused as outside, naming the root', async (path) => {
    const refused = await resolve(path)
    expect(refused).toMatchObject({ ok: false, refusal: 'outside' })
    expect(refused).toHaveProperty(
      'reason',
      `script ${path} lies outside every script root (script roots: ${root})`,
    )
  })
  it('is refused by name when it is missing, a folder, or empty, or when there is no root', async () => {
    expect(await resolve('nope.sh')).toEqual({
      ok: false,
      refusal: 'missing',
      reason: `script nope.sh is not on this node (script roots: ${root})`,
    })
    expect(await resolve('a.sh', null, ['/no/such/root'])).toMatchObject({ refusal: 'missing' })
    expect(await resolve(join(root, 'sub/a.sh'), null, ['/no/such/root'])).toMatchObject({
      refusal: 'outside',
    })
    expect(await resolve('sub')).toMatchObject({ refusal: 'not-a-file' })
    expect(await resolve('  ')).toMatchObject({ refusal: 'missing' })
    expect(await resolve('a\0b')).toMatchObject({ refusal: 'missing' })
    expect(await resolve('a.sh', null, [])).toMatchObject({
      reason: 'script a.sh is not on this node (no script root is configured)',
    })
  })
  it('must have the pinned content', async () => {
    expect(await resolve('sub/a.sh', hash.toUpperCase())).toMatchObject({ ok: true })
    const refused = await resolve('sub/a.sh', '0'.repeat(64))
    expect(refused).toMatchObject({ ok: false, refusal: 'hash' })
    expect(refused).toHaveProperty('reason', expect.stringContaining(`its SHA-256 is ${hash}`))
  })
})

describe('interpreters', () => {
  it('are found for every kind of script this machine can run, with version or reason', async () => {
    const found = await detectInterpreters({
      configured: {},
      nodePath: process.execPath,
      hostEnvironment,
      platform,
    })
    const of = (type: string) => found.find((each) => each.type === type)
    expect(of('node')).toMatchObject({
      available: true,
      path: process.execPath,
      version: process.versions.node,
    })
    expect(of('bash')).toMatchObject({ available: true, reason: null })
    expect(of('bash')?.version).toMatch(/^\d+\.\d/)
    expect(of('executable')).toMatchObject({ available: true })
    if (platform !== 'win32')
      expect(of('cmd')).toMatchObject({ available: false, reason: 'cmd scripts run on Windows only' })
  })
  it('follow the configuration, extension by extension, and say what is wrong with it', async () => {
    const fake = join(dir, 'tsx')
    writeFileSync(fake, '#!/bin/sh\necho 9.8.7', { mode: 0o755 })
    const found = await detectInterpreters({
      configured: { '.TS': fake, '.ps1': '/no/pwsh', '.py': join(dir, 'outside.sh') },
      nodePath: process.execPath,
      hostEnvironment: { PATH: '' },
      platform: 'linux',
    })
    expect(interpreterFor(found, 'node', 'a.ts')).toMatchObject({
      path: fake,
      version: '9.8.7',
      extensions: ['.ts'],
    })
    expect(interpreterFor(found, 'node', 'a.js')).toMatchObject({ path: process.execPath })
    expect(interpreterFor(found, 'powershell', 'a.ps1')?.reason).toBe(
      '/no/pwsh is missing or cannot be executed',
    )
    expect(interpreterFor(found, 'python', 'a.py')?.available).toBe(false)
    expect(interpreterFor(found, 'bash', 'a.sh')?.reason).toBe(
      'bash was not found on PATH; install it or set execution.interpreters',
    )
  })
  it('are chosen by extension, else by the executable bit', () => {
    const types = ['a.ps1', 'A.PS1', 'b.sh', 'c.mjs', 'c.ts', 'd.py', 'e.bat', 'f.exe', 'g', 'h.txt']
    expect(types.map((path) => scriptTypeOf(path, false))).toEqual([
      'powershell', 'powershell', 'bash', 'node', 'node', 'python', 'cmd', 'executable', null, null,
    ]) // prettier-ignore
    expect([scriptTypeOf('g', true), scriptTypeOf('b.sh', true)]).toEqual(['executable', 'bash'])
  })
})

describe('the syntax check', () => {
  const check = (name: string, text: string, interpreter?: string) => {
    const scriptPath = join(dir, name)
    writeFileSync(scriptPath, text)
    const scriptType = scriptTypeOf(name, true) ?? 'executable'
    const request = { scriptPath, scriptType, hostEnvironment, platform }
    return checkScript({ ...request, interpreter: interpreter ?? INTERPRETERS[scriptType] ?? null })
  }
  it.each([
    ['good.sh', 'echo "$1"; exit 1'],
    ['good.js', 'throw new Error("never run")'],
    ['good.mjs', 'import x from "nowhere"; await x'],
    ['good.ts', 'const a: number = 1; throw a; export type B = string'],
    ['good.py', 'raise SystemExit(1)'],
    ['good.cmd', 'exit 1'],
    ['good.ps1', 'function {'],
  ])('says nothing of %s, and runs nothing of it', async (name, text) => {
    expect(await check(name, text)).toEqual([])
  })
  it.each([
    ['bad.sh', 'if true; then', /syntax error.*unexpected/is],
    ['bad.js', 'const = 1', /SyntaxError: Unexpected token/],
    ['bad.ts', 'const a: number = (', /SyntaxError/],
    ['enum.ts', 'enum A { B }', /enum is not supported/],
    ['bad.py', 'def f(:\n  pass', /SyntaxError: invalid syntax/],
  ])('names what is wrong with %s', async (name, text, message) => {
    const [warning, ...more] = await check(name, text)
    expect(warning).toMatch(message)
    expect(warning).toContain(name)
    expect(more).toEqual([])
  })
  it('leaves no __pycache__ behind', () => {
    expect(readdirSync(dir)).not.toContain('__pycache__')
  })
  it('warns, instead of throwing, when the check itself fails', async () => {
    expect((await check('x.sh', '', '/no/bash'))[0]).toMatch(/could not be checked: .*ENOENT/)
    const crash = join(dir, 'crash')
    writeFileSync(crash, '#!/bin/sh\nkill -9 $$')
    chmodSync(crash, 0o755)
    expect((await check('x.sh', '', crash))[0]).toMatch(/could not be checked: ended by SIGKILL/)
  })
})
