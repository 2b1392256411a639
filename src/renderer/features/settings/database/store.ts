import { createStore } from 'zustand/vanilla'
import type { LocalClient } from '../../../../shared/client/create-client.ts'
import type { CopyProgress, CopyResult, DatabaseProbe } from '../../../../shared/domain/database.ts'
import type { CurrentDatabase, DatabaseTargetInput } from '../../../../shared/domain/database-target.ts'
import { AppError } from '../../../../shared/domain/errors.ts'
import { toAppError } from '../../../lib/app-error.ts'
import { idle, settle, type Loadable } from '../../../lib/loadable.ts'
import { storeContext } from '../../../lib/store-context.ts'
import {
  changedFields,
  draftIssues,
  draftOf,
  targetOf,
  type DatabaseDraft,
  type DatabaseField,
} from './draft.ts'

export type DatabaseAct = 'test' | 'createSchema' | 'migrate' | 'switch'

/** A copy to somewhere, from its first row to its end. */
export type Copying =
  | { state: 'running' | 'cancelled'; to: string; steps: readonly CopyProgress[] }
  | { state: 'failed'; to: string; steps: readonly CopyProgress[]; error: AppError }
  | { state: 'done'; to: string; steps: readonly CopyProgress[]; result: CopyResult }

export interface DatabaseState {
  current: Loadable<CurrentDatabase>
  /** Null until the current one is known. */
  draft: DatabaseDraft | null
  /** Fields that differ from the file. */
  changed: readonly DatabaseField[]
  busy: DatabaseAct | null
  /** Why the last act was refused, and which it was; its issues name fields. */
  failure: { act: DatabaseAct; error: AppError } | null
  /** What was found where the draft points; null once it was edited. */
  probe: DatabaseProbe | null
  /** Steps of the last migration of what `probe` found. */
  migrated: readonly string[] | null
  copying: Copying | null
  load: () => Promise<void>
  edit: (part: Partial<DatabaseDraft>) => void
  discard: () => void
  test: () => Promise<void>
  cancelTest: () => void
  createSchema: () => Promise<void>
  migrate: () => Promise<void>
  /** @returns whether app.yaml names the draft now */
  switchTo: () => Promise<boolean>
  /** Copies to where the draft points. */
  copy: () => Promise<void>
  cancelCopy: () => void
}

type DatabaseClient = LocalClient['local']['database']

export const createDatabaseStore = (client: DatabaseClient) =>
  createStore<DatabaseState>()((set, get) => {
    let leave = new AbortController()
    let asking = new AbortController()

    const show = (current: Loadable<CurrentDatabase>): void => {
      if (current.status !== 'ready') return set({ current })
      set({ current, draft: draftOf(current.data.target), changed: [] })
    }
    const load = async (): Promise<void> => {
      const current = await settle(get().current, client.current({}))
      // What was typed and is not in the file yet stays.
      if (get().changed.length > 0) set({ current })
      else show(current)
    }
    /** What the draft says. @throws AppError naming fields that are no numbers. */
    const target = (): DatabaseTargetInput => {
      const { draft, current } = get()
      if (!draft || current.status !== 'ready') throw new Error('nothing was loaded')
      const issues = draftIssues(draft)
      if (issues.length > 0) throw new AppError('BAD_REQUEST', 'A field is not a number.', { issues })
      return targetOf(draft, current.data.target)
    }
    /** One act at a time; an edit while it goes on makes its outcome that of another draft, which is dropped. */
    const act = async (name: DatabaseAct, work: () => Promise<Partial<DatabaseState>>): Promise<boolean> => {
      if (get().busy) return false
      const { draft } = get()
      set({ busy: name, failure: null })
      try {
        const outcome = await work()
        if (get().draft === draft) set(outcome)
        return true
      } catch (thrown) {
        if (get().draft === draft) set({ failure: { act: name, error: toAppError(thrown) } })
        return false
      } finally {
        set({ busy: null })
      }
    }
    const test = async (): Promise<void> => {
      asking = new AbortController()
      const { signal } = asking
      set({ probe: null, migrated: null })
      await act('test', async () => {
        try {
          return { probe: await client.test({ target: target() }, { signal }) }
        } catch (thrown) {
          if (signal.aborted) return {}
          throw thrown
        }
      })
    }

    return {
      current: idle,
      draft: null,
      changed: [],
      busy: null,
      failure: null,
      probe: null,
      migrated: null,
      copying: null,
      load,
      edit: (part) => {
        const { draft, current } = get()
        if (!draft || current.status !== 'ready') return
        asking.abort()
        const next = { ...draft, ...part }
        const changed = changedFields(next, current.data.target)
        set({ draft: next, changed, failure: null, probe: null, migrated: null })
      },
      discard: () => {
        asking.abort()
        set({ failure: null, probe: null, migrated: null })
        show(get().current)
      },
      test,
      cancelTest: () => asking.abort(),
      createSchema: async () => {
        await act('createSchema', async () => ({ probe: await client.createSchema({ target: target() }) }))
      },
      migrate: async () => {
        await act('migrate', async () => {
          const { applied } = await client.migrate({ target: target() })
          return { migrated: applied, probe: await client.test({ target: target() }) }
        })
      },
      switchTo: async () => {
        const { draft } = get()
        const switched = await act('switch', async () => {
          await client.switch({ target: target() })
          return { probe: null }
        })
        if (switched) {
          // What was typed meanwhile is not in the file.
          if (get().draft === draft) set({ changed: [] })
          await load()
        }
        return switched
      },
      copy: async () => {
        if (get().copying?.state === 'running') return
        const to = get().probe?.where ?? ''
        leave = new AbortController()
        const { signal } = leave
        set({ copying: { state: 'running', to, steps: [] } })
        // What was copied to is not what it was found to be any more.
        const lookAgain = async (): Promise<void> => {
          if (get().probe?.where === to) await test()
        }
        try {
          const result = await copied(client, target(), signal, (steps) =>
            set({ copying: { state: 'running', to, steps } }),
          )
          // What comes last is scrolled to: that all is equal on both sides.
          await lookAgain()
          set({ copying: { state: 'done', to, steps: get().copying?.steps ?? [], result } })
        } catch (thrown) {
          const steps = get().copying?.steps ?? []
          if (signal.aborted) set({ copying: { state: 'cancelled', to, steps } })
          else set({ copying: { state: 'failed', to, steps, error: toAppError(thrown) } })
          await lookAgain()
        }
      },
      cancelCopy: () => leave.abort(),
    }
  })

/** Each table once, with the last that was heard of it. */
const copied = async (
  client: DatabaseClient,
  target: DatabaseTargetInput,
  signal: AbortSignal,
  onSteps: (steps: readonly CopyProgress[]) => void,
): Promise<CopyResult> => {
  const tables = new Map<string, CopyProgress>()
  for await (const step of await client.copy({ target }, { signal })) {
    if (!('phase' in step)) return step.done
    tables.set(step.table, step)
    onSteps([...tables.values()])
  }
  throw new AppError('UNAVAILABLE', 'The node went away before the copy had ended.')
}

export const databaseContext = storeContext<DatabaseState>('database')
