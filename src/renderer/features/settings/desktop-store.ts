import { createStore } from 'zustand/vanilla'
import type { LocalClient } from '../../../shared/client/create-client.ts'
import type { DesktopSwitch, DesktopSwitchName } from '../../../shared/domain/desktop.ts'

export interface DesktopState {
  /** None until they are read, and on a node without a desktop. */
  switches: readonly DesktopSwitch[]
  load: () => Promise<void>
  change: (name: DesktopSwitchName, isOn: boolean) => Promise<void>
}

/** What the program of this window may be told to do or not. */
export const createDesktopStore = (desktop: LocalClient['local']['desktop']) =>
  createStore<DesktopState>()((set) => ({
    switches: [],
    load: async () => {
      const { items } = await desktop.list({})
      set({ switches: items })
    },
    change: async (name, isOn) => {
      const { items } = await desktop.change({ name, isOn })
      set({ switches: items })
    },
  }))
