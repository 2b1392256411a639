import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { checkDatabase } from '../../src/main/data/check.ts'
import { purge } from '../../src/main/data/maintenance.ts'
import { steps } from '../../src/main/data/migrations/index.ts'
import { createDatabase } from '../../src/main/data/orm.ts'
import { probeDatabase } from '../../src/main/data/probe.ts'
import { listChanges } from '../../src/main/data/repos/changes.ts'
import { deleteJoinToken, insertJoinToken, useJoinToken } from '../../src/main/data/repos/join-tokens.ts'
import {
  deleteClusterKey,
  insertClusterKey,
  moveClusterKeys,
  retireClusterKeys,
} from '../../src/main/data/repos/keys.ts'
import { moveNodeState, putNodeState } from '../../src/main/data/repos/node-states.ts'
import { lockCluster } from '../../src/main/data/repos/locks.ts'
import { updateNode } from '../../src/main/data/repos/nodes.ts'
import { updateToken } from '../../src/main/data/repos/tokens.ts'
import { numberChanges } from '../../src/main/data/sequencer.ts'
import type { ServerConfig } from '../../src/main/data/dialects/dialect.ts'
import { isoOf, systemClock } from '../../src/main/platform/clock.ts'
import { databaseOptions, TEST_NODE_ID } from '../support/databases.ts'
import { openEngineDatabase } from '../support/engine-database.ts'
import { scriptClient } from './admin-clients.ts'
import { accountsOn, scriptedServers } from './accounts.ts'
import { REFUSED } from './roles-refused.ts'
import { taskRow, tokenRow } from './rows.ts'

const context = { actor: 'test' }
const AT = '2026-03-01T08:00:00.000Z'
const joinTokenRow = {
  ...{ joinTokenId: 'join', tokenHash: 'h', createdBy: 'test', createdAt: AT, expiresAt: AT },
  ...{ usedAt: null, usedByNodeId: null },
}
const DAY_MS = 86_400_000

const page = { limit: 500, cursor: undefined }

describe.each(scriptedServers())('$name: accounts by resources/sql', (server) => {
  const { accounts, ready, open } = accountsOn(server)
  const probe = (config: ServerConfig) => probeDatabase(databaseOptions(config))

  const without = scriptClient(server) ? '' : ' (which is not installed here)'
  it.skipIf(without !== '')(`made by its own client${without}, rights more than once`, async () => {
    const { grant, node } = await ready()
    await grant()
    expect(await probe(node)).toMatchObject({ ok: true, schemaNeeds: 'nothing' })
  })

  it('lets a node do all of its work', async () => {
    const { node } = await ready()
    const engine = await openEngineDatabase((options = {}) =>
      open(node, { ...(options.clock && { clock: options.clock }) }),
    )
    const { db } = engine
    expect(db.started).toMatchObject({ applied: [], repairedTriggers: [] })
    expect(db.schemaVersion).toBe(steps.length)

    const task = await engine.task({ schedule: { type: 'interval', everySeconds: 60 } })
    engine.clock.advance(61_000)
    expect(await engine.tick()).toHaveLength(1)
    const [claimed] = await engine.claim()
    if (!claimed) throw new Error('nothing was claimed')
    await engine.finish(claimed)
    expect(await engine.runs(task.taskId)).toMatchObject([{ state: 'Success' }])

    await db.write(context, async (tx) => {
      await lockCluster(tx)
      await updateNode(tx, TEST_NODE_ID, { isDraining: true })
      await tx
        .insertInto('Api_Token')
        .values(tokenRow({ tokenId: 'token' }))
        .execute()
      await updateToken(tx, 'token', { revokedAt: AT })
      await insertClusterKey(tx, { keyId: 'k', nodeId: 'a', wrapped: 'w', createdAt: AT, retiredAt: null })
      await moveClusterKeys(tx, 'a', 'b')
      await retireClusterKeys(tx, 'other', AT)
      await deleteClusterKey(tx, 'k', 'b')
      await insertJoinToken(tx, joinTokenRow)
      await useJoinToken(tx, 'join', { usedAt: AT, usedByNodeId: 'a' })
      await deleteJoinToken(tx, 'join')
      await putNodeState(tx, 'a', { keyId: 'k' })
      await moveNodeState(tx, 'a', 'b')
      await tx.deleteFrom('Task_Schedule').execute()
      await tx.deleteFrom('Tasks').execute()
    })
    expect(await numberChanges(db)).toBeGreaterThan(5)
    const { items } = await listChanges(db.read, page)
    expect(items.map(({ tableName, action }) => `${action} ${tableName}`)).toEqual(
      expect.arrayContaining(['INSERT Tasks', 'DELETE Tasks', 'UPDATE Nodes', 'INSERT Api_Token']),
    )
    expect(items.map(({ seq }) => seq)).toEqual(items.map((_, index) => items.length - index))
    expect(new Set(items.map(({ changedBy }) => changedBy))).toEqual(new Set(['test']))
    const findings = await checkDatabase(db)
    expect(findings.filter(({ ok }) => !ok)).toEqual([])
    // MySQL shows triggers only to who may drop them.
    expect(findings.find(({ id }) => id === 'triggers')?.detail).toBe(
      server.type === 'MySQL'
        ? 'this account may not look at triggers; migrate checks them'
        : 'every trigger is in place',
    )

    const later = { ...db, now: async () => isoOf(systemClock.now() + 1000 * DAY_MS) }
    const purged = await purge(later, { historyDays: 1, changeDays: 1, clock: systemClock })
    expect(purged).toEqual({ history: 1, changes: items.length })
  })

  it('passes the test of a connection as both accounts', async () => {
    const { migrate, node } = await ready()
    for (const config of [migrate, node]) {
      const { ok, schemaNeeds, checks } = await probe(config)
      expect(checks.filter((check) => !check.ok && check.severity === 'error')).toEqual([])
      expect({ ok, schemaNeeds }).toEqual({ ok: true, schemaNeeds: 'nothing' })
    }
  })

  it('refuses a node whatever would change tables, triggers or the log', async () => {
    const { node } = await ready()
    const db = await open(node)
    await db.write(context, (tx) => tx.insertInto('Tasks').values(taskRow()).execute())
    const tried = REFUSED[server.type === 'PostgreSQL' ? 'PostgreSQL' : 'MySQL']
    const outcomes = await Promise.all(
      Object.entries(tried).map(async ([what, statement]) => {
        const answer = db.write(context, (tx) => sql.raw(statement).execute(tx))
        return [
          what,
          await answer.then(
            () => 'done',
            (error: unknown) => String(error),
          ),
        ] as const
      }),
    )
    for (const [what, outcome] of outcomes)
      expect(outcome, what).toMatch(/does not let this account do that|refuses the account this database/)
    await expect(listChanges(db.read, page)).resolves.toMatchObject({ items: [{ action: 'INSERT' }] })
  })

  it('names the right that a node lacks, and what gives it', async () => {
    const { administrate, node } = await ready()
    await administrate(`revoke update on "Task_History" from "${node.username}"`)
    const { ok, checks } = await probe(node)
    expect(ok).toBe(false)
    expect(checks.find(({ id }) => id === 'rights')).toMatchObject({
      ok: false,
      severity: 'error',
      detail: expect.stringContaining('UPDATE on Task_History') as string,
      fix: expect.stringContaining('2-rights.sql') as string,
    })
  })

  it('says to an account without rights which file gives them', async () => {
    const { node, migrate } = await accounts()
    await (await createDatabase({ ...databaseOptions(migrate), migrate: true })).close()
    const { ok, checks } = await probe(node)
    expect(ok).toBe(false)
    expect(checks).toEqual([
      expect.objectContaining({
        id: 'connection',
        ok: false,
        detail: expect.stringContaining('resources/sql') as string,
      }),
    ])
    await expect(open(node)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('resources/sql') as string,
    })
  })

  it('says of an empty database that another account has to make the tables', async () => {
    const { node, database, administrate } = await accounts()
    // MySQL lets nobody into a database without any right in it.
    if (server.type === 'MySQL') await administrate(`grant select on "${database}".* to "${node.username}"`)
    const { ok, checks } = await probe(node)
    expect(ok).toBe(false)
    expect(checks.find((check) => check.id === 'rights')).toMatchObject({
      ok: false,
      severity: 'error',
      detail: expect.stringMatching(/may not create the tables|lacks CREATE/) as string,
      fix: expect.stringMatching(
        /^grant .* -- or run "pswebhost-node migrate" with another account/,
      ) as string,
    })
    await expect(open(node)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(
        /does not let this account do that.*has no tables.*"pswebhost-node migrate"/s,
      ) as string,
    })
  })

  it('lets nodes work while the migration account is closed', async () => {
    const { migrate, node, administrate } = await ready()
    const close = server.type === 'PostgreSQL' ? 'alter role @ nologin' : 'alter user @ account lock'
    await administrate(close.replace('@', migrate.username ?? ''))
    const db = await open(node)
    await db.write(context, (tx) => tx.insertInto('Tasks').values(taskRow()).execute())
    expect(await numberChanges(db)).toBe(1)
    await expect(open(migrate)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  it('may be given its rights again, with nodes at work', async () => {
    const made = await ready()
    const db = await open(made.node)
    await made.grant()
    await db.write(context, (tx) => tx.insertInto('Tasks').values(taskRow()).execute())
    await expect(
      db.write(context, (tx) => sql`update "Data_Change" set "OldData" = null`.execute(tx)),
    ).rejects.toThrow('does not let this account do that')
  })
})
