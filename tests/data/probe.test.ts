import { describe, expect, it } from 'vitest'
import { markSource } from '../../src/main/data/copy/marker.ts'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { steps } from '../../src/main/data/migrations/index.ts'
import type { SchemaStep } from '../../src/main/data/migrations/schema-step.ts'
import { createDatabase, type DatabaseOptions } from '../../src/main/data/orm.ts'
import { probeDatabase } from '../../src/main/data/probe.ts'
import type { DatabaseProbe } from '../../src/shared/domain/database.ts'
import { databaseOptions, databases } from '../support/databases.ts'

const later = (name: string): SchemaStep => ({ name: `9999_${name}`, minProgram: '0.1.0', up: () => {} })

/** Opens it, which makes what is missing, and closes it again. */
const opened = async (
  options: DatabaseOptions,
  use: (db: OpenDatabase) => Promise<unknown> = async () => {},
): Promise<void> => {
  const db = await createDatabase(options)
  try {
    await use(db)
  } finally {
    await db.close()
  }
}

/** All but that MariaDB, as it comes, takes no statement of 16 MB, and that servers of tests need not be durable. */
const wrongIn = ({ checks }: DatabaseProbe) =>
  checks.filter(({ ok, id }) => !ok && !['maxPacket', 'durability'].includes(id))

describe.each(databases())('$name: a look at a database before it is used', ({ place, server }) => {
  it('says that it is empty, and makes nothing', async () => {
    const options = databaseOptions(await place())
    for (let look = 0; look < 2; look += 1)
      expect(await probeDatabase(options)).toMatchObject({
        ...{ ok: true, schemaNeeds: 'create', schemaVersion: null },
        server: server ? (expect.stringMatching(/\d/) as string) : null,
      })
  })

  it('finds nothing wrong with one that a node made', async () => {
    const options = databaseOptions(await place())
    await opened(options)
    const probe = await probeDatabase(options)
    expect(wrongIn(probe)).toEqual([])
    expect(probe).toMatchObject({ ok: true, schemaNeeds: 'nothing', schemaVersion: steps.length })
    expect(probe.latencyMs).toBeGreaterThan(0)
    expect(probe.clockOffsetMs === null).toBe(server === null)
  })

  it('names triggers that are not there, which a node puts right', async () => {
    const options = databaseOptions(await place())
    await opened({ ...options, config: { ...options.config, enableChangeTracking: false } })
    const probe = await probeDatabase(options)
    expect(probe).toMatchObject({ ok: true, schemaNeeds: 'nothing' })
    expect(wrongIn(probe)).toMatchObject([
      { id: 'capture', severity: 'warning', detail: expect.stringContaining('capture_Tasks') as string },
    ])
  })

  it('tells half a copy from a cluster, whose nodes would not start on it', async () => {
    const options = databaseOptions(await place())
    await opened(options, (db) =>
      db.orm.em
        .fork()
        .transactional((tx) =>
          markSource(tx.getKysely(), { databaseId: 'one', where: 'cluster on old.example' }),
        ),
    )
    const probe = await probeDatabase(options)
    expect(probe).toMatchObject({ ok: false, schemaNeeds: 'copy', schemaVersion: steps.length })
    expect(wrongIn(probe)).toEqual([
      {
        ...{ id: 'tables', ok: false, severity: 'error', what: 'tables' },
        detail: 'a part of cluster on old.example only: the copy was not finished',
        fix: 'copy again, which goes on where it stopped, or empty the database',
      },
    ])
  })

  it('sends a program away that is too old for it', async () => {
    const options = databaseOptions(await place())
    await opened({
      ...options,
      programVersion: '0.3.0',
      steps: [...steps, { ...later('one'), minProgram: '0.2.0' }],
    })
    expect(await probeDatabase(options)).toMatchObject({ ok: false, schemaNeeds: 'newerProgram' })
  })
})
