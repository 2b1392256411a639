import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook as Signer } from 'standardwebhooks'
import { onTestFinished } from 'vitest'
import type { Database } from '../../src/main/data/db.ts'
import { isoOf, systemClock } from '../../src/main/platform/clock.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { createPost, type Post, type PostAnswer, type Posting } from '../../src/main/platform/post.ts'
import { finishRun } from '../../src/main/services/engine/finish.ts'
import { createEventBus } from '../../src/main/services/events.ts'
import { createWebhooks } from '../../src/main/services/webhooks.ts'
import { deliverCalls } from '../../src/main/services/webhooks/deliver.ts'
import type { FinalState } from '../../src/shared/domain/run.ts'
import { webhookInputSchema, type WebhookPayload } from '../../src/shared/domain/webhook.ts'
import type { TestDatabases } from './databases.ts'
import { endingOf, openEngineDatabase } from './engine-database.ts'
import { admin } from './node.ts'
import { queue } from './queued.ts'

export interface Received {
  headers: IncomingHttpHeaders
  text: string
}

/** A receiver of webhooks, which can be out of order, or away: then connections to it are refused. */
export const startReceiver = async () => {
  const received: Received[] = []
  const state = { status: 200, says: 'out of order' }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (state.status === 200)
        received.push({ headers: request.headers, text: Buffer.concat(chunks).toString() })
      response.writeHead(state.status, state.status === 302 ? { location: '/elsewhere' } : {})
      response.end(state.status === 200 ? '' : state.says)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  return {
    ...{ received, state, url: `http://127.0.0.1:${port}/hook` },
    leave: async (): Promise<void> => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
    comeBack: async (): Promise<void> => {
      await once(server.listen(port, '127.0.0.1'), 'listening')
    },
  }
}

/** Whether it was signed with this secret, at the time that it says. */
export const isSigned = (secret: string, { headers, text }: Received): boolean => {
  const at = new Date(Number(headers['webhook-timestamp']) * 1000)
  return new Signer(secret).sign(String(headers['webhook-id']), at, text) === headers['webhook-signature']
}

/** One POST that has not been answered yet. */
export interface Pending extends Posting {
  /** As an answer with this status, or as a failure that says why. */
  answer: (how: number | string | Partial<PostAnswer>) => void
}

/** Receivers that answer when the test says so: `how` at once, or as long as it says null each by itself. */
export const heldPost = () => {
  const posted: Posting[] = []
  const pending: Pending[] = []
  const state: { how: (url: string, posting: Posting) => number | string | Partial<PostAnswer> | null } = {
    how: () => null,
  }
  const post: Post = (posting) =>
    new Promise((resolve, reject) => {
      posted.push(posting)
      const one: Pending = {
        ...posting,
        answer: (how) => {
          if (pending.includes(one)) pending.splice(pending.indexOf(one), 1)
          if (typeof how === 'string') reject(new Error(how))
          else
            resolve({
              text: '',
              retryAfter: null,
              status: 200,
              ...(typeof how === 'number' ? { status: how } : how),
            })
        },
      }
      pending.push(one)
      posting.signal?.addEventListener('abort', () => one.answer('aborted'))
      const how = state.how(posting.url, posting)
      if (how !== null) one.answer(how)
    })
  return { posted, pending, state, post }
}

/** Sealed as the cluster key does it, as far as whoever stores it sees. */
const KEYS = {
  available: true,
  seal: (text: string) => `sealed:${Buffer.from(text).toString('base64')}`,
  open: (sealed: string) => Buffer.from(sealed.replace('sealed:', ''), 'base64').toString(),
}

/** Webhooks on a real database, by a clock that stands still: what ends, and who is told. */
export const openWebhooks = async (open: TestDatabases['open'], post: Post = createPost()) => {
  const engine = await openEngineDatabase(open)
  const { db, clock } = engine
  const events = createEventBus(clock)
  const log = memoryLog()
  const common = { db, events, clock: systemClock, keys: KEYS, programVersion: '0.1.0', post }
  const webhooks = createWebhooks({ ...common, clusterId: () => 'cluster' })
  const create = (fields: object) =>
    webhooks.create(admin, webhookInputSchema.parse({ webhookName: 'ops', ...fields }))
  const end = async (task: Parameters<typeof queue>[1], state: FinalState, error: string | null = null) => {
    clock.advance(1_000)
    await queue(engine, task, isoOf(clock.now()))
    const [claimed] = await engine.claim()
    if (!claimed) throw new Error('nothing was claimed')
    const now = isoOf(clock.now())
    await db.write({ actor: 'test' }, (tx) =>
      finishRun(tx, { ...endingOf(claimed.run, state, now), error }, now),
    )
  }
  /** A round of one node. */
  const deliver = (
    signal: AbortSignal = new AbortController().signal,
    node: Partial<{ db: Database }> = {},
  ) => deliverCalls({ ...common, log, ...node }, signal)
  const calls = async (webhookId: string) =>
    (await webhooks.calls(admin, { webhookId, limit: 1000 })).items.toReversed()
  return { ...engine, webhooks, create, end, deliver, calls, log }
}

export const toldIn = (texts: readonly string[]): WebhookPayload[] =>
  texts.map((text) => JSON.parse(text) as WebhookPayload)
