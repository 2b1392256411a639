import { describe, expect, it } from 'vitest'
import { findRun } from '../../src/main/data/repos/runs.ts'
import { createRunHome } from '../../src/main/services/engine/run-home.ts'
import { runRow } from '../data/rows.ts'
import { serverDatabases } from '../support/databases.ts'
import { openSyncNode } from '../sync/sync-node.ts'

describe.each(serverDatabases())('$name: where a run is, when the replica cannot be read', ({ open }) => {
  it('is the cluster database, if that has it; of others nothing is written anywhere', async () => {
    const centre = await open()
    const { replica } = await openSyncNode(centre)
    const run = runRow({ state: 'Running' })
    await centre.write(
      { actor: 'test' },
      async (tx) => void (await tx.insertInto('Task_History').values(run).execute()),
    )
    await replica.db.close()
    const home = createRunHome(centre, replica.db)
    const write = (historyId: string): Promise<boolean> =>
      home.write(historyId, { actor: 'test' }, async (tx) => (await findRun(tx, historyId)) !== undefined)
    expect(await home.of(run.historyId)).toBe(centre)
    expect(await write(run.historyId)).toBe(true)
    const offline = runRow({ state: 'Running' })
    await expect(home.of(offline.historyId)).rejects.toThrow('the database is closed')
    await expect(write(offline.historyId)).rejects.toThrow('the database is closed')
  })
})
