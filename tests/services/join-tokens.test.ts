import { readFile, stat } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { Caller } from '../../src/main/services/caller.ts'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { putNodeState } from '../../src/main/data/repos/node-states.ts'
import { credentialCheck } from '../../src/main/services/doctor/credentials.ts'
import { parseJoinToken } from '../../src/main/services/join-tokens/text.ts'
import { isoOf, systemClock } from '../../src/main/platform/clock.ts'
import { testClock } from '../support/clock.ts'
import { databases, fileDatabases } from '../support/databases.ts'
import { openMember, type Member } from '../support/member.ts'
import { admin } from '../support/node.ts'

const [FIRST, SECOND, THIRD] = ['node-one', 'node-two', 'node-three'] as const
const HOUR = { expiresInMinutes: 60 }
const viewer: Caller = { ...admin, actor: 'token:looker', role: 'viewer' }

const wrapsOf = (db: OpenDatabase, nodeId: string) =>
  db.read.selectFrom('Cluster_Key').selectAll().where('nodeId', '=', nodeId).execute()
const stateOf = (db: OpenDatabase, nodeId: string) =>
  db.read.selectFrom('Node_State').selectAll().where('nodeId', '=', nodeId).executeTakeFirst()
const expire = async (db: OpenDatabase): Promise<void> => {
  await db.write({ actor: 'test' }, async (tx) => {
    await tx
      .updateTable('Join_Token')
      .set({ expiresAt: isoOf(systemClock.now() - 1000) })
      .execute()
  })
}

describe.each(databases())('$name: join tokens', ({ open }) => {
  const openTwo = async (): Promise<{ db: OpenDatabase; first: Member; second: Member }> => {
    const db = await open()
    const first = await openMember(db, FIRST)
    return { db, first, second: await openMember(db, SECOND, { unregistered: true }) }
  }

  it('let a newcomer take every cluster key, once; the copies under the token go', async () => {
    const { db, first, second } = await openTwo()
    const sealed = first.keys.seal('hunter22')
    expect(second.keys.available).toBe(false)
    const created = await first.joinTokens.create(admin, HOUR)
    expect(await wrapsOf(db, created.joinTokenId)).toHaveLength(1)

    const joined = await second.joinTokens.join(admin, created.token)
    expect(joined).toMatchObject({ nodeId: SECOND, holdsKey: true })
    expect(second.keys.open(sealed)).toBe('hunter22')
    expect(await wrapsOf(db, created.joinTokenId)).toEqual([])
    expect(await wrapsOf(db, SECOND)).toHaveLength(1)
    expect(await first.joinTokens.list(viewer)).toMatchObject([
      { joinTokenId: created.joinTokenId, createdBy: admin.actor, usedByNodeId: SECOND },
    ])
    const token = (await readFile(second.tokenFile, 'utf8')).trim()
    expect(token).toMatch(/^psn_/)
    expect((await stat(second.tokenFile)).mode & 0o777).toBe(0o600)
    expect(await stateOf(db, SECOND)).toMatchObject({
      publicKey: second.keys.reader.publicKey,
      keyId: first.keys.state.available ? first.keys.state.keyId : '',
    })

    const third = await openMember(db, THIRD, { unregistered: true })
    await expect(third.joinTokens.join(admin, created.token)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(`by node ${SECOND}, and lets in one node only`) as string,
    })
    expect(third.keys.available).toBe(false)
  })

  it('used by two newcomers at once let in one', async () => {
    const { db, first, second } = await openTwo()
    const third = await openMember(db, THIRD, { unregistered: true })
    const { token } = await first.joinTokens.create(admin, HOUR)
    const results = await Promise.allSettled([
      second.joinTokens.join(admin, token),
      third.joinTokens.join(admin, token),
    ])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect([second, third].filter(({ keys }) => keys.available)).toHaveLength(1)
  })

  it('may be used again by the node that used it, for a join that broke off: its node token is another', async () => {
    const db = await open()
    const first = await openMember(db, FIRST)
    const second = await openMember(db, SECOND)
    const { token } = await first.joinTokens.create(admin, HOUR)
    await second.joinTokens.join(admin, token)
    const before = (await readFile(second.tokenFile, 'utf8')).trim()
    expect(await first.tokens.verify(before)).toMatchObject({ node: { kind: 'node', nodeId: SECOND } })
    expect(await second.joinTokens.join(admin, token)).toMatchObject({ holdsKey: true })
    const after = (await readFile(second.tokenFile, 'utf8')).trim()
    expect(await first.tokens.verify(before)).toBeNull()
    expect(await first.tokens.verify(after)).toMatchObject({ node: { actor: `node:${SECOND}` } })
  })

  it('that expired, were revoked or are of another cluster let nobody in, and say what to do', async () => {
    const { db, first, second } = await openTwo()
    const revoked = await first.joinTokens.create(admin, HOUR)
    await first.joinTokens.revoke(admin, revoked.joinTokenId)
    expect(await wrapsOf(db, revoked.joinTokenId)).toEqual([])
    await expect(second.joinTokens.join(admin, revoked.token)).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('it was revoked') as string,
    })
    const expired = await first.joinTokens.create(admin, HOUR)
    await expire(db)
    await expect(second.joinTokens.join(admin, expired.token)).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('create another one') as string,
    })
    const elsewhere = await openMember(db, THIRD, { unregistered: true, clusterId: 'another' })
    const { token } = await first.joinTokens.create(admin, HOUR)
    await expect(elsewhere.joinTokens.join(admin, token)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('a SQLite database on another machine cannot be joined') as string,
    })
    await expect(second.joinTokens.join(admin, 'psj_nonsense')).rejects.toMatchObject({
      issues: [{ path: ['token'] }],
    })
    // A copy of the key that no newcomer can take any more is not kept.
    expect(await wrapsOf(db, expired.joinTokenId)).toEqual([])
  })

  it('can be made only where the key is, by an admin; who may look sees no text', async () => {
    const { first, second } = await openTwo()
    await expect(second.joinTokens.create(admin, HOUR)).rejects.toThrow('does not hold the cluster key')
    await expect(first.joinTokens.create(viewer, HOUR)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const { token } = await first.joinTokens.create(admin, HOUR)
    expect(parseJoinToken(token)).toMatchObject({ urls: ['http://127.0.0.1:7780'], fingerprint: null })
    expect(JSON.stringify(await first.joinTokens.list(viewer))).not.toContain(token.slice(4, 40))
    await expect(first.joinTokens.revoke(viewer, 'x')).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(first.joinTokens.revoke(admin, 'x')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('bring a public key and a token, and an exchanged one of them is said by doctor and log', async () => {
    const { db, first, second } = await openTwo()
    await second.joinTokens.join(admin, (await first.joinTokens.create(admin, HOUR)).token)
    const { publicKey } = second.keys.reader
    const check = credentialCheck({ db, nodeId: SECOND, publicKey, nodeTokenFile: second.tokenFile })
    expect(await check.look(false)).toMatchObject([{ ok: true }])
    await db.write({ actor: 'thief' }, (tx) =>
      putNodeState(tx, SECOND, { publicKey: 'B'.repeat(43), tokenHash: 'other' }),
    )
    expect(await check.look(false)).toMatchObject([
      { severity: 'error', detail: expect.stringContaining('named another public key') as string },
      { severity: 'warning', detail: expect.stringContaining('another token') as string },
    ])
    await second.keys.announce()
    expect(second.log.entries.at(-1)).toMatchObject({
      level: 'warn',
      msg: expect.stringContaining('named another public key') as string,
    })
    expect(await stateOf(db, SECOND)).toMatchObject({ publicKey })
  })

  it('leave neither their secret nor the key in any table', async () => {
    const { db, first } = await openTwo()
    const { token } = await first.joinTokens.create(admin, HOUR)
    const secret = parseJoinToken(token)?.secret ?? Buffer.alloc(0)
    const rows = JSON.stringify([
      await db.read.selectFrom('Cluster_Key').selectAll().execute(),
      await db.read.selectFrom('Join_Token').selectAll().execute(),
    ])
    expect(rows).not.toContain(secret.toString('base64url'))
    expect(rows).not.toContain(secret.toString('hex'))
  })
})

describe.each(fileDatabases())('$name: a join token shown to the API', ({ open }) => {
  it('is judged by the clock of the database, whatever that of this machine says', async () => {
    const clock = testClock('2040-01-01T00:00:00.000Z')
    const first = await openMember(await open({ clock }), FIRST)
    const { token } = await first.joinTokens.create(admin, HOUR)
    expect(await first.tokens.verify(token)).toMatchObject({ node: { kind: 'join' } })
    clock.advance(2 * 3_600_000)
    expect(await first.tokens.verify(token)).toBeNull()
  })
})
