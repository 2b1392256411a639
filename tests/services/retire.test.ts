import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { findNode } from '../../src/main/data/repos/nodes.ts'
import { findNodeState } from '../../src/main/data/repos/node-states.ts'
import { scheduleRowsOf } from '../../src/main/data/repos/schedules.ts'
import { refuseRetired } from '../../src/main/services/nodes/retire.ts'
import type { Caller } from '../../src/main/services/caller.ts'
import { databases, TEST_NODE_ID } from '../support/databases.ts'
import { openEngineDatabase } from '../support/engine-database.ts'
import { openMember, type Member } from '../support/member.ts'
import { admin } from '../support/node.ts'
import { queueRuns } from '../../src/main/services/runs/start.ts'

const [FIRST, SECOND, THIRD] = ['node-one', 'node-two', 'node-three'] as const
const HOUR = { expiresInMinutes: 60 }
const reasoned: Caller = { ...admin, reason: 'the machine was sold' }

const keysOf = (db: OpenDatabase, nodeId: string) =>
  db.read.selectFrom('Cluster_Key').selectAll().where('nodeId', '=', nodeId).orderBy('createdAt').execute()

describe.each(databases())('$name: retiring a node', ({ open }) => {
  const openThree = async () => {
    const db = await open()
    const first = await openMember(db, FIRST)
    const others: Member[] = []
    for (const nodeId of [SECOND, THIRD]) {
      const member = await openMember(db, nodeId)
      await member.joinTokens.join(admin, (await first.joinTokens.create(admin, HOUR)).token)
      others.push(member)
    }
    const [second, third] = others
    if (!second || !third) throw new Error('three nodes')
    return { db, first, second, third }
  }

  it('gives the others a new cluster key, which they take without a restart; old secrets stay readable', async () => {
    const { db, first, second, third } = await openThree()
    const before = first.keys.seal('from before')
    await first.nodes.retire(reasoned, SECOND)
    expect(await third.keys.refresh()).toEqual(first.keys.state)
    const after = first.keys.seal('from after')
    expect(after.split('.')[0]).not.toBe(before.split('.')[0])
    expect([third.keys.open(before), third.keys.open(after)]).toEqual(['from before', 'from after'])
    expect(third.keys.seal('x').split('.')[0]).toBe(after.split('.')[0])

    expect(await keysOf(db, SECOND)).toEqual([])
    expect(await second.keys.refresh()).toMatchObject({ available: false })
    expect(() => second.keys.open(after)).toThrow('does not open here')
    expect((await keysOf(db, THIRD)).map(({ retiredAt }) => retiredAt === null)).toEqual([false, true])
    expect(await findNodeState(db.read, THIRD)).toMatchObject({ keyId: after.split('.')[0] })
  })

  it('that a value names first is taken when that value is opened', async () => {
    const { first, third } = await openThree()
    await first.nodes.retire(admin, SECOND)
    const stored = { password: { $sealed: first.keys.seal('hunter22') } }
    expect(() => third.keys.openValues(stored)).toThrow('does not open here')
    await third.keys.refreshFor(stored)
    expect(third.keys.openValues(stored).secrets).toEqual(['hunter22'])
  })

  it('says who did it and why, makes its token void, and is nothing the second time', async () => {
    const { db, first } = await openThree()
    await first.nodes.retire(reasoned, SECOND)
    expect(await first.nodes.get(admin, SECOND)).toMatchObject({
      ...{ isActive: false, state: 'Retired', holdsKey: false },
      stateReason: `retired, by ${admin.actor} (the machine was sold)`,
      stateSince: expect.any(String) as string,
    })
    expect(await findNodeState(db.read, SECOND)).toMatchObject({ tokenHash: null })
    const keys = await keysOf(db, FIRST)
    await first.nodes.retire(admin, SECOND)
    expect(await keysOf(db, FIRST)).toEqual(keys)
    await expect(first.nodes.retire(admin, 'nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(first.nodes.retire({ ...admin, role: 'operator' }, THIRD)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
  })

  it('leaves join tokens good that nobody used yet: they open the new key too', async () => {
    const { db, first } = await openThree()
    const { token } = await first.joinTokens.create(admin, HOUR)
    await first.nodes.retire(admin, SECOND)
    const newcomer = await openMember(db, 'node-four', { unregistered: true })
    expect(await newcomer.joinTokens.join(admin, token)).toMatchObject({ holdsKey: true })
    expect(newcomer.keys.state).toEqual(first.keys.state)
    expect(await keysOf(db, 'node-four')).toHaveLength(2)
  })

  it('names the nodes that nobody can wrap the new key for; they say so and take it with a new token', async () => {
    const { db, first, third } = await openThree()
    await db.write({ actor: 'test' }, async (tx) => {
      await tx.updateTable('Node_State').set({ publicKey: null }).where('nodeId', '=', THIRD).execute()
    })
    await first.nodes.retire(admin, SECOND)
    expect(first.log.entries.map(({ msg }) => msg).join('\n')).toContain(`with a join token: ${THIRD}`)
    expect(await third.keys.refresh()).toMatchObject({
      available: false,
      reason: expect.stringContaining('the cluster key was renewed') as string,
    })
    await third.joinTokens.join(admin, (await first.joinTokens.create(admin, HOUR)).token)
    expect(third.keys.state).toEqual(first.keys.state)
  })

  it('gives no key to a node that was never let in, nor to one that lost its secret.key', async () => {
    const { db, first, third } = await openThree()
    const keyless = await openMember(db, 'keyless')
    await rm(join(third.dir, 'secret.key'))
    const lost = await openMember(db, THIRD, { dir: third.dir, unregistered: true })
    await lost.keys.announce()
    await first.nodes.retire(admin, SECOND)
    expect(await keysOf(db, 'keyless')).toEqual([])
    expect([await keyless.keys.refresh(), await lost.keys.refresh()]).toMatchObject([
      { available: false },
      { available: false },
    ])
    expect(first.log.entries.map(({ msg }) => msg).join('\n')).toContain(`with a join token: ${THIRD}`)
  })

  it('is refused where the key is not, and where no other node could take it', async () => {
    const { db, first, second, third } = await openThree()
    const keyless = await openMember(db, 'keyless')
    await expect(keyless.nodes.retire(admin, SECOND)).rejects.toThrow('does not hold the cluster key')
    await first.nodes.retire(admin, 'keyless')
    await first.nodes.retire(admin, SECOND)
    await first.nodes.retire(admin, THIRD)
    await expect(first.nodes.retire(admin, FIRST)).rejects.toThrow('no other node could take')
    expect(await findNode(db.read, FIRST)).toMatchObject({ isActive: true })
    expect([second.nodeId, third.nodeId]).toEqual([SECOND, THIRD])
  })

  it('keeps it out at its next start, until a new join token lets it back in', async () => {
    const { db, first, second } = await openThree()
    await first.nodes.retire(reasoned, SECOND)
    const [row, state] = [await findNode(db.read, SECOND), await findNodeState(db.read, SECOND)]
    expect(() => refuseRetired(row, state)).toThrow(
      /was retired at \S+ by local:test \(the machine was sold\)/,
    )
    await second.joinTokens.join(admin, (await first.joinTokens.create(admin, HOUR)).token)
    expect(await second.nodes.get(admin, SECOND)).toMatchObject({ isActive: true, holdsKey: true })
    refuseRetired(await findNode(db.read, SECOND), undefined)
    expect(second.keys.state).toEqual(first.keys.state)
  })
})

describe.each(databases())('$name: a retired node with work', ({ open }) => {
  it('has no schedule rows any more, and what waits for it is cancelled; what waits for others is not', async () => {
    const engine = await openEngineDatabase(open)
    const { db, clock } = engine
    const first = await openMember(db, FIRST)
    const all = await engine.task({ taskName: 'all', runOn: 'All', schedule: '*/5 * * * *' })
    const pinned = await engine.task({ assignedNodeId: TEST_NODE_ID, schedule: '*/5 * * * *' })
    const sent = await engine.task({})
    const forFirst = await engine.task({})
    const free = await engine.task({ schedule: '*/5 * * * *' })
    const context = { caller: admin, now: await db.now(), secrets: first.keys, awayAfterMs: 30_000 }
    const ownKey = { nodeId: FIRST, available: () => true }
    await db.write({ actor: 'test' }, async (tx) => {
      await queueRuns({ tx, db, ownKey, ...context }, sent, { nodeId: TEST_NODE_ID })
      await queueRuns({ tx, db, ownKey, ...context }, forFirst, { nodeId: FIRST })
    })
    clock.set('2026-03-02T12:05:00.000Z')
    await engine.tick()

    await first.nodes.retire(admin, TEST_NODE_ID)
    expect((await scheduleRowsOf(db.read, all.taskId)).map(({ nodeId }) => nodeId)).toEqual([FIRST])
    for (const task of [pinned, sent])
      expect((await engine.runs(task.taskId)).map(({ state, error }) => [state, error])).toEqual([
        ['Stopped', expect.stringContaining('was retired')],
      ])
    expect((await engine.runs(free.taskId)).map(({ state }) => state)).toEqual(['Queued'])
    // Its own slot only: the other node makes that of its row itself.
    expect((await engine.runs(all.taskId)).map(({ state, targetNodeId }) => [targetNodeId, state])).toEqual([
      [TEST_NODE_ID, 'Stopped'],
    ])
    expect((await engine.runs(forFirst.taskId)).map(({ state }) => state)).toEqual(['Queued'])
  })
})
