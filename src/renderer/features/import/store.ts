import { createStore } from 'zustand/vanilla'
import type { LocalClient } from '../../../shared/client/create-client.ts'
import type { ExportDocument, ImportResult, Sample } from '../../../shared/domain/import-result.ts'
import type { AppClient } from '../../client.ts'
import { idle, loading, settle, type Loadable } from '../../lib/loadable.ts'
import { storeContext } from '../../lib/store-context.ts'
import type { SourceFile } from './choose-files.ts'

export type CronReading = 'standard' | 'legacy'

/** Where tasks come from: files of the person, or (desktop only) a folder of the node's machine. */
export type Source =
  { kind: 'files'; files: readonly SourceFile[] } | { kind: 'path'; path: string; addScriptRoot: boolean }

export interface ImportState {
  source: Source | null
  cron: CronReading
  /** What an import would do; nothing is written for it. */
  plan: Loadable<ImportResult>
  /** How far an import is; null while none goes on. */
  progress: { done: number; total: number } | null
  /** What was done; null until something was. */
  result: Loadable<ImportResult>
  samples: Loadable<Sample[]>
  /** Shows what importing from there would do. */
  choose: (source: Source) => Promise<void>
  setCron: (cron: CronReading) => Promise<void>
  /** Does what the plan says. */
  start: () => Promise<void>
  clear: () => void
  loadSamples: () => Promise<void>
  /** @returns how many tasks were created, disabled */
  importSamples: (names: string[]) => Promise<number>
  exportAll: () => Promise<ExportDocument>
}

type ImportClient = Pick<AppClient, 'tasks' | 'samples'>
type OnProgress = (progress: ImportState['progress']) => void
interface Options {
  cron: CronReading
  dryRun: boolean
}

/** Reads the folder on the node's machine; its items come one by one, the result last. */
const importPath = async (
  local: LocalClient,
  { path, addScriptRoot }: Extract<Source, { kind: 'path' }>,
  options: Options,
  onProgress: OnProgress,
): Promise<ImportResult> => {
  const steps = await local.local.importPaths({ paths: [path], addScriptRoot, ...options })
  for await (const step of steps) {
    if ('result' in step) return step.result
    if (!options.dryRun) onProgress({ done: step.done, total: step.total })
  }
  throw new Error('the import ended without a result')
}

export const createImportStore = (client: ImportClient, local: LocalClient | null) =>
  createStore<ImportState>()((set, get) => {
    const run = (dryRun: boolean): Promise<ImportResult> => {
      const { source, cron } = get()
      if (!source) throw new Error('nothing was chosen')
      const options = { cron, dryRun }
      if (source.kind === 'files') return client.tasks.import({ files: [...source.files], ...options })
      if (!local) throw new Error('a browser cannot read folders of the node')
      return importPath(local, source, options, (progress) => set({ progress }))
    }
    const plan = async (): Promise<void> => {
      set({ plan: loading, result: idle })
      set({ plan: await settle<ImportResult>(idle, run(true)) })
    }
    return {
      source: null,
      cron: 'standard',
      plan: idle,
      progress: null,
      result: idle,
      samples: idle,
      choose: async (source) => {
        set({ source })
        await plan()
      },
      setCron: async (cron) => {
        set({ cron })
        if (get().source) await plan()
      },
      start: async () => {
        set({ result: loading, progress: { done: 0, total: 0 } })
        const result = await settle<ImportResult>(idle, run(false))
        set({ result, progress: null })
      },
      clear: () => set({ source: null, plan: idle, result: idle }),
      loadSamples: async () => {
        const answer = client.samples.list({}).then(({ items }) => items)
        set({ samples: await settle(get().samples, answer) })
      },
      importSamples: async (names) => {
        const { created } = await client.samples.import({ names })
        await get().loadSamples()
        return created
      },
      exportAll: () => client.tasks.export({}),
    }
  })

export const importContext = storeContext<ImportState>('import')
