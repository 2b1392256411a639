import { AsyncLocalStorage } from 'node:async_hooks'

/** What one write transaction is done under: who, why, where from, and the id that ties its changes together. */
export interface WriteScope {
  readonly actor: string
  readonly reason: string | null
  readonly origin: string | null
  readonly transactionId: string
  readonly nodeId: string
  /** Whether its commit must outlive a power cut. */
  readonly durable: boolean
  /** Whether it writes on a replica what the cluster database has already: no edit of this node. */
  readonly applies: boolean
}

/** Carries the write scope along one asynchronous flow, so that concurrent flows never see each other's. */
export interface WriteContexts {
  /** The scope of the write that is open in this flow; undefined outside of one, and once it has ended. */
  current(): WriteScope | undefined
  /** Runs `work` under `scope`, which ends with it: work that was left running loses the scope. */
  run<T>(scope: WriteScope, work: () => Promise<T>): Promise<T>
}

export const createWriteContexts = (): WriteContexts => {
  const storage = new AsyncLocalStorage<{ scope: WriteScope; open: boolean }>()
  return {
    current: () => {
      const held = storage.getStore()
      return held?.open ? held.scope : undefined
    },
    run: (scope, work) => {
      const held = { scope, open: true }
      return storage.run(held, async () => {
        try {
          return await work()
        } finally {
          held.open = false
        }
      })
    },
  }
}
