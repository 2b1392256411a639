import { describe, expect, it } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { findTask } from '../../src/main/data/repos/tasks.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { systemCaller, type Caller } from '../../src/main/services/caller.ts'
import { createScriptChecks } from '../../src/main/services/tasks/script-checks.ts'
import { createEventBus } from '../../src/main/services/events.ts'
import { createConflicts } from '../../src/main/services/sync/conflicts.ts'
import type { SaveContext } from '../../src/main/services/tasks/save.ts'
import type { AppError } from '../../src/shared/domain/errors.ts'
import { conflictFilterSchema, type ConflictPolicy } from '../../src/shared/domain/sync.ts'
import { serverDatabases } from '../support/databases.ts'
import { editsIn, openSyncNode } from './sync-node.ts'

/** What somebody decides about a conflict, and what the record is then. */

const EVE: Caller = { ...systemCaller, actor: 'local:eve' }

/** Marks what was sealed, as keys would encrypt it. */
const SECRETS: SaveContext['secrets'] = {
  sealValues: (_field, values, stored) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, sealed(value, (stored as Values)?.[name])]),
    ),
}

type Values = Record<string, unknown> | null

const sealed = (value: unknown, stored: unknown): unknown => {
  const secret = (value as { secret?: unknown } | null)?.secret
  return secret === true ? stored : typeof secret === 'string' ? { $sealed: `(${secret})` } : value
}

const decisions = (db: OpenDatabase) =>
  createConflicts({
    ...{ db, events: createEventBus(systemClock), secrets: SECRETS, wake: () => undefined },
    scripts: createScriptChecks(() => ['/srv/scripts']),
  })

/** A task that was edited on a node and, unseen, in the cluster database; answers the one conflict. */
const conflicting = async (centre: OpenDatabase, policy: ConflictPolicy) => {
  const taskId = await editsIn(centre).create('shared', {
    ...{ priority: 1, description: 'base' },
  })
  await editsIn(centre).update(taskId, { parameters: { token: { $sealed: 'base' } } })
  const node = await openSyncNode(centre, { policy })
  await node.pull()
  const theirs = { priority: 2, description: 'theirs', parameters: { token: { $sealed: 'theirs' } } }
  await editsIn(centre, 'local:bob').update(taskId, theirs)
  const mine = { priority: 3, description: 'mine', parameters: { token: { $sealed: 'mine' } } }
  await editsIn(node.replica.db).update(taskId, mine)
  await node.push()
  const inbox = decisions(centre)
  const listed = async (resolved: boolean) =>
    (await inbox.list(EVE, conflictFilterSchema.parse({ resolved: String(resolved), limit: 10 }))).items
  const task = async () => {
    const row = await findTask(centre.look, taskId)
    return row && { priority: row.priority, description: row.description, parameters: row.parameters }
  }
  return { taskId, inbox, listed, task, theirs, mine }
}

describe.each(serverDatabases())('$name: a conflict', ({ open }) => {
  it('that a rule decided waits for nobody, and is decided once more by whoever thinks otherwise', async () => {
    const { inbox, listed, task, theirs, mine } = await conflicting(await open(), 'newer')
    expect(await listed(false)).toEqual([])
    const [conflict] = await listed(true)
    expect(conflict).toMatchObject({ resolution: 'mine', resolvedBy: null, policy: 'newer' })
    expect(await task()).toEqual(mine)
    await inbox.resolve(EVE, { conflictId: conflict?.conflictId ?? '', take: 'theirs' })
    expect(await task()).toEqual(theirs)
    expect(await listed(true)).toMatchObject([{ resolution: 'theirs', resolvedBy: 'local:eve' }])
  })

  it('is decided field by field, secrets by their side, and typed ones are sealed', async () => {
    const { inbox, listed, task } = await conflicting(await open(), 'manual')
    const [conflict] = await listed(false)
    const conflictId = conflict?.conflictId ?? ''
    expect(JSON.stringify(conflict)).not.toContain('$sealed')
    await inbox.resolve(EVE, {
      ...{ conflictId, sides: { priority: 'theirs', parameters: 'mine' }, merged: { description: 'both' } },
    })
    expect(await task()).toEqual({
      ...{ priority: 2, description: 'both', parameters: { token: { $sealed: 'mine' } } },
    })
    await inbox.resolve(EVE, { conflictId, merged: { parameters: { token: { secret: 'new' } } } })
    expect((await task())?.parameters).toEqual({ token: { $sealed: '(new)' } })
    await inbox.resolve(EVE, { conflictId, merged: { parameters: { token: { secret: true }, more: 1 } } })
    expect((await task())?.parameters).toEqual({ token: { $sealed: '(new)' }, more: 1 })
  })

  it('takes no script outside of the script roots', async () => {
    const centre = await open()
    const taskId = await editsIn(centre).create('shared')
    const node = await openSyncNode(centre, { policy: 'manual' })
    await node.pull()
    await editsIn(centre).update(taskId, { scriptPath: 'theirs.sh' })
    await editsIn(node.replica.db).update(taskId, { scriptPath: 'mine.sh' })
    await node.push()
    const inbox = decisions(centre)
    const [conflict] = (await inbox.list(EVE, conflictFilterSchema.parse({ limit: 10 }))).items
    const conflictId = conflict?.conflictId ?? ''
    await expect(
      inbox.resolve(EVE, { conflictId, merged: { scriptPath: '/etc/passwd' } }),
    ).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      issues: [{ path: ['merged', 'scriptPath'], message: expect.stringContaining('script root') as string }],
    })
    await inbox.resolve(EVE, { conflictId, merged: { scriptPath: 'both.sh' } })
    expect((await findTask(centre.look, taskId))?.scriptPath).toBe('both.sh')
  })

  it('refuses values that a task cannot have, and fields it is not about, by name', async () => {
    const { inbox, listed, task, theirs } = await conflicting(await open(), 'manual')
    const conflictId = (await listed(false))[0]?.conflictId ?? ''
    const refused = (input: object) =>
      inbox.resolve(EVE, { conflictId, ...input }).then(
        () => null,
        (error: AppError) => ({ code: error.code, path: error.issues?.[0]?.path }),
      )
    expect(await refused({ merged: { priority: 'high' } })).toEqual({
      ...{ code: 'BAD_REQUEST', path: ['merged', 'priority'] },
    })
    expect(await refused({ merged: { scriptPath: 'other.sh' } })).toEqual({
      ...{ code: 'BAD_REQUEST', path: ['merged', 'scriptPath'] },
    })
    expect(await refused({ sides: { timeout: 'mine' } })).toEqual({
      ...{ code: 'BAD_REQUEST', path: ['sides', 'timeout'] },
    })
    expect(await task()).toEqual(theirs)
    expect(await listed(false)).toHaveLength(1)
  })
})
