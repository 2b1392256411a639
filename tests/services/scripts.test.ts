import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SCRIPT_PREVIEW_BYTES } from '../../src/shared/domain/script.ts'
import { admin, startTestNode } from '../support/node.ts'

describe('the preview of a script', () => {
  it('shows its text, size, type and hash', async () => {
    const node = await startTestNode()
    await node.script('hello.sh', 'echo hello\n')
    expect(await node.services.scripts.preview(admin, { scriptPath: 'hello.sh' })).toMatchObject({
      found: true,
      path: join(node.dir, 'scripts', 'hello.sh'),
      bytes: 11,
      scriptType: 'bash',
      text: 'echo hello\n',
      truncated: false,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    })
  })

  it('reads nothing outside the script roots, by path or by link', async () => {
    const node = await startTestNode()
    await symlink(join(node.dir, 'secret.key'), join(node.dir, 'scripts', 'link.sh'))
    for (const scriptPath of ['/etc/passwd', '../secret.key', 'link.sh']) {
      const preview = await node.services.scripts.preview(admin, { scriptPath })
      expect(preview).toMatchObject({ found: false, reason: expect.stringContaining('outside') as string })
    }
  })

  it('says that a script is not on this node', async () => {
    const node = await startTestNode()
    const preview = await node.services.scripts.preview(admin, { scriptPath: 'nowhere.sh' })
    expect(preview).toMatchObject({
      found: false,
      reason: expect.stringContaining('not on this node') as string,
    })
  })

  it('cuts a long one, says so, and shows no bytes of a program', async () => {
    const node = await startTestNode()
    await node.script('long.sh', '#'.repeat(SCRIPT_PREVIEW_BYTES + 5))
    const long = await node.services.scripts.preview(admin, { scriptPath: 'long.sh' })
    expect(long).toMatchObject({ truncated: true, bytes: SCRIPT_PREVIEW_BYTES + 5 })
    await writeFile(join(node.dir, 'scripts', 'program'), Buffer.from([1, 0, 2]))
    expect(await node.services.scripts.preview(admin, { scriptPath: 'program' })).toMatchObject({
      text: null,
    })
  })

  it('is for those who decide what runs', async () => {
    const node = await startTestNode()
    const operator = { ...admin, role: 'operator' as const }
    await expect(node.services.scripts.preview(operator, { scriptPath: 'x.sh' })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
  })
})
