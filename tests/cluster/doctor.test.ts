import { describe, expect, it } from 'vitest'
import { createDatabase } from '../../src/main/data/orm.ts'
import { putNodeState } from '../../src/main/data/repos/node-states.ts'
import { insertNode, updateNode } from '../../src/main/data/repos/nodes.ts'
import { createDoctor } from '../../src/main/services/doctor.ts'
import { clusterCheck } from '../../src/main/services/doctor/cluster.ts'
import { serverCheck } from '../../src/main/services/doctor/database.ts'
import { databaseOptions, serverDatabases } from '../support/databases.ts'
import { startEngineNode, type EngineNode } from '../support/engine.ts'
import { homes, isOfTestServer } from '../support/homes.ts'
import { admin, QUICK } from '../support/node.ts'
import { databaseYaml } from '../support/server-config.ts'
import { nodeRow } from '../data/rows.ts'
import { accountsOn, scriptedServers } from '../data/accounts.ts'

/** What the doctor says of the server that the cluster's database is on. */

const onServers = homes().filter(({ server }) => server !== null)

const findings = async (node: EngineNode) =>
  (await node.services.system.doctor(admin, { fix: false })).findings.filter(({ id }) => id === 'server')

describe.each(onServers)('$name: the doctor of a node', (home) => {
  it('tells version, rights and clock of a server with which all is well', async () => {
    const found = await findings(await startEngineNode({ config: await home.config() }))
    const fine = found.filter(({ ok }) => ok).map(({ detail }) => detail)
    for (const fact of EXPECTED) expect(fine).toContainEqual(expect.stringMatching(fact) as string)
  })
})

const EXPECTED = [/^version: \D+ \d/, /^rights: /, /^clock: /]

/** SQL Server lends as many connections as are asked for. */
const withFewConnections = serverDatabases().filter(({ server }) => server.type !== 'SqlServer')

describe.each(withFewConnections)('$name: the doctor of a server', ({ name, place }) => {
  it('counts the pools of all nodes, and names those that are away or whose clock is off', async () => {
    const db = await createDatabase(databaseOptions(await place()))
    try {
      const now = await db.now()
      await db.write({ actor: 'test' }, async (tx) => {
        for (const nodeName of ['here', 'gone'])
          await insertNode(tx, nodeRow({ nodeId: nodeName, nodeName, lastHeartbeat: now }))
        await insertNode(tx, nodeRow({ nodeId: 'old', nodeName: 'old', isActive: false }))
        await updateNode(tx, 'gone', { lastHeartbeat: '2026-01-01T00:00:00.000Z' })
        await putNodeState(tx, 'gone', { clockOffset: -4_000 })
      })
      const found = async (connectionsPerNode: number) => {
        const check = clusterCheck({ db, nodeId: 'here', connectionsPerNode, awayAfterMs: 60_000 })
        return (await createDoctor([check])({ fix: false })).findings
      }
      const wrong = (await found(2)).filter(({ ok }) => !ok).map(({ detail }) => detail)
      expect(wrong).toEqual([
        expect.stringMatching(/^gone .* is away/),
        expect.stringMatching(/clock of gone is 4000 ms behind/),
      ])
      const [most] = (await found(90_000)).filter(({ ok }) => !ok)
      expect(most).toMatchObject({ detail: expect.stringContaining('2 nodes take up to 180000') as string })
    } finally {
      await db.close()
    }
  })

  it('names a pool that is larger than what the server has to spare', async () => {
    const config = await place()
    const db = await createDatabase(databaseOptions(config))
    try {
      const doctor = createDoctor([serverCheck(db, { ...config, poolSize: 100_000 })])
      expect(
        (await doctor({ fix: false })).findings.filter(({ ok, detail }) => !ok && !isOfTestServer(detail)),
      ).toEqual([
        {
          ...{ id: 'server', what: 'Database server', ok: false, severity: 'warning' },
          // One renews leases; where it can, one listens.
          detail: expect.stringContaining(
            `this node takes ${name === 'PostgreSQL' ? 100_002 : 100_001}`,
          ) as string,
          fix: 'raise max_connections, or lower database.options.poolSize of the nodes',
        },
      ])
    } finally {
      await db.close()
    }
  })
})

describe.each(scriptedServers())('$name: the doctor of a node with its own account', (server) => {
  const { ready } = accountsOn(server)

  it('names a right that was taken from it, and the script that gives it again', async () => {
    const accounts = await ready()
    const { username, password } = accounts.node
    const account = { ...server, username: username ?? '', password: password ?? '' }
    const node = await startEngineNode({ config: `${databaseYaml(account, accounts.database)}${QUICK}` })
    const rights = async () => (await findings(node)).filter(({ detail }) => detail.startsWith('rights: '))
    expect(await rights()).toMatchObject([{ ok: true }])

    await accounts.administrate(`revoke delete on "Task_History" from "${account.username}"`)
    expect(await rights()).toMatchObject([
      {
        ...{ ok: false, severity: 'error', detail: expect.stringMatching(/DELETE.*Task_History/) as string },
        fix: expect.stringContaining('2-rights.sql') as string,
      },
    ])
    await accounts.grant()
    expect(await rights()).toMatchObject([{ ok: true }])
    // Before its accounts are removed.
    await node.close()
  })
})
