import { createHash, randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { LARGEST_VALUE } from '../../src/main/data/dialects/requirement.ts'
import { findRun, runOutput, updateRun } from '../../src/main/data/repos/runs.ts'
import { databases } from '../support/databases.ts'
import { administrate } from '../support/servers/test-database.ts'
import { runRow } from './rows.ts'

const SYSTEM = { actor: 'system' }
const hashOf = (bytes: Uint8Array | null): string =>
  createHash('sha256')
    .update(bytes ?? '')
    .digest('hex')

describe.each(databases())('$name: large values', ({ open, server }) => {
  beforeAll(async () => {
    // What doctor asks for: sessions that begin from now on have it.
    if (server?.type === 'MySQL') await administrate(server, 'set global max_allowed_packet = 67108864')
  })

  it('of 16 MB that nothing compresses come back as they were', { timeout: 60_000 }, async () => {
    const db = await open()
    const output = randomBytes(LARGEST_VALUE)
    const run = runRow({ state: 'Running' })
    await db.write(SYSTEM, (tx) => tx.insertInto('Task_History').values(run).execute())
    await db.write(SYSTEM, (tx) => updateRun(tx, run.historyId, { state: 'Running' }, { output }))
    const stored = await runOutput(db.read, run.historyId)
    expect(stored?.byteLength).toBe(LARGEST_VALUE)
    expect(hashOf(stored)).toBe(hashOf(output))
    const inserted = runRow({ output })
    await db.write(SYSTEM, (tx) => tx.insertInto('Task_History').values(inserted).execute())
    expect(hashOf(await runOutput(db.look, inserted.historyId))).toBe(hashOf(output))
    // What lists read leaves the output where it is.
    expect(await findRun(db.read, run.historyId)).toMatchObject({ state: 'Running' })
  })

  it('beyond what the server takes are refused by name each time, and the session goes on', async () => {
    if (server?.type !== 'MySQL') return
    const db = await open()
    const run = runRow({ state: 'Running' })
    await db.write(SYSTEM, (tx) => tx.insertInto('Task_History').values(run).execute())
    const output = Buffer.alloc(40 * 1024 * 1024)
    for (let tries = 0; tries < 4; tries += 1) {
      const write = db.write(SYSTEM, (tx) =>
        updateRun(tx, run.historyId, { state: 'Running' }, { output }).catch(async (error: unknown) => {
          await findRun(tx, run.historyId)
          throw error
        }),
      )
      await expect(write).rejects.toMatchObject({
        kind: 'oversize',
        message: expect.stringContaining('raise max_allowed_packet') as string,
      })
    }
  })

  it('of every byte and of none come back as they were', async () => {
    const db = await open()
    const outputs = [
      Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
      Buffer.alloc(0),
      Buffer.from([0]),
      Buffer.from('\\\' " \u0000 \u001a ; --'),
    ]
    for (const output of outputs) {
      const run = runRow({ output })
      await db.write(SYSTEM, (tx) => tx.insertInto('Task_History').values(run).execute())
      expect([...((await runOutput(db.read, run.historyId)) ?? [])]).toEqual([...output])
    }
  })

  it('of a megabyte of text come back letter by letter', async () => {
    const db = await open()
    const error = 'é😀"\\\n'.repeat(100_000)
    const run = runRow({ error, parameters: { text: error } })
    await db.write(SYSTEM, (tx) => tx.insertInto('Task_History').values(run).execute())
    const stored = await db.read
      .selectFrom('Task_History')
      .select(['error', 'parameters'])
      .executeTakeFirstOrThrow()
    expect(stored.error === error).toBe(true)
    expect(stored.parameters?.['text'] === error).toBe(true)
  })
})
