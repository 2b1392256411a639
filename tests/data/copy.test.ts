import { describe, expect, it } from 'vitest'
import { copyDatabase, databaseChecksums } from '../../src/main/data/copy.ts'
import { readInfo } from '../../src/main/data/cluster-info.ts'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import type { DatabaseConfig } from '../../src/main/data/dialects/dialect.ts'
import { numberChanges } from '../../src/main/data/sequencer.ts'
import { verifyTriggers } from '../../src/main/data/triggers.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import type { CopyProgress } from '../../src/shared/domain/database.ts'
import { databases } from '../support/databases.ts'
import { changesIn, copyInto, filled, fillRuns, opened, ROOT } from './copy-data.ts'
import { nodeRow, taskRow } from './rows.ts'

const all = databases()
const pairs = all.flatMap((from) => all.map((to) => ({ from, to, name: `${from.name} → ${to.name}` })))

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
