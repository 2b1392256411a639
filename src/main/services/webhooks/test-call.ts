import type { WebhookPayload, WebhookTest } from '../../../shared/domain/webhook.ts'
import type { Database } from '../../data/db.ts'
import type { WebhookRow } from '../../data/repos/webhooks.ts'
import type { Clock } from '../../platform/clock.ts'
import { newId } from '../../platform/ids.ts'
import type { Post } from '../../platform/post.ts'
import { makeCall, notDelivered } from './call.ts'

export interface TestDeps {
  db: Database
  clock: Clock
  keys: { open: (sealed: string) => string }
  post: Post
  clusterId: () => string
  programVersion: string
}

/**
 * Calls it once, from this node.
 * @throws AppError UNAVAILABLE when this node does not open its address
 */
export const testCall = async (deps: TestDeps, { url, secret }: WebhookRow): Promise<WebhookTest> => {
  const { db, keys, clock, post, programVersion } = deps
  const now = await db.now()
  const call = {
    ...{ url: keys.open(url.$sealed), secret: keys.open(secret.$sealed), callId: newId(), programVersion },
    ...{ body: payloadOf(now, deps.clusterId()), atMs: Date.parse(now) },
  }
  const began = clock.monotonic()
  const { delivered, statusCode, error } = (await makeCall(post, call)) ?? notDelivered('it was given up')
  return { delivered, statusCode, error, ms: Math.round(clock.monotonic() - began) }
}

/** Shaped as the others are, so that a receiver is tried out with what it will get. */
const payloadOf = (timestamp: string, clusterId: string): WebhookPayload => ({
  type: 'test',
  timestamp,
  data: {
    ...{ clusterId, taskId: '', taskName: 'Test of a webhook', appName: null, nodeId: null, historyId: '' },
    ...{ state: 'Failed', error: 'nothing failed: this call was asked for in Settings', exitCode: null },
    ...{ failureCount: 1, failingSince: timestamp },
  },
})
