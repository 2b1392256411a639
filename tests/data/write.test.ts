import { describe, expect, it } from 'vitest'
import { databases } from '../support/databases.ts'

describe.each(databases())('$name: writes', ({ open }) => {
  it('shows readers a write as soon as it has resolved', async () => {
    const db = await open()
    await db.write({ actor: 'local:root' }, async (tx) => {
      await tx
        .insertInto('Api_Token')
        .values({
          tokenId: 't1',
          tokenName: 'ci',
          role: 'viewer',
          tokenHash: 'h',
          createdAt: await db.now(),
          version: 1,
        })
        .execute()
    })
    const rows = await db.read.selectFrom('Api_Token').selectAll().execute()
    expect(rows[0]).toMatchObject({ tokenId: 't1', createdBy: null })
    const changes = await db.read.selectFrom('Data_Change').selectAll().execute()
    expect(changes).toMatchObject([{ seq: 1, recordId: 't1', action: 'INSERT', changedBy: 'local:root' }])
  })
})
