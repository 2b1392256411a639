import { AppError } from '../../../shared/domain/errors.ts'
import type { Database } from '../../data/db.ts'
import { hasFailureTables } from '../../data/failure-tables.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import type { Post } from '../../platform/post.ts'
import type { EventBus } from '../events.ts'
import { makeCall, notDelivered, type Answer } from './call.ts'
import { release, settle } from './settle.ts'
import { takeDue, type Taken } from './take.ts'

/*
 * Calls of webhooks, made by whichever node comes first. A node that dies over one leaves it to the others, so that
 * one may come twice, with the same id; none is lost while its receiver is back in time (patience.ts).
 */

export interface DeliverDeps {
  db: Database
  keys: { available: boolean; open: (sealed: string) => string }
  events: EventBus
  log: Log
  clock: Clock
  post: Post
  programVersion: string
}

const POLL_MS = 5_000
/** While some are under way: what is due of others does not wait for them. */
const LOOK_MS = 1_000

/** A call that is being made; `done` never rejects. */
interface UnderWay {
  webhookId: string
  done: Promise<void>
}

/**
 * Makes the calls that are due, until none is and none is under way. At `signal` those are given up, and others may
 * make them.
 * @returns milliseconds until the next look.
 */
export const deliverCalls = async (deps: DeliverDeps, signal: AbortSignal): Promise<number> => {
  // Addresses and secrets are opened by the cluster key only: other nodes have it.
  if (!hasFailureTables(deps.db) || !deps.keys.available) return POLL_MS
  const underWay = new Map<string, UnderWay>()
  const failures: unknown[] = []
  const start = (taken: Taken): void => {
    const { callId, webhookId } = taken.call
    const done = deliver(deps, taken, signal)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => void underWay.delete(callId))
    underWay.set(callId, { webhookId, done })
  }
  const ends = (): Promise<void>[] => [...underWay.values()].map(({ done }) => done)
  try {
    while (!signal.aborted && failures.length === 0) {
      // As it is now: a call that ends while webhooks are read still counts, for what it found may not be in what is read.
      for (const taken of await takeDue(deps, new Map(underWay))) start(taken)
      if (underWay.size === 0) break
      await firstOf(ends(), deps.clock, signal)
    }
  } finally {
    // One whose result cannot be written does not leave the others behind.
    await Promise.all(ends())
  }
  if (failures.length > 0) throw failures[0]
  return POLL_MS
}

const firstOf = async (ends: readonly Promise<void>[], clock: Clock, signal: AbortSignal): Promise<void> => {
  const over = new AbortController()
  await Promise.race([...ends, clock.sleep(LOOK_MS, AbortSignal.any([over.signal, signal]))])
  over.abort()
}

const deliver = async (deps: DeliverDeps, taken: Taken, signal: AbortSignal): Promise<void> => {
  const answer = await tryCall(deps, taken, signal)
  await (answer === null ? release(deps, taken) : settle(deps, taken, answer))
}

/** What does not open is a failure of the call, as any other: somebody has to write it into the webhook anew. */
const tryCall = async (
  { db, keys, post, programVersion }: DeliverDeps,
  { call: { callId, body }, hook: { url, secret } }: Taken,
  signal: AbortSignal,
): Promise<Answer | null> => {
  try {
    const opened = { url: keys.open(url.$sealed), secret: keys.open(secret.$sealed) }
    const atMs = Date.parse(await db.now())
    return await makeCall(post, { ...opened, callId, body, programVersion, atMs, signal })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return notDelivered(error.message)
  }
}
