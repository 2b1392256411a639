import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { controlPath, defaultDataDir, openDataDir } from '../../src/main/config/data-dir.ts'
import { readEnvironment } from '../../src/main/config/environment.ts'
import { configErrorOf, isPosix, modeOf, temporaryFolders } from './support.ts'

const folder = temporaryFolders()

describe('the default data folder', () => {
  it.each([
    ['linux', {}, '/home/ann/.local/share/pswebhost-cluster'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/data/pswebhost-cluster'],
    ['linux', { XDG_DATA_HOME: 'relative' }, '/home/ann/.local/share/pswebhost-cluster'],
    ['darwin', { XDG_DATA_HOME: '/data' }, '/home/ann/Library/Application Support/pswebhost-cluster'],
  ] as const)('on %s with %j is %s', (platform, variables, expected) => {
    expect(defaultDataDir(variables, { platform, home: '/home/ann' })).toBe(expected)
  })

  it('on Windows is below %LOCALAPPDATA%', () => {
    const host = { platform: 'win32', home: 'C:\\Users\\ann' } as const
    expect(defaultDataDir({ LOCALAPPDATA: 'D:\\Local' }, host)).toBe('D:\\Local\\pswebhost-cluster')
    expect(defaultDataDir({}, host)).toBe('C:\\Users\\ann\\AppData\\Local\\pswebhost-cluster')
  })
})

describe('opening the data folder', () => {
  it('creates it and what belongs in it, for this user alone', async () => {
    const dir = openDataDir(join(folder(), 'deep', 'er'))
    for (const path of [dir.root, dir.journal, dir.spool, dir.logs, dir.scripts])
      if (isPosix) expect(await modeOf(path)).toBe(0o700)
    expect(dir.configFile).toBe(join(dir.root, 'app.yaml'))
    expect(openDataDir(dir.root)).toEqual(dir)
  })

  it('refuses a path that is a file, naming the option', async () => {
    const file = join(folder(), 'file')
    writeFileSync(file, '')
    const error = await configErrorOf(() => openDataDir(file))
    expect(error.message).toMatch(
      /^--data has ".*file"; it may be a folder this user can create and write \(E/,
    )
    expect(error.exitCode).toBe(2)
  })
})

describe('the control socket', () => {
  it.runIf(isPosix)('is in the data folder, and the same through a link to it', () => {
    const real = folder()
    const link = join(folder(), 'link')
    symlinkSync(real, link)
    expect(controlPath(real)).toBe(join(real, 'control.sock'))
    expect(controlPath(link)).toBe(controlPath(real))
  })

  it.runIf(isPosix)(
    'moves to a short, stable path in a private folder when the name would be too long',
    async () => {
      const long = join(folder(), 'x'.repeat(120))
      const dir = openDataDir(long)
      expect(Buffer.byteLength(dir.control)).toBeLessThanOrEqual(100)
      expect(dir.control).toMatch(/^\/tmp\/pswebhost-\d+\/[0-9a-f]{16}\.sock$/)
      expect(await modeOf(join(dir.control, '..'))).toBe(0o700)
      expect(openDataDir(long).control).toBe(dir.control)
      const other = join(folder(), 'y'.repeat(120))
      mkdirSync(other)
      expect(controlPath(other)).not.toBe(dir.control)
    },
  )

  it('counts bytes, not characters', () => {
    expect(controlPath(`/nowhere/${'ü'.repeat(50)}`, 'linux')).toMatch(/^\/tmp\/pswebhost-/)
  })

  it('is a named pipe on Windows, whatever the case of the folder', () => {
    expect(controlPath('/Data', 'win32')).toMatch(/^\\\\\.\\pipe\\pswebhost-[0-9a-f]{16}$/)
    expect(controlPath('/Data', 'win32')).toBe(controlPath('/data', 'win32'))
  })
})

describe('the environment', () => {
  it('tells the passphrase of a backup apart from what app.yaml may name', () => {
    expect(readEnvironment({ PSWEBHOST_PASSPHRASE: 'open sesame', A: 'b' })).toEqual({
      passphrase: 'open sesame',
      variables: { PSWEBHOST_PASSPHRASE: 'open sesame', A: 'b' },
      nodePath: null,
    })
    expect(readEnvironment({ PSWEBHOST_NODE: '/usr/bin/node' }).nodePath).toBe('/usr/bin/node')
    expect(readEnvironment({}).passphrase).toBeNull()
  })
})
