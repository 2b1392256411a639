import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { refuseForeignFolder, type Ownership } from '../../src/main/cli/foreign-folder.ts'
import { UsageError } from '../../src/main/cli/usage-error.ts'

const refusal = (dir: string, who?: Ownership): string | null => {
  try {
    refuseForeignFolder(dir, who)
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError)
    return (error as UsageError).message
  }
  return null
}

const isRoot = process.getuid?.() === 0

describe('root on a data folder of another user', () => {
  it('is told to act as that user, by number where it has no name here', () => {
    expect(refusal('/data', { caller: 0, owner: 4_000_000 })).toBe(
      '/data belongs to user 4000000, who could not use what root writes there. ' +
        "Run this as its owner: sudo -u '#4000000' pswebhost-node …",
    )
  })

  it.skipIf(!isRoot)('is told the name where it has one (skipped: only root can give a folder away)', () => {
    const dir = mkdtempSync(join(tmpdir(), 'pswebhost-foreign-'))
    onTestFinished(() => rmSync(dir, { recursive: true }))
    expect(refusal(dir)).toBeNull()
    chownSync(dir, 1, 1)
    expect(refusal(dir)).toContain('sudo -u daemon pswebhost-node …')
    expect(refusal(join(dir, 'not-there-yet'))).toBeNull()
  })

  it('works in its own folder, and everybody else is left to the rights of the folder', () => {
    for (const who of [
      { caller: 0, owner: 0 },
      { caller: 0, owner: undefined },
      { caller: 1000, owner: 1001 },
      { caller: undefined, owner: 0 },
    ])
      expect(refusal('/data', who)).toBeNull()
  })
})
