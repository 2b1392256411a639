import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Change, ChangeDetail, RevertPreview, RevertResult } from '../../../shared/domain/change.ts'
import type { AppError } from '../../../shared/domain/errors.ts'
import type { AppClient } from '../../client.ts'
import { toAppError } from '../../lib/app-error.ts'
import { idle, settle, waiting, type Loadable } from '../../lib/loadable.ts'

export interface ChangeViewState {
  change: Loadable<ChangeDetail>
  /** The other changes of its transaction, and the ones that took it back. */
  related: Change[]
  /** What taking it back would write; idle while nobody asked. */
  preview: Loadable<RevertPreview[]>
  wholeTransaction: boolean
  reverting: boolean
  failure: AppError | null
  load: () => Promise<void>
  askRevert: (wholeTransaction: boolean) => Promise<void>
  dropRevert: () => void
  /** @returns the ids of the new changes, or null when it was refused; `failure` or a new preview says why */
  revert: (options: { reason: string; force: boolean }) => Promise<string[] | null>
}

type ChangeClient = Pick<AppClient, 'changes'>

const RELATED = 20

const readRelated = async (client: ChangeClient, change: ChangeDetail): Promise<Change[]> => {
  const asked = change.relatedChanges.slice(0, RELATED)
  return Promise.all(asked.map((changeId) => client.changes.get({ changeId })))
}

/** A refused revert carries the preview with the fields that stand in its way. */
const previewOf = (error: AppError): RevertPreview[] | null => {
  const data = error.data
  const hasItems = typeof data === 'object' && data !== null && 'items' in data && Array.isArray(data.items)
  return hasItems ? (data as RevertResult).items : null // the contract says what `data` of this conflict is
}

export const createChangeStore = (client: ChangeClient, changeId: string): StoreApi<ChangeViewState> =>
  createStore<ChangeViewState>()((set, get) => ({
    change: idle,
    related: [],
    preview: idle,
    wholeTransaction: false,
    reverting: false,
    failure: null,
    load: async () => {
      set({ change: waiting(get().change) })
      const change = await settle(get().change, client.changes.get({ changeId }))
      set({ change })
      if (change.status !== 'ready') return
      const related = await settle<Change[]>(idle, readRelated(client, change.data))
      set({ related: related.status === 'ready' ? related.data : [] })
    },
    askRevert: async (wholeTransaction) => {
      set({ wholeTransaction, failure: null, preview: waiting(get().preview) })
      const answer = client.changes.revert({ changeId, transaction: wholeTransaction, dryRun: true })
      set({
        preview: await settle<RevertPreview[]>(
          idle,
          answer.then(({ items }) => items),
        ),
      })
    },
    dropRevert: () => set({ preview: idle, failure: null }),
    revert: async ({ reason, force }) => {
      set({ reverting: true, failure: null })
      const context = reason.trim() ? { context: { reason: reason.trim() } } : {}
      try {
        const input = { changeId, transaction: get().wholeTransaction, force }
        const { changeIds } = await client.changes.revert(input, context)
        set({ preview: idle })
        void get().load()
        return changeIds
      } catch (thrown) {
        const failure = toAppError(thrown)
        const items = previewOf(failure)
        set(items ? { failure, preview: { status: 'ready', data: items } } : { failure })
        return null
      } finally {
        set({ reverting: false })
      }
    },
  }))
