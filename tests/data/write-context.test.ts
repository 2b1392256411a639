import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { checkDatabase } from '../../src/main/data/check.ts'
import type { OpenDatabase, WriteContext } from '../../src/main/data/db.ts'
import { createDatabase } from '../../src/main/data/orm.ts'
import { databaseOptions, databases, serverDatabases, TEST_NODE_ID } from '../support/databases.ts'
import { commandLineClient } from '../support/servers/client.ts'
import { administrate } from '../support/servers/test-database.ts'
import { changesOf, textOf } from './changes.ts'
import { nodeRow, taskRow, tokenRow } from './rows.ts'

const WRITES = 200

/** Every third has no reason, every fourth no origin; what is left out must not be what another write said. */
const contextOf = (index: number): WriteContext => ({
  actor: `token:${index}`,
  ...(index % 3 === 0 ? {} : { reason: `why ${index}` }),
  ...(index % 4 === 0 ? {} : { origin: `revert:${index}` }),
})

const failsIn = (index: number): 'before' | 'between' | 'after' | 'never' =>
  index % 5 !== 0 ? 'never' : index % 3 === 0 ? 'before' : index % 3 === 1 ? 'between' : 'after'

class Planned extends Error {}

const writeOne = async (db: OpenDatabase, index: number): Promise<void> => {
  const fails = failsIn(index)
  await db.write(contextOf(index), async (tx) => {
    if (fails === 'before') throw new Planned()
    const task = taskRow({ taskName: `task ${index}` })
    await tx.insertInto('Tasks').values(task).execute()
    if (index % 2 === 0) await sleep(index % 7)
    if (fails === 'between') throw new Planned()
    await tx.updateTable('Tasks').set({ priority: index }).where('taskId', '=', task.taskId).execute()
    await tx
      .insertInto('Api_Token')
      .values(tokenRow({ tokenName: `task ${index}` }))
      .execute()
    if (fails === 'after') throw new Planned()
  })
}

const succeeded = Array.from({ length: WRITES }, (_, index) => index).filter(
  (index) => failsIn(index) === 'never',
)

describe.each(databases())('$name: who writes', ({ open }) => {
  it('is never mistaken for another under 200 writes at once, some of which fail', async () => {
    const db = await open()
    const outcomes = await Promise.allSettled(
      Array.from({ length: WRITES }, (_, index) => writeOne(db, index)),
    )
    const failures = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
    expect(failures.every((failure) => failure instanceof Planned)).toBe(true)
    expect(failures).toHaveLength(WRITES - succeeded.length)
    const changes = await changesOf(db)
    expect(changes).toHaveLength(3 * succeeded.length)
    for (const index of succeeded) {
      const own = changes.filter((change) => change.changedBy === `token:${index}`)
      expect(own.map(({ action, tableName }) => `${action} ${tableName}`)).toEqual([
        'INSERT Tasks',
        'UPDATE Tasks',
        'INSERT Api_Token',
      ])
      const { reason = null, origin = null } = contextOf(index)
      for (const change of own)
        expect(change).toMatchObject({
          ...{ changeReason: reason, origin, nodeId: TEST_NODE_ID, transactionId: own[0]?.transactionId },
        })
    }
    expect(new Set(changes.map((change) => change.transactionId)).size).toBe(succeeded.length)
    expect((await checkDatabase(db)).filter(({ ok }) => !ok)).toEqual([])
  })

  it('ties writes together that are given one transaction id', async () => {
    const db = await open()
    const transactionId = '01900000-0000-7000-8000-00000000abcd'
    for (const nodeName of ['a', 'b'])
      await db.write({ actor: 'import', transactionId }, (tx) =>
        tx.insertInto('Nodes').values(nodeRow({ nodeName })).execute(),
      )
    expect((await changesOf(db)).map((change) => change.transactionId)).toEqual([
      transactionId,
      transactionId,
    ])
  })

  it('is written without the control characters that databases would write differently', async () => {
    const db = await open()
    const context = { actor: 'a\u0000b\u001fc', reason: 'one\ntwo\tthree\u0007\u0085 😀 "\\', origin: null }
    await db.write(context, (tx) => tx.insertInto('Tasks').values(taskRow()).execute())
    expect(await changesOf(db)).toMatchObject([
      { changedBy: 'a b c', changeReason: 'one\ntwo\tthree   😀 "\\', origin: null },
    ])
    expect((await checkDatabase(db)).filter(({ ok }) => !ok)).toEqual([])
  })
})

describe.each(serverDatabases())('$name: a write past the program', ({ place, server }) => {
  it('is logged as nobody’s, from outside, whatever was written on the connections before', async () => {
    const config = await place()
    const db = await createDatabase(databaseOptions(config))
    try {
      const { length } = await Promise.all(succeeded.slice(0, 20).map((index) => writeOne(db, index)))
      const insert = `insert into Nodes_ (NodeID_, NodeName_, Hostname_, Tags_, IsActive_, IsDraining_,
        MaxConcurrentTasks_, SupportedTaskTypes_, RegisteredAt_) values ('n', 'ö😀', 'h', '[]', 1, 0, 1, '[]', 'x')`
      const quote = server.type === 'MySQL' ? '`' : '"'
      await administrate(server, insert.replace(/(\w+)_\b/g, `${quote}$1${quote}`), config.database)
      // The same through a connection of the pool on which somebody wrote before.
      await sql`update "Nodes" set "NodeName" = 'new'`.execute(db.orm.em.fork().getKysely())
      const changes = (await changesOf(db)).slice(3 * length)
      const outside = { changedBy: null, origin: 'external', changeReason: null, transactionId: null }
      expect(changes).toMatchObject([
        { action: 'INSERT', recordId: 'n', nodeId: null, ...outside },
        { action: 'UPDATE', recordId: 'n', nodeId: null, ...outside },
      ])
      expect((await checkDatabase(db)).filter(({ ok }) => !ok)).toEqual([])
    } finally {
      await db.close()
    }
  })

  const client = commandLineClient(server)
  const without = client ? '' : ' (its client is not installed here)'
  it.skipIf(!client)(`by the server's own client is logged the same way${without}`, async () => {
    const config = await place()
    const db = await createDatabase(databaseOptions(config))
    try {
      await writeOne(db, 1)
      const before = await changesOf(db)
      for (const statement of OUTSIDE)
        await client?.(config.database, server.type === 'MySQL' ? statement.replaceAll('"', '`') : statement)
      const outside = (await changesOf(db)).slice(before.length)
      const nobody = { changedBy: null, changeReason: null, transactionId: null, nodeId: null }
      expect(outside).toMatchObject(
        ['INSERT', 'UPDATE', 'DELETE'].map((action) => ({
          ...{ action, tableName: 'Tasks', recordId: 'outside', origin: 'external', ...nobody },
        })),
      )
      const names = outside.map(({ oldData, newData }) => [nameIn(oldData), nameIn(newData)])
      expect(names).toEqual([
        [null, 'ö😀'],
        ['ö😀', "o'hara"],
        ["o'hara", null],
      ])
      expect((await checkDatabase(db)).filter(({ ok }) => !ok)).toEqual([])
    } finally {
      await db.close()
    }
  })
})

/** What an administrator types, one call of the client each; with double quotes around names. */
const OUTSIDE = [
  `insert into "Tasks" ("TaskID", "TaskName", "AppName", "ScriptPath", "TimeZone", "Enabled", "Priority",
     "MaxRetries", "RetryDelay", "RetryBackoff", "OverlapPolicy", "MisfirePolicy", "MisfireWindow", "OnLeaseLost",
     "Tags", "Parameters", "Environment", "CreatedAt", "Version")
   values ('outside', 'ö😀', '', 'export.sh', 'UTC', 1, 0, 0, 60, 1.5, 'Skip', 'Last', 86400, 'Finish',
     '[]', '{}', '{}', '2026-03-01T08:00:00.000Z', 1);`,
  `update "Tasks" set "TaskName" = 'o''hara' where "TaskID" = 'outside';`,
  `delete from "Tasks" where "TaskID" = 'outside';`,
]

const nameIn = (image: Uint8Array | null): unknown => {
  const text = textOf(image)
  return text === null ? null : (JSON.parse(text) as { TaskName?: unknown }).TaskName
}
