import { createHash } from 'node:crypto'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Database } from '../../src/main/data/db.ts'
import { systemClock, type Clock } from '../../src/main/platform/clock.ts'
import { systemCaller, type Caller } from '../../src/main/services/caller.ts'
import { createTokens, type Tokens } from '../../src/main/services/tokens.ts'
import { isPosix, temporaryFolders } from '../config/support.ts'
import { databases } from '../support/databases.ts'

const folder = temporaryFolders()
const admin: Caller = { ...systemCaller, actor: 'token:ann', reason: 'for the tests' }

/** A clock that goes on by itself and can be moved. */
const movableClock = (): Clock & { advance(ms: number): void } => {
  let moved = 0
  return {
    ...systemClock,
    now: () => systemClock.now() + moved,
    monotonic: () => systemClock.monotonic() + moved,
    advance: (ms) => void (moved += ms),
  }
}

const tokensOf = (db: Database, clock: Clock = systemClock): Tokens => createTokens({ db, clock })

const create = (tokens: Tokens, expiresAt: string | null = null) =>
  tokens.create(admin, { role: 'operator', name: 'ci', expiresAt })

const inSeconds = (seconds: number): string => new Date(systemClock.now() + seconds * 1000).toISOString()

describe.each(databases())('$name: tokens', ({ open }) => {
  it('are shown once, and stored as a hash only', async () => {
    const db = await open()
    const tokens = tokensOf(db)
    const created = await create(tokens)
    expect(created).toMatchObject({
      token: expect.stringMatching(/^psw_[\w-]{43}$/) as string,
      tokenName: 'ci',
      role: 'operator',
      createdBy: 'token:ann',
      expiresAt: null,
      revokedAt: null,
    })
    const { token, ...listed } = created
    expect(await tokens.list(admin)).toEqual([listed])
    const [row] = await db.read.selectFrom('Api_Token').selectAll().execute()
    expect(row?.tokenHash).toBe(createHash('sha256').update(token).digest('hex'))
    expect(JSON.stringify(await db.read.selectFrom('Api_Token').selectAll().execute())).not.toContain(
      token.slice(4),
    )
  })

  it('are a change of who created or revoked them, without their hash', async () => {
    const db = await open()
    const tokens = tokensOf(db)
    const { tokenId } = await create(tokens)
    await tokens.revoke(admin, tokenId)
    const changes = await db.read
      .selectFrom('Data_Change')
      .selectAll()
      .where('tableName', '=', 'Api_Token')
      .execute()
    expect(changes).toMatchObject([
      { recordId: tokenId, action: 'INSERT', changedBy: 'token:ann', changeReason: 'for the tests' },
      { recordId: tokenId, action: 'UPDATE', changedBy: 'token:ann', changeReason: 'for the tests' },
    ])
  })

  it('verify to their id, name and role; anything else verifies to nothing', async () => {
    const tokens = tokensOf(await open())
    const { token, tokenId } = await create(tokens)
    expect(await tokens.verify(token)).toEqual({ tokenId, tokenName: 'ci', role: 'operator' })
    const wrong = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A')
    for (const text of ['', 'psw_', wrong, ` ${token}`, token.slice(4), `${token}A`, "psw_' OR 1=1 --"])
      expect(await tokens.verify(text)).toBeNull()
  })

  it('end at once when revoked, and the first time of revoking stays', async () => {
    const tokens = tokensOf(await open())
    const { token, tokenId } = await create(tokens)
    await tokens.verify(token)
    await tokens.revoke(admin, tokenId)
    expect(await tokens.verify(token)).toBeNull()
    const [first] = await tokens.list(admin)
    await tokens.revoke(admin, tokenId)
    expect(await tokens.list(admin)).toEqual([first])
    expect(first?.revokedAt).toMatch(/Z$/)
  })

  it('end when they expire, though verified a moment before', async () => {
    const clock = movableClock()
    const tokens = tokensOf(await open(), clock)
    const { token } = await create(tokens, inSeconds(60))
    expect(await tokens.verify(token)).not.toBeNull()
    clock.advance(59_000)
    expect(await tokens.verify(token)).not.toBeNull()
    clock.advance(1_500)
    expect(await tokens.verify(token)).toBeNull()
  })

  it('changed by someone else are noticed within five seconds, or at once when told', async () => {
    const db = await open()
    const clock = movableClock()
    const [here, there] = [tokensOf(db, clock), tokensOf(db)]
    const [one, two] = [await create(here), await create(here)]
    for (const { token } of [one, two]) expect(await here.verify(token)).not.toBeNull()
    for (const { tokenId } of [one, two]) await there.revoke(admin, tokenId)
    clock.advance(5_001)
    expect(await here.verify(one.token)).toBeNull()

    const three = await create(here)
    await here.verify(three.token)
    await there.revoke(admin, three.tokenId)
    here.forget()
    expect(await here.verify(three.token)).toBeNull()
  })

  it('need no name: one that tells them apart is made up', async () => {
    const tokens = tokensOf(await open())
    const [one, two] = [
      await tokens.create(admin, { role: 'viewer', expiresAt: null }),
      await tokens.create(admin, { role: 'viewer', expiresAt: null }),
    ]
    expect(one.tokenName).toMatch(/^viewer-[0-9a-f]{6}$/)
    expect(two.tokenName).not.toBe(one.tokenName)
  })

  it('cannot begin expired, and one that does not exist cannot be revoked', async () => {
    const tokens = tokensOf(await open())
    await expect(create(tokens, '2020-01-01T00:00:00.000Z')).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: 'expiresAt: lies in the past; leave it out for a token that does not expire',
      issues: [{ path: ['expiresAt'] }],
    })
    await expect(tokens.revoke(admin, 'none')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'There is no token none.',
    })
  })

  it.each(['viewer', 'operator'] as const)(
    'are made and revoked by admins: %s may only list them, without their text',
    async (role) => {
      const tokens = tokensOf(await open())
      const caller = { ...admin, actor: 'token:bob', role }
      const refused = { code: 'FORBIDDEN', message: `This needs the role admin; token:bob has ${role}.` }
      const { token, ...listed } = await tokens.create(admin, { role: 'viewer', expiresAt: null })
      expect(await tokens.list(caller)).toEqual([listed])
      expect(JSON.stringify(await tokens.list(caller))).not.toContain(token)
      await expect(tokens.create(caller, { role: 'viewer', expiresAt: null })).rejects.toMatchObject(refused)
      await expect(tokens.revoke(caller, 'x')).rejects.toMatchObject(refused)
    },
  )
})

describe.each(databases())('$name: admin.token', ({ open }) => {
  it('is written on first start, 0600, and kept while it is valid', async () => {
    const tokens = tokensOf(await open())
    const file = join(folder(), 'admin.token')
    const token = await tokens.ensureAdminToken(file)
    expect(await readFile(file, 'utf8')).toBe(`${token}\n`)
    if (isPosix) expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await tokens.verify(token)).toMatchObject({ role: 'admin', tokenName: 'first-admin' })
    expect(await tokens.ensureAdminToken(file)).toBe(token)
    expect(await tokens.list(admin)).toHaveLength(1)
  })

  it('is made anew when it is missing, revoked, of a lesser role or of another database', async () => {
    const tokens = tokensOf(await open())
    const file = join(folder(), 'admin.token')
    const first = await tokens.ensureAdminToken(file)
    await rm(file)
    const second = await tokens.ensureAdminToken(file)
    expect(second).not.toBe(first)
    // Only the file is gone: whoever keeps the first one elsewhere goes on.
    expect(await tokens.verify(first)).not.toBeNull()

    await tokens.revoke(admin, (await tokens.verify(second))?.tokenId ?? '')
    const third = await tokens.ensureAdminToken(file)
    expect(third).not.toBe(second)
    await writeFile(file, (await create(tokens)).token)
    expect((await tokens.verify(await tokens.ensureAdminToken(file)))?.role).toBe('admin')
    await writeFile(file, 'psw_garbage')
    expect((await tokens.verify(await tokens.ensureAdminToken(file)))?.role).toBe('admin')
  })
})
