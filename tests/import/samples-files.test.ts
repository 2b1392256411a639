import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { failed, fine, folder, put, run } from './samples-support.ts'

describe('file-freshness', () => {
  it('looks at the newest matching file', async () => {
    put('old.bak', 'x', 9)
    put('new.bak', 'xyz')
    put('newer.txt', '')
    expect(await run('file-freshness.mjs', { folder, pattern: '*.bak' })).toEqual(
      fine(/^new\.bak .* 0\.0 hours old, 3 B/),
    )
    expect(await run('file-freshness.mjs', { folder, pattern: 'old*' })).toEqual(
      failed(/older than 26 hours/),
    )
    expect(await run('file-freshness.mjs', { folder, pattern: '*.txt' })).toEqual(
      failed(/smaller than 1 bytes/),
    )
    expect(await run('file-freshness.mjs', { folder, pattern: '*.zip' })).toEqual(
      failed(/holds nothing that matches/),
    )
  })
})

describe('directory-backup', () => {
  it('copies with verified checksums and keeps the newest', async () => {
    put('data/a.txt', 'alpha')
    put('data/deep/b.bin', 'beta')
    const parameters = { source: path.join(folder, 'data'), target: path.join(folder, 'out'), keep: 2 }
    for (let time = 0; time < 3; time += 1)
      expect(await run('directory-backup.mjs', parameters)).toEqual(
        fine(/^Copied and verified 2 file\(s\), 9 B/),
      )
    const backups = readdirSync(parameters.target)
    expect(backups).toHaveLength(2)
    const newest = path.join(parameters.target, backups.sort().at(-1) ?? '')
    expect(readFileSync(path.join(newest, 'deep/b.bin'), 'utf8')).toBe('beta')
    expect(readFileSync(path.join(newest, 'SHA256SUMS'), 'utf8')).toMatch(
      /^[0-9a-f]{64} {2}a\.txt\n[0-9a-f]{64} {2}deep\/b\.bin\n$/,
    )
  })

  it('refuses to copy a folder into itself, and leaves nothing half done', async () => {
    put('data/a.txt', 'alpha')
    const source = path.join(folder, 'data')
    expect(await run('directory-backup.mjs', { source, target: path.join(source, 'out') })).toEqual(
      failed(/would copy itself/),
    )
    expect(await run('directory-backup.mjs', { source: path.join(folder, 'no'), target: folder })).toEqual(
      failed(/ENOENT/),
    )
    expect(await run('directory-backup.mjs', {})).toEqual(failed(/Set the parameter "source"/))
    expect(readdirSync(folder)).toEqual(['data'])
  })
})

describe('log-rotation', () => {
  it('compresses large logs, shifts the older ones and keeps as many as asked', async () => {
    for (const content of ['first', 'second', 'third']) {
      put('app.log', content)
      put('small.txt', 'x')
      expect(await run('log-rotation.mjs', { folder, maxMb: 0, keep: 2 })).toEqual(
        fine(/^Rotated 1 log\(s\) .*: app\.log/),
      )
    }
    expect(readdirSync(folder).sort()).toEqual(['app.log', 'app.log.1.gz', 'app.log.2.gz', 'small.txt'])
    expect(statSync(path.join(folder, 'app.log')).size).toBe(0)
    expect(gunzipSync(readFileSync(path.join(folder, 'app.log.1.gz'))).toString()).toBe('third')
    expect(gunzipSync(readFileSync(path.join(folder, 'app.log.2.gz'))).toString()).toBe('second')
  })

  it('leaves small logs alone and names a missing folder', async () => {
    put('app.log', 'small')
    expect(await run('log-rotation.mjs', { folder })).toEqual(fine(/^Rotated 0/))
    expect(await run('log-rotation.mjs', { folder: path.join(folder, 'no') })).toEqual(failed(/ENOENT/))
  })
})

describe('old-files', () => {
  it('only says what it would do until it is told to', async () => {
    put('old.tmp', 'x', 40)
    put('deep/older.tmp', 'xy', 50)
    put('new.tmp', 'x')
    put('old.txt', 'x', 40)
    expect(await run('old-files.mjs', { folder })).toEqual(fine(/^Dry run: would delete 2 file\(s\), 3 B/))
    expect(existsSync(path.join(folder, 'old.tmp'))).toBe(true)
    expect(await run('old-files.mjs', { folder, dryRun: false })).toEqual(fine(/^Deleted 2 file\(s\)/))
    expect(readdirSync(folder).sort()).toEqual(['deep', 'new.tmp', 'old.txt'])
    expect(readdirSync(path.join(folder, 'deep'))).toEqual([])
  })

  it('refuses to clean up a whole machine or home', async () => {
    expect(await run('old-files.mjs', { folder: '/', dryRun: false })).toEqual(failed(/too much to clean up/))
    expect(await run('old-files.mjs', { folder: os.homedir(), dryRun: false })).toEqual(
      failed(/too much to clean up/),
    )
    expect(await run('old-files.mjs', {})).toEqual(failed(/Set the parameter "folder"/))
  })
})
