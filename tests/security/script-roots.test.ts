import { mkdir, writeFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { describe, expect, it } from 'vitest'
import { resolveScript } from '../../src/main/exec/script-path.ts'
import { isBelowRoots } from '../../src/main/services/tasks/script-checks.ts'
import { tempDir } from '../support/node.ts'

describe('what lies below a script root', () => {
  it.each([
    ['job.sh', true],
    ['..old/job.sh', true],
    ['..job.sh', true],
    ['a/../job.sh', true],
    ['..', false],
    ['.', false],
    ['../job.sh', false],
    ['a/../../job.sh', false],
    ['/etc/passwd', false],
  ])('%s: %s, for who saves a task and for who runs it', async (path, inside) => {
    const root = join(await tempDir(), 'root')
    await mkdir(join(root, '..old'), { recursive: true })
    await mkdir(join(root, 'a'))
    for (const file of ['job.sh', '..job.sh', '..old/job.sh', '../job.sh'])
      await writeFile(join(root, file), 'echo fine\n')
    expect(isBelowRoots(path, [root])).toBe(inside)
    expect(isBelowRoots(`${root}${sep}${path}`, [root])).toBe(inside || path === '/etc/passwd')
    expect((await resolveScript({ scriptPath: path, scriptRoots: [root] })).ok).toBe(inside)
  })
})
