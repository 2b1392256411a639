import { createStore } from 'zustand/vanilla'
import type { ClusterNode, NodePatch } from '../../../../shared/domain/node.ts'
import type { AppClient } from '../../../client.ts'
import { keptSwitch } from '../../../lib/kept-switch.ts'
import { idle, settle, type Loadable } from '../../../lib/loadable.ts'

/** Samples that look at this machine and change nothing, with no parameter to be set before. */
const FIRST_SAMPLES = ['disk-space', 'memory-and-load']

/** Off for whoever skipped all of it, or one of its steps; kept for this viewer. */
export const firstSteps = {
  all: keptSwitch('pswebhost-first-steps'),
  node: keptSwitch('pswebhost-first-steps-node'),
  tasks: keptSwitch('pswebhost-first-steps-tasks'),
  run: keptSwitch('pswebhost-first-steps-run'),
}
export type StepName = Exclude<keyof typeof firstSteps, 'all'>

export interface FirstStartState {
  node: Loadable<ClusterNode>
  loadNode: (nodeId: string) => Promise<void>
  saveNode: (nodeId: string, patch: NodePatch) => Promise<void>
  /** Creates the samples that are not here yet, disabled. */
  addSamples: () => Promise<void>
}

export const createFirstStartStore = (client: Pick<AppClient, 'nodes' | 'samples'>) =>
  createStore<FirstStartState>()((set, get) => ({
    node: idle,
    loadNode: async (nodeId) => set({ node: await settle(get().node, client.nodes.get({ nodeId })) }),
    saveNode: async (nodeId, patch) => {
      const data = await client.nodes.update({ nodeId, ...patch })
      set({ node: { status: 'ready', data } })
    },
    addSamples: async () => {
      const { items } = await client.samples.list({})
      const names = FIRST_SAMPLES.filter((name) => items.some((one) => one.name === name && !one.imported))
      if (names.length > 0) await client.samples.import({ names })
    },
  }))
