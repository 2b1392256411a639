import { createStore, type StoreApi } from 'zustand/vanilla'
import type { LocalClient } from '../../../shared/client/create-client.ts'
import type { Joined } from '../../../shared/domain/cluster.ts'
import type { AppError } from '../../../shared/domain/errors.ts'
import type { ClusterEvent } from '../../../shared/domain/events.ts'
import type { ClusterNode, NodePatch } from '../../../shared/domain/node.ts'
import type { ApiToken, CreatedToken, Role } from '../../../shared/domain/role.ts'
import type { Settings, SettingValue } from '../../../shared/domain/settings.ts'
import type { DoctorReport } from '../../../shared/domain/system.ts'
import type { AppClient } from '../../client.ts'
import { toAppError } from '../../lib/app-error.ts'
import { idle, loading, settle, type Loadable } from '../../lib/loadable.ts'
import { storeContext } from '../../lib/store-context.ts'
import { createDatabaseStore, type DatabaseState } from './database/store.ts'
import { createDesktopStore, type DesktopState } from './desktop-store.ts'
import { createLocksStore, type LocksState } from './locks/store.ts'
import { createWebhooksStore, type WebhooksState } from './webhooks/store.ts'

export interface SettingsState {
  settings: Loadable<Settings>
  /** What was typed and is not written yet, by key. */
  draft: Readonly<Record<string, SettingValue>>
  /** Why the last save was refused; its issues name keys. */
  failure: AppError | null
  saving: boolean
  node: Loadable<ClusterNode>
  tokens: Loadable<ApiToken[]>
  /** What the doctor found; only on this machine. */
  doctor: Loadable<DoctorReport>
  /** The database, changed on this machine only; it outlives its page, as a copy takes its time. */
  database: StoreApi<DatabaseState> | null
  /** The program of this window; null in a browser. */
  desktop: StoreApi<DesktopState> | null
  locks: StoreApi<LocksState>
  webhooks: StoreApi<WebhooksState>
  load: () => Promise<void>
  edit: (key: string, value: SettingValue) => void
  discard: () => void
  save: () => Promise<boolean>
  loadNode: () => Promise<void>
  saveNode: (patch: NodePatch) => Promise<void>
  /** Takes the cluster key with a join token; only on this machine. */
  join: (token: string) => Promise<Joined>
  loadTokens: () => Promise<void>
  createToken: (role: Role, name: string) => Promise<CreatedToken>
  revokeToken: (tokenId: string) => Promise<void>
  examine: (fix: boolean) => Promise<void>
  backup: (file: string, passphrase: string) => Promise<string>
  onEvent: (event: ClusterEvent) => void
}

type SettingsClient = Pick<AppClient, 'settings' | 'nodes' | 'tokens' | 'system' | 'locks' | 'webhooks'>

const isSame = (a: SettingValue, b: SettingValue): boolean => JSON.stringify(a) === JSON.stringify(b)

const ofThisMachine = (local: LocalClient | null): LocalClient['local'] => {
  if (!local) throw new Error('only the desktop window of this machine may do that')
  return local.local
}

export const createSettingsStore = (client: SettingsClient, local: LocalClient | null) =>
  createStore<SettingsState>()((set, get) => {
    const read = (): Promise<Settings> => (local ? local.local.settings({}) : client.settings.get({}))
    const valueOf = (key: string): SettingValue => {
      const { settings } = get()
      const known = settings.status === 'ready' ? settings.data.settings : []
      return known.find((setting) => setting.key === key)?.value ?? null
    }
    const loadTokens = async (): Promise<void> => {
      const answer = client.tokens.list({}).then(({ items }) => items)
      set({ tokens: await settle(get().tokens, answer) })
    }
    return {
      settings: idle,
      draft: {},
      failure: null,
      saving: false,
      node: idle,
      tokens: idle,
      doctor: idle,
      database: local && createDatabaseStore(local.local.database),
      desktop: local && createDesktopStore(local.local.desktop),
      locks: createLocksStore(client),
      webhooks: createWebhooksStore(client),
      load: async () => set({ settings: await settle(get().settings, read()) }),
      edit: (key, value) => {
        const { [key]: _, ...rest } = get().draft
        set({ draft: isSame(value, valueOf(key)) ? rest : { ...rest, [key]: value }, failure: null })
      },
      discard: () => set({ draft: {}, failure: null }),
      save: async () => {
        const { settings, draft } = get()
        if (settings.status !== 'ready') return false
        set({ saving: true, failure: null })
        const input = { version: settings.data.version, values: { ...draft } }
        try {
          const update = local ? local.local.updateSettings : client.settings.update
          set({ settings: { status: 'ready', data: await update(input) }, draft: {} })
          return true
        } catch (thrown) {
          const failure = toAppError(thrown)
          set({ failure })
          // What is in the file now is what the next attempt is based on; what was typed stays.
          if (failure.code === 'CONFLICT') await get().load()
          return false
        } finally {
          set({ saving: false })
        }
      },
      loadNode: async () => {
        const own = client.system.info({}).then(({ nodeId }) => client.nodes.get({ nodeId }))
        set({ node: await settle(get().node, own) })
      },
      saveNode: async (patch) => {
        const { node } = get()
        if (node.status !== 'ready') return
        const data = await client.nodes.update({ nodeId: node.data.nodeId, ...patch })
        set({ node: { status: 'ready', data } })
      },
      join: async (token) => {
        const joined = await ofThisMachine(local).join({ token })
        await get().loadNode()
        return joined
      },
      loadTokens,
      createToken: async (role, name) => {
        const created = await client.tokens.create({ role, ...(name.trim() && { name: name.trim() }) })
        await loadTokens()
        return created
      },
      revokeToken: async (tokenId) => {
        await client.tokens.revoke({ tokenId })
        await loadTokens()
      },
      examine: async (fix) => {
        set({ doctor: loading })
        set({ doctor: await settle<DoctorReport>(idle, ofThisMachine(local).doctor({ fix })) })
      },
      backup: async (file, passphrase) => {
        const withKey = passphrase === '' ? {} : { passphrase }
        return (await ofThisMachine(local).backup({ file, ...withKey })).file
      },
      onEvent: (event) => {
        const again = event.type === 'node.changed' || event.type === 'hello' || event.type === 'missed'
        if (again && get().node.status === 'ready') void get().loadNode()
        get().webhooks.getState().onEvent(event)
      },
    }
  })

export const settingsContext = storeContext<SettingsState>('settings')
