import { describe, expect, it } from 'vitest'
import { createChanges } from '../../src/main/services/changes.ts'
import { createEventBus } from '../../src/main/services/events.ts'
import { databases, type TestDatabases } from '../support/databases.ts'
import { openEngineDatabase } from '../support/engine-database.ts'
import { admin } from '../support/node.ts'

const plain = { force: false, transaction: false, dryRun: false }

const openChanges = async (open: TestDatabases['open'], tracking = true) => {
  const engine = await openEngineDatabase(open)
  const { db, clock } = engine
  const changes = createChanges({
    ...{ db, events: createEventBus(clock), tracking, wake: () => undefined },
    number: () => Promise.resolve(0),
    nodeChanged: () => Promise.resolve(),
    secrets: { sealValues: (_field, values) => ({ ...values }) },
  })
  return { ...engine, changes }
}

describe.each(databases())('$name: a change whose image is damaged', ({ open }) => {
  it('is still listed and shown, and is not taken back', async () => {
    const { db, task, changes } = await openChanges(open)
    const { taskId } = await task({})
    await db.write({ actor: 'test' }, (tx) => tx.updateTable('Tasks').set({ priority: 4 }).execute())
    const [edit] = (await changes.list(admin, { record: [taskId], limit: 10 })).items
    const changeId = edit?.changeId ?? ''
    await db.write({ actor: 'test' }, (tx) =>
      tx
        .updateTable('Data_Change')
        .set({ oldData: Buffer.from('no image') })
        .where('changeId', '=', changeId)
        .execute(),
    )
    expect((await changes.list(admin, { record: [taskId], limit: 10 })).items).toHaveLength(2)
    expect(await changes.get(admin, changeId)).toMatchObject({ changeId, oldData: null })
    for (const force of [false, true])
      await expect(changes.revert(admin, changeId, { ...plain, force })).rejects.toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('cannot be read') as string,
      })
    expect((await db.read.selectFrom('Tasks').select('priority').executeTakeFirst())?.priority).toBe(4)
  })

  it('cannot be taken back at all while change tracking is off', async () => {
    const { task, changes } = await openChanges(open, false)
    const { taskId } = await task({})
    const [created] = (await changes.list(admin, { record: [taskId], limit: 10 })).items
    await expect(changes.revert(admin, created?.changeId ?? '', plain)).rejects.toThrow(
      'enableChangeTracking',
    )
  })
})
