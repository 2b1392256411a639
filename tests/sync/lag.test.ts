import { describe, expect, it } from 'vitest'
import { lagBehind } from '../../src/main/data/replica/lag.ts'
import { numberChanges } from '../../src/main/data/sequencer.ts'
import { databases } from '../support/databases.ts'
import { editsIn, logOf } from './sync-node.ts'

describe.each(databases())('$name: how far behind a place in the log is', ({ open }) => {
  it('is told by table, with the time of the oldest change; at the end there is nothing', async () => {
    const centre = await open()
    const edits = editsIn(centre)
    const first = await edits.create('first')
    await edits.create('second')
    await edits.update(first, { priority: 3 })
    await numberChanges(centre)
    const log = await logOf(centre)
    const counts = (after: number) =>
      Object.fromEntries(
        [...new Set(log.map((change) => change.tableName))]
          .map((table) => [
            table,
            log.filter((one) => one.tableName === table && (one.seq ?? 0) > after).length,
          ])
          .filter(([, count]) => count !== 0),
      ) as Record<string, number>
    for (const [index, change] of [{ seq: 0 }, ...log].entries()) {
      const { byTable, oldestAt } = await lagBehind(centre.read, change.seq ?? 0)
      expect(Object.fromEntries(byTable)).toEqual(counts(change.seq ?? 0))
      expect(oldestAt).toBe(log[index]?.changedAt ?? null)
    }
    expect(counts(0)).toEqual({ Tasks: 3, Task_Schedule: 2 })
  })
})
