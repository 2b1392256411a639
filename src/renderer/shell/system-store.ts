import { createStore } from 'zustand/vanilla'
import type { Role } from '../../shared/domain/role.ts'
import type { SystemInfo } from '../../shared/domain/system.ts'
import type { AppClient } from '../client.ts'
import { toAppError } from '../lib/app-error.ts'
import { dataOf, idle, settle, waiting, type Loadable } from '../lib/loadable.ts'
import { storeContext } from '../lib/store-context.ts'

export interface SystemState {
  info: Loadable<SystemInfo>
  load: () => Promise<void>
  /** Asks again, for at most `timeoutMs`; false when the node did not answer. */
  ping: (timeoutMs: number) => Promise<boolean>
}

/** What the node says of itself: its name, its database, its last tick, and who we are to it. */
export const createSystemStore = (client: Pick<AppClient, 'system'>) =>
  createStore<SystemState>()((set, get) => ({
    info: idle,
    load: async () => {
      set({ info: waiting(get().info) })
      const info = await settle(get().info, client.system.info({}))
      set({ info })
    },
    ping: async (timeoutMs) => {
      try {
        const data = await client.system.info({}, { signal: AbortSignal.timeout(timeoutMs) })
        set({ info: { status: 'ready', data } })
        return true
      } catch (thrown) {
        const { code } = toAppError(thrown)
        return code !== 'UNAVAILABLE' && code !== 'INTERNAL'
      }
    },
  }))

export const systemContext = storeContext<SystemState>('system')

const RANK = { viewer: 0, operator: 1, admin: 2 } satisfies Record<Role, number>
const isRole = (role: string): role is Role => role in RANK

/** Whether the token's role reaches `needs`. Until the node has said, buttons stay usable: it decides anyway. */
export const allowed = (info: Loadable<SystemInfo>, needs: Role): boolean => {
  const role = dataOf(info)?.role
  return role === undefined || !isRole(role) || RANK[role] >= RANK[needs]
}
