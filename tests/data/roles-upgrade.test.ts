import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { readInfo } from '../../src/main/data/cluster-info.ts'
import { required, type SchemaStep } from '../../src/main/data/migrations/schema-step.ts'
import { steps } from '../../src/main/data/migrations/index.ts'
import { createDatabase } from '../../src/main/data/orm.ts'
import { probeDatabase } from '../../src/main/data/probe.ts'
import { numberChanges } from '../../src/main/data/sequencer.ts'
import { databaseOptions } from '../support/databases.ts'
import { accountsOn, scriptedServers } from './accounts.ts'
import { taskRow } from './rows.ts'

/** Nodes by their own account while the schema goes from one version to the next. */

const context = { actor: 'test' }

/** A step of a later version, which still lets this one in. */
const later: SchemaStep = {
  name: '9999_later',
  minProgram: '0.1.0',
  up: (schema) => schema.table('Later', { LaterID: required('key') }, ['LaterID']),
}

describe.each(scriptedServers())('$name: upgrades by resources/sql', (server) => {
  const { ready, open } = accountsOn(server)

  it('works on the schema of the version before, and says that there is something to migrate', async () => {
    const made = await ready()
    const warnings: string[] = []
    const log = { warn: (message: string) => void warnings.push(message) }
    const db = await open(made.node, { steps: [...steps, later], log })
    expect(db.schemaVersion).toBe(steps.length)
    expect(warnings).toEqual([
      expect.stringMatching(/schema version \d+.*"pswebhost-node migrate"/) as string,
    ])
    await db.write(context, (tx) => tx.insertInto('Tasks').values(taskRow()).execute())
    expect(await numberChanges(db)).toBe(1)

    await made.administrate(
      `update "Cluster_Info" set "InfoValue" = '${steps.length - 1}' where "InfoKey" = 'SchemaVersion'`,
    )
    const { ok, schemaNeeds, checks } = await probeDatabase(databaseOptions(made.node))
    expect({ ok, schemaNeeds }).toEqual({ ok: true, schemaNeeds: 'migrate' })
    expect(checks.find(({ id }) => id === 'tables')).toMatchObject({
      severity: 'warning',
      fix: 'pswebhost-node migrate',
    })
  })

  it('does not migrate, and leaves everything as it was', async () => {
    const { node } = await ready()
    await expect(open(node, { steps: [...steps, later], migrate: true })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('does not let this account do that') as string,
    })
    const db = await open(node)
    expect(await readInfo(db.look, 'SchemaVersion')).toBe(String(steps.length))
  })

  it('goes on while a later version migrates, old node and new', async () => {
    const made = await ready()
    const old = await open(made.node)
    const migrated = await open(made.migrate, { steps: [...steps, later], migrate: true })
    expect(migrated.started.applied).toEqual(['9999_later'])
    for (const db of [old, await open(made.node), await open(made.node, { steps: [...steps, later] })])
      await db.write(context, (tx) =>
        tx
          .insertInto('Tasks')
          .values(taskRow({ taskName: `by ${made.node.username} ${Math.random()}` }))
          .execute(),
      )
    expect(await numberChanges(old)).toBe(3)
  })

  it.runIf(server.type === 'PostgreSQL')('gives a node the tables that a later version makes', async () => {
    const made = await ready()
    const withLater = { steps: [...steps, later] }
    await (await createDatabase({ ...databaseOptions(made.migrate), ...withLater, migrate: true })).close()
    const db = await open(made.node, withLater)
    await db.write(context, (tx) => sql`insert into "Later" ("LaterID") values ('a')`.execute(tx))
    await expect(db.write(context, (tx) => sql`drop table "Later"`.execute(tx))).rejects.toThrow(
      'does not let this account do that',
    )
  })
})
