/* eslint max-lines: ['error', { max: 280, skipBlankLines: true, skipComments: true }] -- to be split by subject */
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { copyDatabase, databaseChecksums, type CopyOptions } from '../../src/main/data/copy.ts'
import { readInfo } from '../../src/main/data/cluster-info.ts'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import type { DatabaseConfig } from '../../src/main/data/dialects/dialect.ts'
import { createDatabase } from '../../src/main/data/orm.ts'
import { listChanges } from '../../src/main/data/repos/changes.ts'
import { numberChanges } from '../../src/main/data/sequencer.ts'
import { verifyTriggers } from '../../src/main/data/triggers.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import type { CopyProgress } from '../../src/shared/domain/database.ts'
import { databaseOptions, databases, fileDatabases, type TestDatabases } from '../support/databases.ts'
import { fill, fillRuns, ROOT } from './copy-data.ts'
import { nodeRow, runRow, taskRow } from './rows.ts'

const all = databases()
const pairs = all.flatMap((from) => all.map((to) => ({ from, to, name: `${from.name} → ${to.name}` })))

/** Opened for each step, as a node does it: nothing is remembered in between. */
const opened = async <T>(
  config: DatabaseConfig,
  work: (db: OpenDatabase) => Promise<T>,
  forCopy = false,
): Promise<T> => {
  const db = await createDatabase({ ...databaseOptions(config), forCopy })
  try {
    return await work(db)
  } finally {
    await db.close()
  }
}

type Extras = Partial<Pick<CopyOptions, 'onProgress' | 'signal'>>

const copyInto = (source: OpenDatabase, config: DatabaseConfig, extras: Extras = {}) =>
  opened(
    config,
    (target) =>
      copyDatabase({
        ...{ source, target, clock: systemClock, onProgress: () => {} },
        ...{ signal: new AbortController().signal, ...extras },
      }),
    true,
  )

const filled = async ({ open }: TestDatabases): Promise<OpenDatabase> => {
  const db = await open()
  await fill(db)
  return db
}

/** A copy that is given up in the middle of the runs. */
const copyHalf = async (source: OpenDatabase, config: DatabaseConfig): Promise<void> => {
  const controller = new AbortController()
  const onProgress = ({ table, done, total }: CopyProgress): void => {
    if (table === 'Task_History' && done > 2 && done < total) controller.abort()
  }
  await expect(copyInto(source, config, { onProgress, signal: controller.signal })).rejects.toMatchObject({
    name: 'AbortError',
  })
}

const changesIn = (db: OpenDatabase) => listChanges(db.read, { limit: 100 })

describe.each(pairs)('$name: copy', ({ from, to }) => {
  it('keeps every row of every table as it is stored', async () => {
    const source = await filled(from)
    const config = await to.place()
    const before = await databaseChecksums(source)
    const reports: CopyProgress[] = []
    const result = await copyInto(source, config, { onProgress: (report) => reports.push(report) })
    expect(result.tables).toEqual(before)
    expect(result.tables.map(({ rows }) => rows)).not.toContain(0)
    expect(result).toMatchObject({ from: source.where })
    for (const phase of ['copy', 'verify'] as const)
      for (const { table, rows } of result.tables)
        expect(reports.findLast((report) => report.table === table && report.phase === phase)).toEqual({
          ...{ phase, table, done: rows, total: rows },
        })
    expect(await databaseChecksums(source)).toEqual(before)
  })

  it('is a database to work on: triggers, identity, changes numbered behind the old ones', async () => {
    const source = await filled(from)
    const config = await to.place()
    const { databaseId } = await copyInto(source, config)
    const [clusterId, sourceId] = [
      await readInfo(source.read, 'ClusterID'),
      await readInfo(source.read, 'DatabaseID'),
    ]
    await numberChanges(source)
    const old = await changesIn(source)
    await opened(config, async (target) => {
      const { dialect, schemaVersion, trackChanges } = target
      expect(await verifyTriggers(target.look, { dialect, schemaVersion, trackChanges })).toMatchObject({
        ok: true,
      })
      expect(target.started.repairedTriggers).toEqual([])
      expect(await readInfo(target.read, 'ClusterID')).toBe(clusterId)
      expect(await readInfo(target.read, 'DatabaseID')).toBe(databaseId)
      expect(databaseId).not.toBe(sourceId)
      expect(await readInfo(target.read, 'CopySource')).toBeUndefined()
      await numberChanges(target)
      // Whoever numbers them: in the order they were made.
      expect((await changesIn(target)).items).toEqual(old.items)
      await target.write(ROOT, (tx) =>
        tx
          .insertInto('Nodes')
          .values(nodeRow({ nodeName: 'new' }))
          .execute(),
      )
      await numberChanges(target)
      const [newest, next] = (await changesIn(target)).items
      expect(newest).toMatchObject({ tableName: 'Nodes', action: 'INSERT', seq: (next?.seq ?? 0) + 1 })
      expect(newest?.localSeq).toBeGreaterThan(next?.localSeq ?? 0)
    })
  })

  it('goes on where it was cut off, with what the source has changed since', async () => {
    const source = await filled(from)
    const runs = await fillRuns(source, 7)
    const config = await to.place()
    await copyHalf(source, config)
    await expect(opened(config, async () => undefined)).rejects.toMatchObject({ code: 'CONFLICT' })
    const copied = await opened(
      config,
      (db) => db.read.selectFrom('Task_History').select('historyId').execute(),
      true,
    )
    expect(copied.length).toBeGreaterThan(0)
    expect(copied.length).toBeLessThan(11)
    await source.write(ROOT, async (tx) => {
      await tx
        .deleteFrom('Task_History')
        .where('historyId', '=', runs[0] ?? '')
        .execute()
      await tx.updateTable('Tasks').set({ priority: 3 }).execute()
      await tx
        .insertInto('Tasks')
        .values(taskRow({ taskName: 'later' }))
        .execute()
      await tx.deleteFrom('Cluster_Key').execute()
    })
    const result = await copyInto(source, config)
    expect(result.tables).toEqual(await databaseChecksums(source))
    await opened(config, (target) => target.write(ROOT, (tx) => tx.deleteFrom('Tasks').execute()))
  })
})

describe.each(all)('$name: copy', (database) => {
  it('copies the state of its beginning while the source is written', async () => {
    const source = await filled(database)
    await fillRuns(source, 4)
    const config = await database.place()
    const before = await databaseChecksums(source)
    const writes: Promise<unknown>[] = []
    const onProgress = ({ phase }: CopyProgress): void => {
      if (phase === 'verify') return
      const n = writes.length
      const write = source.write(ROOT, async (tx) => {
        await tx
          .insertInto('Tasks')
          .values(taskRow({ taskName: `t${n}` }))
          .execute()
        await tx
          .updateTable('Tasks')
          .set({ priority: n + 20 })
          .execute()
        await tx
          .updateTable('Task_History')
          .set({ attempt: n + 2 })
          .execute()
      })
      writes.push(write)
    }
    const result = await copyInto(source, config, { onProgress })
    expect((await Promise.all(writes)).length).toBeGreaterThan(5)
    expect(result.tables).toEqual(before)
    await opened(config, async (target) =>
      expect(await databaseChecksums(target)).toHaveLength(result.tables.length),
    )
  })

  it('refuses a target that holds rows, and names them', async () => {
    const source = await filled(database)
    const target = await database.open()
    await target.write(ROOT, (tx) => tx.insertInto('Nodes').values([nodeRow()]).execute())
    const copying = copyDatabase({
      ...{ source, target, clock: systemClock, onProgress: () => {}, signal: new AbortController().signal },
    })
    await expect(copying).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/1 row of Nodes, 1 row of Data_Change/) as string,
    })
    // Nothing was done to it.
    await target.write(ROOT, (tx) => tx.deleteFrom('Nodes').execute())
    expect((await changesIn(target)).items).toHaveLength(2)
  })

  it('refuses to mix two sources, and to copy a database onto itself', async () => {
    const [source, other] = [await filled(database), await database.open()]
    await fillRuns(source, 5)
    const config = await database.place()
    await copyHalf(source, config)
    await expect(copyInto(other, config)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(`a part of another database, ${source.where}`) as string,
    })
    const onto = copyDatabase({
      ...{ source: other, target: other, clock: systemClock, onProgress: () => {} },
      signal: new AbortController().signal,
    })
    await expect(onto).rejects.toMatchObject({ code: 'CONFLICT' })
  })
})

describe('copy', () => {
  it('comes back from a journey through every database as it was', async () => {
    const [home] = all
    if (!home) throw new Error('no databases')
    const source = await filled(home)
    const first = await databaseChecksums(source)
    let last = await home.place()
    await copyInto(source, last)
    for (const { place } of [...all.slice(1), home]) {
      const next = await place()
      const { tables } = await opened(last, (from) => copyInto(from, next))
      expect(tables).toEqual(first)
      last = next
    }
    expect(await opened(last, (db) => databaseChecksums(db))).toEqual(first)
  })

  it.each(all)('puts U+FFFD in the place of a NUL character: $name', async ({ place }) => {
    const [home] = all
    if (!home) throw new Error('no databases')
    const source = await home.open()
    await source.write(ROOT, (tx) =>
      tx
        .insertInto('Task_History')
        .values(runRow({ error: 'a\0b' }))
        .execute(),
    )
    const config = await place()
    const { tables } = await copyInto(source, config)
    expect(tables).toEqual(await databaseChecksums(source))
    const runs = await opened(config, (db) => db.read.selectFrom('Task_History').select('error').execute())
    expect(runs).toEqual([{ error: 'a\ufffdb' }])
  })

  it('names the first row that the target has changed, and leaves it unfinished', async () => {
    const [home] = fileDatabases()
    if (!home) throw new Error('no databases')
    const source = await filled(home)
    const { historyId } = await source.read
      .selectFrom('Task_History')
      .select('historyId')
      .orderBy('historyId')
      .offset(1)
      .limit(1)
      .executeTakeFirstOrThrow()
    const config = await home.place()
    if (config.type !== 'SQLite') throw new Error('not a file')
    await opened(config, async () => undefined)
    const meddler = new Sqlite(config.path)
    meddler.exec(`create trigger meddle after insert on "Task_History" when new."HistoryID" >= '${historyId}'
      begin update "Task_History" set "Priority" = 99 where "HistoryID" = new."HistoryID"; end`)
    await expect(copyInto(source, config)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining(`HistoryID ${historyId}`) as string,
      data: { table: 'Task_History', key: `HistoryID ${historyId}` },
    })
    await expect(opened(config, async () => undefined)).rejects.toMatchObject({ code: 'CONFLICT' })
    meddler.exec('drop trigger meddle')
    meddler.close()
    const { tables } = await copyInto(source, config)
    expect(tables).toEqual(await databaseChecksums(source))
  })

  it('installs no triggers where changes are not tracked', async () => {
    const [home] = all
    if (!home) throw new Error('no databases')
    const source = await filled(home)
    const config = await home.place({ enableChangeTracking: false })
    const { tables } = await copyInto(source, config)
    await opened(config, async (target) => {
      await target.write(ROOT, (tx) => tx.deleteFrom('Nodes').execute())
      const { items } = await changesIn(target)
      expect(items).toHaveLength(tables.find(({ table }) => table === 'Data_Change')?.rows ?? 0)
    })
  })
})
