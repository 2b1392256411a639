import { createStore } from 'zustand/vanilla'
import type { ClusterEvent } from '../../shared/domain/events.ts'
import type { FailureCounts } from '../../shared/domain/failure.ts'
import type { AppClient } from '../client.ts'
import { createLatest } from '../lib/latest.ts'
import { idle, settle, waiting, type Loadable } from '../lib/loadable.ts'
import { storeContext } from '../lib/store-context.ts'
import { throttle } from '../lib/throttle.ts'

export interface FailureCountsState {
  counts: Loadable<FailureCounts>
  onEvent: (event: ClusterEvent) => void
}

const REFRESH_MS = 1000

/** What every page shows of failures: how many nobody has acknowledged. */
export const createFailureCounts = ({ failures }: Pick<AppClient, 'failures'>) =>
  createStore<FailureCountsState>()((set, get) => {
    const latest = createLatest()
    const load = async (): Promise<void> => {
      set({ counts: waiting(get().counts) })
      await latest.ask(settle(get().counts, failures.counts({})), (counts) => set({ counts }))
    }
    const loadSoon = throttle(() => void load(), REFRESH_MS)
    return {
      counts: idle,
      onEvent: ({ type }) => {
        if (/^(hello|missed|failure\.changed)$/.test(type)) loadSoon()
      },
    }
  })

export const failureCountsContext = storeContext<FailureCountsState>('failure counts')
