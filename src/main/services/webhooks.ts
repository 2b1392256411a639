import { randomBytes } from 'node:crypto'
import type { Page } from '../../shared/domain/fields.ts'
import { AppError } from '../../shared/domain/errors.ts'
import type {
  CreatedWebhook,
  Webhook,
  WebhookCall,
  WebhookCallsFilter,
  WebhookInput,
  WebhookPatch,
  WebhookTest,
} from '../../shared/domain/webhook.ts'
import type { Query, Tx } from '../data/db.ts'
import { DuplicateRecord } from '../data/errors.ts'
import { hasFailureTables, requireFailureTables } from '../data/failure-tables.ts'
import { hastenCalls } from '../data/repos/webhook-queue.ts'
import {
  allWebhooks,
  deleteWebhook,
  findWebhook,
  insertWebhook,
  listCalls,
  lockWebhook,
  updateWebhook,
  type WebhookRow,
} from '../data/repos/webhooks.ts'
import { newId } from '../platform/ids.ts'
import { requireRole, type Caller } from './caller.ts'
import type { EventBus } from './events.ts'
import { shownCall, shownWebhooks } from './webhooks/shown.ts'
import { testCall, type TestDeps } from './webhooks/test-call.ts'

/** Addresses outside that are told when a task fails and when it has recovered. */
export interface Webhooks {
  list(caller: Caller): Promise<Webhook[]>
  create(caller: Caller, input: WebhookInput): Promise<CreatedWebhook>
  /** @throws AppError NOT_FOUND; CONFLICT with the current one when somebody changed it since the caller read it. */
  update(caller: Caller, webhookId: string, patch: WebhookPatch): Promise<Webhook>
  /** A new secret; the one before signs nothing more. @throws as `update` does */
  renewSecret(caller: Caller, webhookId: string): Promise<CreatedWebhook>
  /** With the calls that wait. @throws as `update` does */
  remove(caller: Caller, webhookId: string): Promise<void>
  /** Calls it once, from this node, and says how that went. */
  test(caller: Caller, webhookId: string): Promise<WebhookTest>
  calls(caller: Caller, filter: WebhookCallsFilter): Promise<Page<WebhookCall>>
}

export interface WebhooksDeps extends TestDeps {
  events: EventBus
  keys: { seal: (text: string) => string; open: (sealed: string) => string }
}

/** As Standard Webhooks writes it. */
const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

export const createWebhooks = (deps: WebhooksDeps): Webhooks => {
  const { db, keys } = deps
  return {
    // Addresses are opened for it: who may see the list may see them (roles.ts).
    list: async (caller) => {
      requireRole(caller, 'admin')
      return hasFailureTables(db) ? shownWebhooks(db.read, keys, await allWebhooks(db.read)) : []
    },
    ...edits(deps),
    test: async (caller, webhookId) => {
      requireRole(caller, 'admin')
      return testCall(deps, await webhookOr404(deps, db.look, webhookId))
    },
    calls: async (caller, filter) => {
      requireRole(caller, 'admin')
      await webhookOr404(deps, db.read, filter.webhookId)
      const page = await listCalls(db.read, filter)
      return { items: page.items.map(shownCall), nextCursor: page.nextCursor }
    },
  }
}

const edits = (deps: WebhooksDeps): Pick<Webhooks, 'create' | 'update' | 'renewSecret' | 'remove'> => ({
  create: (caller, { url, ...input }) =>
    withSecret(deps, caller, async (tx, now, secret) => {
      const row = {
        ...{ ...input, ...sealedAddress(deps, url), webhookId: newId(), secret, failures: 0 },
        ...{ createdAt: now, createdBy: caller.actor, version: 1 },
      }
      await insertWebhook(tx, row)
      return row.webhookId
    }),
  update: async (caller, webhookId, { version, url, ...fields }) => {
    await write(deps, caller, async (tx, now) => {
      const before = await lockedWebhook(deps, tx, webhookId, caller.ifMatch ?? version)
      const address = url === undefined ? {} : sealedAddress(deps, url)
      const whether = fields.enabled === undefined ? {} : { disabledReason: null }
      await change(tx, before, caller, now, { ...fields, ...address, ...whether })
    })
    return changed(deps, webhookId)
  },
  renewSecret: (caller, webhookId) =>
    withSecret(deps, caller, async (tx, now, secret) => {
      const before = await lockedWebhook(deps, tx, webhookId, caller.ifMatch)
      await change(tx, before, caller, now, { secret })
      return webhookId
    }),
  remove: async (caller, webhookId) => {
    await write(deps, caller, async (tx) => {
      await lockedWebhook(deps, tx, webhookId, caller.ifMatch)
      await deleteWebhook(tx, webhookId)
    })
    deps.events.emit({ type: 'webhook.changed', id: webhookId })
  },
})

/** @throws AppError FORBIDDEN; CONFLICT when another webhook has the name. */
const write = async <T>(
  { db }: WebhooksDeps,
  caller: Caller,
  work: (tx: Tx, now: string) => Promise<T>,
): Promise<T> => {
  requireRole(caller, 'admin')
  requireFailureTables(db, 'webhooks')
  try {
    return await db.write({ actor: caller.actor, reason: caller.reason }, async (tx) =>
      work(tx, await db.now()),
    )
  } catch (error) {
    if (!(error instanceof DuplicateRecord)) throw error
    const message = 'there is another webhook of this name already; choose another name'
    throw new AppError('CONFLICT', `webhookName: ${message}`, {
      issues: [{ path: ['webhookName'], message }],
    })
  }
}

/** What its receiver was like before counts no more: what waits is tried at once. */
const change = async (
  tx: Tx,
  { webhookId, version }: WebhookRow,
  { actor }: Caller,
  now: string,
  fields: Parameters<typeof updateWebhook>[2],
): Promise<void> => {
  await updateWebhook(tx, webhookId, {
    ...{ ...fields, failures: 0, pausedUntil: null },
    ...{ modifiedAt: now, modifiedBy: actor, version: version + 1 },
  })
  await hastenCalls(tx, webhookId, now, 'all')
}

/** Its path is what lets somebody in; its host is shown. */
const sealedAddress = ({ keys }: WebhooksDeps, url: string): Pick<WebhookRow, 'url' | 'origin'> => ({
  url: { $sealed: keys.seal(url) },
  origin: new URL(url).origin,
})

const changed = async (deps: WebhooksDeps, webhookId: string): Promise<Webhook> => {
  const { db, keys, events } = deps
  events.emit({ type: 'webhook.changed', id: webhookId })
  return shownOne(keys, db.read, await webhookOr404(deps, db.read, webhookId))
}

const shownOne = async (keys: WebhooksDeps['keys'], db: Query, row: WebhookRow): Promise<Webhook> => {
  const [shown] = await shownWebhooks(db, keys, [row])
  if (!shown) throw new Error('one row is one webhook')
  return shown
}

/** @param store writes the sealed secret; answers of which webhook it is. */
const withSecret = async (
  deps: WebhooksDeps,
  caller: Caller,
  store: (tx: Tx, now: string, sealed: WebhookRow['secret']) => Promise<string>,
): Promise<CreatedWebhook> => {
  const secret = newSecret()
  const sealed = { $sealed: deps.keys.seal(secret) }
  const webhookId = await write(deps, caller, (tx, now) => store(tx, now, sealed))
  return { ...(await changed(deps, webhookId)), secret }
}

const notFound = (webhookId: string): AppError =>
  new AppError('NOT_FOUND', `There is no webhook ${webhookId}.`)

/** @throws AppError NOT_FOUND; UNAVAILABLE on a schema without webhooks. */
const webhookOr404 = async ({ db }: WebhooksDeps, query: Query, webhookId: string): Promise<WebhookRow> => {
  requireFailureTables(db, 'webhooks')
  const row = await findWebhook(query, webhookId)
  if (!row) throw notFound(webhookId)
  return row
}

/** @throws AppError NOT_FOUND; CONFLICT with the current one when the caller's edit is based on another version. */
const lockedWebhook = async (
  { keys }: WebhooksDeps,
  tx: Tx,
  webhookId: string,
  based: number | null | undefined,
): Promise<WebhookRow> => {
  const row = await lockWebhook(tx, webhookId)
  if (!row) throw notFound(webhookId)
  if (based === null || based === undefined || based === row.version) return row
  throw new AppError(
    'CONFLICT',
    `The webhook is at version ${row.version}, the edit is based on ${based}; read it again and repeat the edit.`,
    { current: await shownOne(keys, tx, row) },
  )
}
