import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ignoredSources } from '../../scripts/check/ignored-sources.mjs'

const hasGit = spawnSync('git', ['--version']).status === 0

/** A folder with these files. */
const folderWith = (files: Record<string, string>): string => {
  const folder = mkdtempSync(join(tmpdir(), 'pswebhost-ignored-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  return folder
}

describe('sources that git ignores', () => {
  it.skipIf(!hasGit)('are named, not what machines leave behind (skipped: no git)', () => {
    const folder = folderWith({
      '.gitignore': 'dist\n*.log\n.DS_Store\n',
      'dist/made.js': '',
      'scripts/dist/make.mjs': '',
      'scripts/dist.mjs': '',
      'src/a.log': '',
      'src/.DS_Store': '',
    })
    spawnSync('git', ['init', '--quiet'], { cwd: folder })
    expect(ignoredSources(folder)).toEqual([
      'scripts/dist/make.mjs is kept out of git: git check-ignore -v scripts/dist/make.mjs',
    ])
  })

  it('are not looked for outside a repository', () => {
    expect(ignoredSources(folderWith({ 'src/a.ts': '' }))).toEqual([])
  })
})
