import type { Database } from '../../data/db.ts'
import {
  dueCalls,
  giveUpCalls,
  oldestWaiting,
  takeCalls,
  type GivenUp,
} from '../../data/repos/webhook-queue.ts'
import { allWebhooks, type CallRow, type WebhookRow } from '../../data/repos/webhooks.ts'
import type { Log } from '../../platform/log.ts'
import { givenUpBefore, takenUntilOf } from './patience.ts'

/** Which calls this node makes next, and which nobody makes any more. */

export interface Taken {
  call: CallRow
  hook: WebhookRow
}

interface TakeDeps {
  db: Database
  log: Log
}

/** Calls under way at once. */
const AT_ONCE = 10
/** Of one webhook: whoever does not answer leaves room for the others. */
const OF_ONE = 2
/** Given up in one step; the rest in the next ones. */
const GIVEN_UP_AT_ONCE = 500

/** Calls that this node is at, and of which webhook they are. */
export type Busy = ReadonlyMap<string, { webhookId: string }>

/** Calls that are this node's from now on; none of those that it is at, however long. */
export const takeDue = async (deps: TakeDeps, busy: Busy): Promise<Taken[]> => {
  const { db } = deps
  const oldest = await oldestWaiting(db.look)
  if (oldest === null) return []
  const now = await db.now()
  if (oldest < givenUpBefore(now))
    await giveUp(deps, { createdBefore: givenUpBefore(now) }, 'nobody took it for a week')
  const hooks = await allWebhooks(db.look)
  for (const { webhookId, webhookName } of hooks.filter(({ enabled }) => !enabled))
    await giveUp(deps, { webhookId }, 'the webhook is switched off', webhookName)
  const due = await dueOf(db, hooks.filter(isReady(now)), busy, now)
  if (due.length === 0) return []
  const calls = await db.write({ actor: 'system' }, async (tx) => {
    const at = await db.now()
    return takeCalls(tx, due, { now: at, takenUntil: takenUntilOf(at) })
  })
  return calls.flatMap((call) => {
    const hook = hooks.find(({ webhookId }) => webhookId === call.webhookId)
    return hook ? [{ call, hook }] : []
  })
}

const isReady =
  (now: string) =>
  ({ enabled, pausedUntil }: WebhookRow): boolean =>
    enabled && (pausedUntil === null || pausedUntil <= now)

/** Those of webhooks with the fewest under way first. */
const dueOf = async (
  db: Database,
  hooks: readonly WebhookRow[],
  busy: Busy,
  now: string,
): Promise<string[]> => {
  const busyOf = (hook: WebhookRow): number =>
    [...busy.values()].filter(({ webhookId }) => webhookId === hook.webhookId).length
  let room = AT_ONCE - busy.size
  const due: string[] = []
  for (const hook of hooks.toSorted((one, other) => busyOf(one) - busyOf(other))) {
    // Whether a receiver that was away is back, one call tells.
    const limit = Math.min(room, (hook.failures > 0 ? 1 : OF_ONE) - busyOf(hook))
    if (limit <= 0) continue
    const found = await dueCalls(db.look, { webhookId: hook.webhookId, now, limit })
    // Its time with one may be up, as after a sleep of the machine.
    due.push(...found.filter((callId) => !busy.has(callId)))
    room -= found.length
  }
  return due
}

const giveUp = async (
  { db, log }: TakeDeps,
  which: GivenUp,
  reason: string,
  name?: string,
): Promise<void> => {
  if ('webhookId' in which && (await oldestWaiting(db.look, which.webhookId)) === null) return
  const count = await db.write({ actor: 'system' }, async (tx) =>
    giveUpCalls(tx, which, { reason, now: await db.now(), limit: GIVEN_UP_AT_ONCE }),
  )
  if (count > 0)
    log.warn(
      `${name === undefined ? 'webhooks' : `webhook ${name}`}: ${count} calls were given up: ${reason}`,
    )
}
