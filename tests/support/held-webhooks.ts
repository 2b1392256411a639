import { insertCalls, type CallRow } from '../../src/main/data/repos/webhooks.ts'
import { isoOf } from '../../src/main/platform/clock.ts'
import { newId } from '../../src/main/platform/ids.ts'
import type { TestDatabases } from './databases.ts'
import { heldPost, openWebhooks } from './webhooks.ts'

export const RECEIVER = 'http://ops.example/hook'

/** Webhooks whose receivers answer when the test says so. */
export const openHeld = async (open: TestDatabases['open']) => {
  const held = heldPost()
  const opened = await openWebhooks(open, held.post)
  const { db, task, end, clock } = opened
  const create = (fields: object = {}) => opened.create({ url: RECEIVER, ...fields })
  /** So many tasks have failed. */
  const fail = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n += 1) await end(await task({}), 'Failed')
  }
  /** A call as a failure leaves it, much faster. */
  const noted = (webhookId: string, fields: Partial<CallRow> = {}) => {
    const at = isoOf(clock.now())
    const body = { type: 'failure', timestamp: at, data: {} } as unknown as CallRow['body']
    return {
      ...{ callId: newId(), webhookId, event: 'failure' as const, taskId: newId(), historyId: newId(), body },
      ...{ state: 'Waiting' as const, createdAt: at, notBefore: at, attempts: 0, ...fields },
    }
  }
  const insert = (rows: Parameters<typeof insertCalls>[1]) =>
    db.write({ actor: 'test' }, (tx) => insertCalls(tx, rows))
  const statesOf = async (webhookId: string) => (await opened.calls(webhookId)).map(({ state }) => state)
  return { ...opened, ...held, create, fail, noted, insert, statesOf }
}
