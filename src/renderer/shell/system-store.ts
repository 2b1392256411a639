import { createStore } from 'zustand/vanilla'
import type { Role } from '../../shared/domain/role.ts'
import type { ClusterEvent } from '../../shared/domain/events.ts'
import type { DatabaseAway, SystemInfo } from '../../shared/domain/system.ts'
import type { AppClient } from '../client.ts'
import { toAppError } from '../lib/app-error.ts'
import { dataOf, idle, settle, waiting, type Loadable } from '../lib/loadable.ts'
import { storeContext } from '../lib/store-context.ts'

export interface SystemState {
  info: Loadable<SystemInfo>
  load: () => Promise<void>
  /** Asks again, for at most `timeoutMs`; false when the node did not answer. */
  ping: (timeoutMs: number) => Promise<boolean>
  onEvent: (event: ClusterEvent) => void
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
    onEvent: ({ type, at, reason }) => {
      const { info } = get()
      if (info.status === 'ready' && (type === 'database.away' || type === 'database.back')) {
        // The event says it all: nobody waits for an answer to see it.
        const away = type === 'database.away' ? { since: at, reason: reason ?? '' } : null
        set({ info: { status: 'ready', data: { ...info.data, database: { away } } } })
      }
      // The first event of a connection: whatever happened meanwhile was missed.
      if (type === 'hello' || type === 'database.back') void get().load()
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

/** Since when, and why, the node has no database; null while it has, or while nobody knows. */
export const awayOf = (info: Loadable<SystemInfo>): DatabaseAway | null => dataOf(info)?.database.away ?? null

export const systemContext = storeContext<SystemState>('system')

const RANK = { viewer: 0, operator: 1, admin: 2 } satisfies Record<Role, number>
const isRole = (role: string): role is Role => role in RANK

/** Whether the token's role reaches `needs`. Until the node has said, buttons stay usable: it decides anyway. */
export const allowed = (info: Loadable<SystemInfo>, needs: Role): boolean => {
  const role = dataOf(info)?.role
  return role === undefined || !isRole(role) || RANK[role] >= RANK[needs]
}
