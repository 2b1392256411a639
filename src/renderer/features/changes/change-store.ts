import { createStore, type StoreApi } from 'zustand/vanilla'
import type {
  Change,
  ChangeDetail,
  Image,
  RevertPreview,
  RevertResult,
} from '../../../shared/domain/change.ts'
import type { AppError } from '../../../shared/domain/errors.ts'
import type { AppClient } from '../../client.ts'
import { toAppError } from '../../lib/app-error.ts'
import { idle, settle, waiting, type Loadable } from '../../lib/loadable.ts'
import { readFirst, readMore, type Paged } from '../../lib/paged.ts'

export interface ChangeViewState {
  change: Loadable<ChangeDetail>
  /** The other changes of its transaction, and the ones that took it back. */
  related: Change[]
  /** What happened to the record, newest first, as far as it was read. */
  timeline: Paged<Change>
  /** The record as it is now; null when it is gone, or not known yet. */
  now: Image | null
  moreTimeline: () => Promise<void>
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

const TIMELINE = 20

const timelineOf =
  (client: ChangeClient, { tableName, recordId }: ChangeDetail) =>
  (page: { limit: number; cursor?: string }) =>
    client.changes.list({ ...page, limit: TIMELINE, table: [tableName], record: [recordId] })

/** The record as its newest change left it: every table has changes, few have a question of their own. */
const readNow = async (client: ChangeClient, change: ChangeDetail, newest: Change | undefined) => {
  if (!newest || newest.changeId === change.changeId) return change.newData
  return (await client.changes.get({ changeId: newest.changeId })).newData
}

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
    timeline: { items: [], nextCursor: null },
    now: null,
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
      // What stands around the change; that it cannot be read is no failure of the view.
      const around = await settle(idle, readFirst(timelineOf(client, change.data)))
      if (around.status !== 'ready') return
      const now = await settle<Image | null>(idle, readNow(client, change.data, around.data.items[0]))
      set({ timeline: around.data, now: now.status === 'ready' ? now.data : null })
    },
    moreTimeline: async () => {
      const { change, timeline } = get()
      if (change.status !== 'ready') return
      set({ timeline: await readMore(timelineOf(client, change.data), timeline) })
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
