import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ClusterEvent } from '../../../../shared/domain/events.ts'
import type {
  CreatedWebhook,
  Webhook,
  WebhookCall,
  WebhookPatch,
  WebhookTest,
} from '../../../../shared/domain/webhook.ts'
import type { AppClient } from '../../../client.ts'
import { idle, settle, waiting, type Loadable } from '../../../lib/loadable.ts'
import { throttle } from '../../../lib/throttle.ts'

/** Addresses outside that are told of failures and recoveries. */
export interface WebhooksState {
  webhooks: Loadable<Webhook[]>
  load: () => Promise<void>
  create: (webhookName: string, url: string) => Promise<CreatedWebhook>
  /**
   * @param webhook as it was when the edit began
   * @throws AppError CONFLICT when somebody changed it meanwhile; what is there now is read again
   */
  update: (webhook: Webhook, patch: WebhookPatch) => Promise<void>
  renewSecret: (webhook: Webhook) => Promise<CreatedWebhook>
  remove: (webhook: Webhook) => Promise<void>
  test: (webhook: Webhook) => Promise<WebhookTest>
  /** The newest calls. */
  calls: (webhook: Webhook) => Promise<WebhookCall[]>
  onEvent: (event: ClusterEvent) => void
}

const CALLS_SHOWN = 20
const REFRESH_MS = 1000
const RELEVANT = /^(hello|missed|webhook\.changed)$/

export const createWebhooksStore = ({ webhooks }: Pick<AppClient, 'webhooks'>): StoreApi<WebhooksState> =>
  createStore<WebhooksState>()((set, get) => {
    const load = async (): Promise<void> => {
      set({ webhooks: waiting(get().webhooks) })
      const items = webhooks.list({}).then((answer) => answer.items)
      set({ webhooks: await settle(get().webhooks, items) })
    }
    const loadSoon = throttle(() => void load(), REFRESH_MS)
    /** Whether it was done or refused: what is there is shown. */
    const act = async <T>(work: Promise<T>): Promise<T> => {
      try {
        return await work
      } finally {
        await load()
      }
    }
    return {
      webhooks: idle,
      load,
      create: (webhookName, url) => act(webhooks.create({ webhookName, url })),
      update: async ({ webhookId, version }, patch) => {
        await act(webhooks.update({ version, ...patch, webhookId }))
      },
      renewSecret: ({ webhookId }) => act(webhooks.renewSecret({ webhookId })),
      remove: ({ webhookId }) => act(webhooks.remove({ webhookId })),
      test: ({ webhookId }) => webhooks.test({ webhookId }),
      calls: async ({ webhookId }) => (await webhooks.calls({ webhookId, limit: CALLS_SHOWN })).items,
      onEvent: ({ type }) => {
        if (RELEVANT.test(type) && get().webhooks.status !== 'idle') loadSoon()
      },
    }
  })
