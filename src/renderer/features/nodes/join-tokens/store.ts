import { createStore, type StoreApi } from 'zustand/vanilla'
import type { CreatedJoinToken, JoinToken } from '../../../../shared/domain/cluster.ts'
import type { AppClient } from '../../../client.ts'
import { createLatest } from '../../../lib/latest.ts'
import { idle, settle, type Loadable } from '../../../lib/loadable.ts'

/** Join tokens, without their text. */
export interface JoinTokensState {
  tokens: Loadable<JoinToken[]>
  load: () => Promise<void>
  create: (expiresInMinutes: number) => Promise<CreatedJoinToken>
  revoke: (joinTokenId: string) => Promise<void>
}

export const createJoinTokensStore = (client: Pick<AppClient, 'joinTokens'>): StoreApi<JoinTokensState> =>
  createStore<JoinTokensState>()((set, get) => {
    const latest = createLatest()
    const load = async (): Promise<void> => {
      const items = client.joinTokens.list({}).then((answer) => answer.items)
      // An answer from before a revocation must not bring the token back.
      await latest.ask(settle(get().tokens, items), (tokens) => set({ tokens }))
    }
    return {
      tokens: idle,
      load,
      create: async (expiresInMinutes) => {
        const created = await client.joinTokens.create({ expiresInMinutes })
        void load()
        return created
      },
      revoke: async (joinTokenId) => {
        try {
          await client.joinTokens.revoke({ joinTokenId })
        } finally {
          await load()
        }
      },
    }
  })
