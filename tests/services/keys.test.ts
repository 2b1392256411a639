import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Parameters } from '../../src/shared/domain/secret.ts'
import type { Database } from '../../src/main/data/db.ts'
import { lockCluster } from '../../src/main/data/repos/locks.ts'
import { insertNode, updateNode } from '../../src/main/data/repos/nodes.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { openNodeKey, type NodeKey } from '../../src/main/platform/secrets/node-key.ts'
import { rotateClusterKey } from '../../src/main/services/keys/rotate.ts'
import { createKeys, openKeyBundle, type Keys } from '../../src/main/services/keys.ts'
import { temporaryFolders } from '../config/support.ts'
import { databases, TEST_NODE_ID } from '../support/databases.ts'
import { nodeRowOf } from '../support/member.ts'

const folder = temporaryFolders()
const OTHER_NODE = '01900000-0000-7000-8000-000000000002'
const THIRD_NODE = '01900000-0000-7000-8000-000000000003'
const PASSPHRASE = 'a long passphrase'

const ELSEWHERE =
  'this node holds no copy of the cluster key; another node of the cluster must hand it over (join token)'
const REPLACED =
  'secret.key of this node does not open its copy of the cluster key; put the original secret.key back, or restore a backup made with its key'

const newNodeKey = (): Promise<NodeKey> => openNodeKey(join(folder(), 'secret.key'))

const keysOf = (db: Database, nodeKey: NodeKey, nodeId = TEST_NODE_ID, log = memoryLog()): Keys =>
  createKeys({ db, nodeId, nodeKey, log })

const rowsOf = (db: Database) => db.read.selectFrom('Cluster_Key').selectAll().execute()

const sealedOf = (value: unknown): string => (value as { $sealed: string }).$sealed

describe.each(databases())('$name: the cluster key', ({ open }) => {
  it('is made once in an empty database, wrapped for this node, and opened at the next start', async () => {
    const [db, nodeKey] = [await open(), await newNodeKey()]
    const keys = keysOf(db, nodeKey)
    expect(keys.available).toBe(false)
    const state = await keys.ensure()
    expect(state).toEqual({ available: true, keyId: expect.any(String) as string })
    const sealed = keys.seal('hunter22')

    const again = keysOf(db, nodeKey)
    expect(await again.ensure()).toEqual(state)
    expect(again.open(sealed)).toBe('hunter22')
    const rows = await rowsOf(db)
    expect(rows).toMatchObject([{ nodeId: TEST_NODE_ID, retiredAt: null }])
    expect(rows[0]?.wrapped).toMatch(/^x1\./)
  })

  it('is made by one of two that start at once', async () => {
    const [db, nodeKey] = [await open(), await newNodeKey()]
    const [one, two] = [keysOf(db, nodeKey), keysOf(db, nodeKey)]
    await Promise.all([one.ensure(), two.ensure()])
    expect(await rowsOf(db)).toHaveLength(1)
    expect(two.open(one.seal('x'))).toBe('x')
  })

  it('stays out of the change log', async () => {
    const db = await open()
    await keysOf(db, await newNodeKey()).ensure()
    const changes = await db.read.selectFrom('Data_Change').select('tableName').execute()
    expect(changes.filter((change) => change.tableName === 'Cluster_Key')).toEqual([])
  })

  it('that other nodes have is not made anew: the reason is said, once, in the log too', async () => {
    const db = await open()
    await keysOf(db, await newNodeKey(), OTHER_NODE).ensure()
    const log = memoryLog()
    const keys = keysOf(db, await newNodeKey(), TEST_NODE_ID, log)
    expect(await keys.ensure()).toEqual({ available: false, reason: ELSEWHERE })
    expect(keys.available).toBe(false)
    expect(log.entries).toMatchObject([
      { level: 'warn', msg: `Secret values stay closed on this node: ${ELSEWHERE}.` },
    ])
    expect(await rowsOf(db)).toHaveLength(1)
  })

  it('says so when secret.key was replaced, seals nothing then and opens nothing', async () => {
    const db = await open()
    const first = keysOf(db, await newNodeKey())
    await first.ensure()
    const sealed = first.seal('hunter22')
    const keys = keysOf(db, await newNodeKey())
    expect(await keys.ensure()).toEqual({ available: false, reason: REPLACED })
    expect(() => keys.seal('x')).toThrow(`A secret value cannot be stored here: ${REPLACED}.`)
    expect(() => keys.open(sealed)).toThrow(`A stored secret does not open here: ${REPLACED}.`)
    await expect(keys.exportForBackup(PASSPHRASE)).rejects.toThrow(
      `The key cannot go into a backup: ${REPLACED}.`,
    )
  })

  it('opens what a retired key sealed, and seals with the newest one in use', async () => {
    const [db, nodeKey] = [await open(), await newNodeKey()]
    const old = keysOf(db, nodeKey)
    await old.ensure()
    const sealed = old.seal('from before')
    const [row] = await rowsOf(db)
    if (!row) throw new Error('there is a key')
    await db.write({ actor: 'system' }, async (tx) => {
      await tx
        .updateTable('Cluster_Key')
        .set({ retiredAt: await db.now() })
        .execute()
    })
    const retired = keysOf(db, nodeKey)
    expect((await retired.ensure()).available).toBe(false)
    expect(retired.open(sealed)).toBe('from before')

    // A second key: another cluster's, carried over by a bundle.
    const elsewhere = keysOf(await open(), await newNodeKey())
    await elsewhere.ensure()
    const bundle = await elsewhere.exportForBackup(PASSPHRASE)
    const state = await retired.takeKeys(await openKeyBundle(bundle, PASSPHRASE))
    expect(state).toMatchObject({ available: true })
    expect(retired.seal('new').startsWith(`${row.keyId}.`)).toBe(false)
    expect(retired.open(sealed)).toBe('from before')
  })

  it('travels in a backup under a passphrase, to a node with another secret.key', async () => {
    const db = await open()
    const keys = keysOf(db, await newNodeKey())
    await keys.ensure()
    const sealed = keys.seal('hunter22')
    const bundle = await keys.exportForBackup(PASSPHRASE)

    const restored = keysOf(db, await newNodeKey())
    await restored.ensure()
    await expect(openKeyBundle(bundle, 'another passphrase')).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      issues: [{ path: ['passphrase'] }],
    })
    expect((await restored.takeKeys(await openKeyBundle(bundle, PASSPHRASE))).available).toBe(true)
    expect(restored.open(sealed)).toBe('hunter22')
    expect(await rowsOf(db)).toHaveLength(1)
  })

  it('of a backup stays retired where another node renewed it, before or while it is taken', async () => {
    const db = await open()
    const keys = keysOf(db, await newNodeKey())
    await keys.ensure()
    const held = await openKeyBundle(await keys.exportForBackup(PASSPHRASE), PASSPHRASE)
    const other = keysOf(db, await newNodeKey(), OTHER_NODE)
    await other.takeKeys(held)

    await db.write({ actor: 'test' }, async (tx) =>
      insertNode(tx, { ...nodeRowOf(OTHER_NODE, 'other'), lastHeartbeat: await db.now() }),
    )
    let go: () => void = () => undefined
    const mayCommit = new Promise<void>((resolve) => (go = resolve))
    const rotated = new Promise<void>((resolve, reject) => {
      db.write({ actor: 'test' }, async (tx) => {
        await lockCluster(tx)
        await rotateClusterKey(tx, { now: await db.now(), own: other.reader, without: TEST_NODE_ID })
        resolve()
        await mayCommit
      }).catch(reject)
    })
    await rotated
    const third = keysOf(db, await newNodeKey(), THIRD_NODE)
    const taken = third.takeKeys(held)
    await new Promise((resolve) => setTimeout(resolve, 300))
    go()
    expect(await taken).toMatchObject({ available: false })
    const rows = (await rowsOf(db)).filter(({ keyId }) => keyId === held[0]?.keyId)
    expect(rows.filter(({ retiredAt }) => retiredAt === null)).toEqual([])
    expect((await other.refresh()).available).toBe(true)

    // Nobody else is there any more to hand over the key in use: the backup is all there is.
    await db.write({ actor: 'test' }, (tx) =>
      updateNode(tx, OTHER_NODE, { lastHeartbeat: '2026-01-01T00:00:00.000Z' }),
    )
    expect(await third.takeKeys(held)).toMatchObject({ available: true })
  })
})

describe.each(databases())('$name: secret values', ({ open }) => {
  const ready = async (): Promise<Keys> => {
    const keys = keysOf(await open(), await newNodeKey())
    await keys.ensure()
    return keys
  }
  const seal = (keys: Keys, values: Parameters, stored: Record<string, unknown> = {}) =>
    keys.sealValues('parameters', values, stored)

  it('are sealed when written, opened for a run, and listed for masking; the others pass', async () => {
    const keys = await ready()
    const stored = seal(keys, { plain: 'a', list: [1, { b: null }], password: { secret: 'hunter22' } })
    expect(stored).toMatchObject({ plain: 'a', list: [1, { b: null }] })
    expect(JSON.stringify(stored)).not.toContain('hunter22')
    expect(keys.openValues(stored)).toEqual({
      values: { plain: 'a', list: [1, { b: null }], password: 'hunter22' },
      secrets: ['hunter22'],
    })
  })

  it('keep their ciphertext when the text is the same, and get a new one when it changed', async () => {
    const keys = await ready()
    const stored = seal(keys, { password: { secret: 'hunter22' } })
    expect(seal(keys, { password: { secret: 'hunter22' } }, stored)).toEqual(stored)
    const changed = seal(keys, { password: { secret: 'hunter23' } }, stored)
    expect(sealedOf(changed['password'])).not.toBe(sealedOf(stored['password']))
  })

  it('are kept by { "secret": true }, even where the key is away', async () => {
    const keys = await ready()
    const stored = seal(keys, { password: { secret: 'hunter22' } })
    expect(seal(keys, { password: { secret: true }, more: 1 }, stored)).toEqual({ ...stored, more: 1 })
    const closed = keysOf(await open(), await newNodeKey())
    expect(seal(closed, { password: { secret: true } }, stored)).toEqual(stored)
    expect(() => seal(closed, { password: { secret: 'x' } }, stored)).toThrow(
      'A secret value cannot be stored here: the cluster key was not read yet.',
    )
  })

  it.each([{}, { password: 'plain' }, { other: { $sealed: 'a.b' } }])(
    'that shall be kept but are not stored are a bad request naming the field: %j',
    async (stored) => {
      const message = 'there is no stored secret of this name to keep; write { "secret": "text" }'
      const keys = await ready()
      expect(() => seal(keys, { password: { secret: true } }, stored)).toThrow(
        expect.objectContaining({
          code: 'BAD_REQUEST',
          message: `parameters.password: ${message}`,
          issues: [{ path: ['parameters', 'password'], message }],
        }),
      )
    },
  )

  it('named like a property of every object are values like others', async () => {
    const keys = await ready()
    expect(() => seal(keys, { toString: { secret: true } })).toThrow('no stored secret of this name')
    const stored = seal(keys, { ['__proto__']: { secret: 'hunter22' } })
    expect(Object.keys(stored)).toEqual(['__proto__'])
    expect(keys.openValues(stored).secrets).toEqual(['hunter22'])
  })

  it('that were altered, or sealed by a key this node does not have, say what to do', async () => {
    const keys = await ready()
    const sealed = sealedOf(seal(keys, { a: { secret: 'hunter22' } })['a'])
    const altered = sealed.slice(0, -6) + (sealed.at(-6) === 'A' ? 'B' : 'A') + sealed.slice(-5)
    expect(() => keys.openValues({ a: { $sealed: altered } })).toThrow(
      'A stored secret was altered and does not open; write it once more.',
    )
    expect(() => keys.openValues({ a: { $sealed: `k9.${sealed.split('.')[1]}` } })).toThrow(
      'A stored secret does not open here: its key k9 is not on this node.',
    )
    // Writing it once more, as the message says, works.
    const again = seal(keys, { a: { secret: 'hunter22' } }, { a: { $sealed: altered } })
    expect(keys.openValues(again).values).toEqual({ a: 'hunter22' })
  })
})

it('a key file that vanished is made anew, which the cluster key then reports', async () => {
  const dir = folder()
  const before = await openNodeKey(join(dir, 'secret.key'))
  await rm(join(dir, 'secret.key'))
  expect((await openNodeKey(join(dir, 'secret.key'))).publicKey).not.toBe(before.publicKey)
})
