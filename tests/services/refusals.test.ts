import { readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { taskInputSchema } from '../../src/shared/domain/task.ts'
import { toIssues } from '../../src/shared/domain/issues.ts'
import { shareEngineNode } from '../support/engine.ts'
import { admin } from '../support/node.ts'

const shared = shareEngineNode()
const revert = { force: true, transaction: false, dryRun: false }

describe('what is never taken back', () => {
  it('says so in the preview already, not only when it comes to it', async () => {
    const { services } = shared()
    const token = await services.tokens.create(admin, { role: 'viewer', name: 'brief', expiresAt: null })
    await services.tokens.revoke(admin, token.tokenId)
    const { items } = await services.changes.list(admin, { record: [token.tokenId], limit: 10 })
    const [revoked, created] = items
    for (const dryRun of [true, false]) {
      const again = services.changes.revert(admin, revoked?.changeId ?? '', { ...revert, dryRun })
      await expect(again).rejects.toMatchObject({ code: 'CONFLICT', message: /stays revoked/ })
      const never = services.changes.revert(admin, created?.changeId ?? '', { ...revert, dryRun })
      await expect(never).rejects.toMatchObject({ code: 'CONFLICT', message: /revoke the token instead/ })
    }
    expect(await services.tokens.verify(token.token)).toBeNull()
  })
})

describe('a backup', () => {
  it('never overwrites the files of the node it is a copy of', async () => {
    const { services, dir } = shared()
    for (const name of ['pswebhost.db', 'pswebhost.db-wal', 'secret.key', 'app.yaml', 'node.json']) {
      const file = join(dir, name)
      const before = await readFile(file)
      await expect(services.system.backup(admin, { file })).rejects.toMatchObject({
        code: 'BAD_REQUEST',
        message: expect.stringContaining('own files') as string,
      })
      if (!name.startsWith('pswebhost.db')) expect(await readFile(file)).toEqual(before)
    }
  })
})

describe('a task that is wrong in several ways', () => {
  const issuesOf = (input: object) => {
    const parsed = taskInputSchema.safeParse({ taskName: 'x', scriptPath: 'x.sh', ...input })
    return parsed.success ? [] : toIssues(parsed.error.issues)
  }
  it('hears of all of them at once', () => {
    const wrong = { priority: 1.5, foo: 1, schedule: '61 * * * *', timeZone: 'Mars/Olympus', tags: 'a' }
    const issues = issuesOf(wrong)
    expect(issues.map((issue) => issue.path[0]).sort()).toEqual([
      'foo',
      'priority',
      'schedule',
      'tags',
      'timeZone',
    ])
    expect(issues.find((issue) => issue.path[0] === 'tags')?.message).toBe('must be a list, not string')
  })
  it('is told that a path has no control characters in it', () => {
    expect(issuesOf({ scriptPath: 'ok.sh\u0000' })).toEqual([
      { path: ['scriptPath'], message: 'must not contain control characters' },
    ])
  })
  it('may name a tag twice: it is one tag', () => {
    expect(taskInputSchema.parse({ taskName: 'x', scriptPath: 'x', tags: ['a', 'b', 'a'] }).tags).toEqual([
      'a',
      'b',
    ])
  })
})

describe('a script that is a link', () => {
  it('out of the script root is refused when the task is saved, one that stays inside is not', async () => {
    const { services, dir } = shared()
    await symlink('/etc/hostname', join(dir, 'scripts', 'out.sh'))
    await writeFile(join(dir, 'scripts', 'real.sh'), 'true\n')
    await symlink('real.sh', join(dir, 'scripts', 'in.sh'))
    const input = (scriptPath: string) => taskInputSchema.parse({ taskName: scriptPath, scriptPath })
    await expect(services.tasks.create(admin, input('out.sh'))).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      issues: [{ path: ['scriptPath'] }],
    })
    const task = await services.tasks.create(admin, input('in.sh'))
    await expect(services.tasks.update(admin, task.taskId, { scriptPath: 'out.sh' })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
  })
})
