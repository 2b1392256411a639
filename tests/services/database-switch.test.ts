import { readFile, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { DatabaseProbe } from '../../src/shared/domain/database.ts'
import {
  halfCopied,
  CONFIG,
  lacking,
  openDatabaseSettings as open,
  SERVER,
  target,
} from '../support/database-settings.ts'
import { emptyServer } from '../support/memory-database.ts'
import { admin } from '../support/node.ts'

describe('a switch', () => {
  it('writes the new database, says where the settings before are, and that it holds after a restart', async () => {
    const { database, text, file } = await open()
    const done = await database.switchTo(admin, SERVER)
    expect(done).toMatchObject({
      file,
      where: 'cluster on db.example:5432',
      before: `${file}.before-switch`,
      needsRestart: true,
      probe: { ok: true },
    })
    expect(await readFile(done.before, 'utf8')).toBe(CONFIG)
    const after = await text()
    expect(after).toMatch(/^# ours\ndatabase:\n {2}type: PostgreSQL # for now\n/)
    expect(after).toContain('historyDays: 30 # a month')
    expect(after).toContain('password: encrypted:x1.')
    expect(after).not.toContain('geheim-42')
  })

  it('back before a restart leaves nothing to restart for', async () => {
    const { database } = await open()
    await database.switchTo(admin, SERVER)
    const own = target({ type: 'SQLite', connection: { path: 'own.db' } })
    expect(await database.switchTo(admin, own)).toMatchObject({ needsRestart: false })
    expect(await database.current(admin)).toMatchObject({ inUse: true })
  })

  it.each([
    [lacking, 'rights: svc may not create the tables (grant create on schema public to "svc")'],
    [
      { ...emptyServer('c on db'), ok: false, schemaVersion: 9, schemaNeeds: 'newerProgram' },
      'of a newer program; update this one',
    ],
    [{ ...emptyServer('c on db'), ok: false, schemaVersion: 1, schemaNeeds: 'migrate' }, 'migrate it first'],
    [halfCopied, 'a part of own.db only: the copy was not finished (copy again'],
    [{ ...emptyServer('c on db'), ok: false }, 'did not pass its test'],
  ] satisfies [DatabaseProbe, string][])(
    'to what a node cannot work on is refused with the reason',
    async (probe, why) => {
      const { database, text } = await open({ probe: async () => probe })
      const refused = database.switchTo(admin, SERVER)
      await expect(refused).rejects.toMatchObject({ code: 'CONFLICT', data: { probe } })
      await expect(refused).rejects.toThrow(why)
      await expect(refused).rejects.not.toThrow('98 of 100')
      expect(await text()).toBe(CONFIG)
    },
  )

  it('to the database the file names already is refused, but a new password of it is not', async () => {
    const { database, text } = await open()
    await database.switchTo(admin, SERVER)
    await expect(database.switchTo(admin, SERVER)).rejects.toThrow('nothing to switch')
    const { connection } = SERVER
    const kept = { ...SERVER, connection: { ...connection, password: { secret: true as const } } }
    await expect(database.switchTo(admin, kept)).rejects.toThrow('nothing to switch')
    const before = await text()
    await database.switchTo(admin, { ...SERVER, connection: { ...connection, password: 'rotated' } })
    expect(await text()).not.toBe(before)
  })

  it('in a file that was changed during its test writes nothing', async () => {
    const other = `${CONFIG}# by hand\n`
    let meanwhile = (): Promise<void> => Promise.resolve()
    const { database, text, file } = await open({
      probe: async () => {
        await meanwhile()
        return emptyServer('cluster on db.example:5432')
      },
    })
    meanwhile = () => writeFile(file, other)
    await expect(database.switchTo(admin, SERVER)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await text()).toBe(other)
  })
})
