import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { copyResult, emptyServer } from '../support/memory-database.ts'
import {
  halfCopied,
  lacking,
  never,
  openDatabaseSettings as open,
  quiet,
  SERVER,
  target,
  viewer,
} from '../support/database-settings.ts'
import { admin } from '../support/node.ts'

describe('the database of a node', () => {
  it('is told without its password, and whether the node uses it', async () => {
    const { database, root, file } = await open()
    expect(await database.current(admin)).toMatchObject({
      file,
      where: join(root, 'own.db'),
      target: { type: 'SQLite', connection: { path: 'own.db', password: null } },
      inUse: true,
      before: null,
    })
    await database.switchTo(admin, SERVER)
    const after = await database.current(admin)
    expect(after).toMatchObject({
      where: 'cluster on db.example:5432',
      target: { type: 'PostgreSQL', connection: { server: 'db.example', password: { secret: true } } },
      inUse: false,
      running: join(root, 'own.db'),
      before: `${file}.before-switch`,
    })
    expect(JSON.stringify(after)).not.toContain('geheim-42')
  })

  it('is tested with paths that are absolute and the password in clear, which no log shows', async () => {
    const { database, asked, log, root } = await open()
    await database.test(admin, target({ type: 'SQLite', connection: { path: 'other.db' } }))
    await database.test(admin, SERVER)
    expect(asked.map(([, section]) => section?.connection)).toMatchObject([
      { path: join(root, 'other.db') },
      { server: 'db.example', password: 'geheim-42' },
    ])
    log.info('the driver says: geheim-42 is wrong')
    expect(JSON.stringify(log.entries)).not.toContain('geheim-42')
  })

  it('gets its tables only while it is empty and this account may make them', async () => {
    const { database, asked } = await open()
    await database.createSchema(admin, SERVER)
    expect(asked.map(([what]) => what)).toEqual(['probe', 'createSchema', 'probe'])
    const used = {
      ...emptyServer('cluster on db.example:5432'),
      schemaVersion: 3,
      schemaNeeds: 'nothing',
    } as const
    for (const probe of [used, lacking]) {
      const other = await open({ probe: async () => probe })
      const refused = other.database.createSchema(admin, SERVER)
      await expect(refused).rejects.toMatchObject({ code: 'CONFLICT', data: { probe } })
      expect(other.asked).toEqual([])
    }
  })

  it('is migrated where it is asked to be', async () => {
    const { database, asked } = await open()
    expect(await database.migrate(admin, null)).toEqual({ applied: ['0003'], schemaVersion: 3 })
    await database.migrate(admin, SERVER)
    expect(asked).toMatchObject([
      ['migrate', null],
      ['migrate', { type: 'PostgreSQL' }],
    ])
  })

  it('is for admins alone', async () => {
    const { database } = await open()
    const refused = [
      database.current(viewer),
      database.test(viewer, SERVER),
      database.createSchema(viewer, SERVER),
      database.copy(viewer, SERVER, quiet),
      database.switchTo(viewer, SERVER),
      database.migrate(viewer, null),
    ]
    for (const one of refused) await expect(one).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  it('is refused by the field that is wrong before anything is asked of it', async () => {
    const { database, asked } = await open()
    const wrong = target({ type: 'PostgreSQL', connection: { database: 'cluster' } })
    await expect(database.test(admin, wrong)).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      issues: [{ path: ['target', 'connection', 'server'] }],
    })
    expect(asked).toEqual([])
  })
})

describe('a copy', () => {
  it('reports each step and ends with what was compared', async () => {
    const { database } = await open()
    const steps: object[] = []
    const result = await database.copy(admin, SERVER, {
      onProgress: (step) => steps.push(step),
      signal: never,
    })
    expect(steps).toEqual([{ phase: 'copy', table: 'Tasks', done: 2, total: 2 }])
    expect(result).toEqual(copyResult('cluster on db.example:5432'))
  })

  it('onto itself is refused, however the path is written', async () => {
    const { database, asked, root } = await open()
    for (const path of ['own.db', './own.db', join(root, 'own.db')]) {
      const refused = database.copy(admin, target({ type: 'SQLite', connection: { path } }), quiet)
      await expect(refused).rejects.toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('the database of this node itself') as string,
      })
    }
    expect(asked).toEqual([])
  })

  it('goes on into what an earlier one left', async () => {
    const { database } = await open({ probe: async () => halfCopied })
    expect(await database.copy(admin, SERVER, quiet)).toEqual(copyResult('cluster on db.example:5432'))
  })

  it('to what a node cannot work on is refused before a row is read', async () => {
    const { database, asked } = await open({ probe: async () => lacking })
    await expect(database.copy(admin, SERVER, quiet)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(asked).toEqual([])
  })

  it('goes on alone: no other one and no switch beside it; cancelled or failed, the next one may start', async () => {
    const stop = new AbortController()
    const { database } = await open({
      copyTo: (_section, _onProgress, signal) =>
        new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(new Error('cancelled')), { once: true }),
        ),
    })
    const first = database.copy(admin, SERVER, { onProgress: () => undefined, signal: stop.signal })
    // Until it has begun, nothing is going on.
    await new Promise((resolve) => setTimeout(resolve, 50))
    await expect(database.copy(admin, SERVER, quiet)).rejects.toThrow('A copy is going on already')
    await expect(database.switchTo(admin, SERVER)).rejects.toThrow('A copy is going on')
    stop.abort()
    await expect(first).rejects.toThrow('cancelled')
    await database.switchTo(admin, SERVER)
  })
})
