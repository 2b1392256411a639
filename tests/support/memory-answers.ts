import type { Caller } from '../../src/main/services/caller.ts'
import type { Services } from '../../src/main/services/services.ts'
import { importResult, itemOf, NOW } from './memory-records.ts'

/** What the memory node answers where nothing it holds is asked for. @param saw notes who asked */
export const memoryAnswers = (
  saw: (caller: Caller) => unknown,
): Pick<Services, 'schedules' | 'scripts' | 'settings' | 'runtime' | 'import'> => {
  const settings = { file: '/data/app.yaml', version: 'v1', settings: [] }
  return {
    runtime: {
      jobs: () => ({ lastUpdate: NOW, data: [] }),
      runspaces: () => ({ lastUpdate: NOW, data: [] }),
      tasks: () => ({ lastUpdate: NOW, data: [] }),
    },
    import: {
      importFiles: async (caller, { files }) => (
        saw(caller),
        importResult(files.map(({ path }) => itemOf(path)))
      ),
      importPaths: async (caller, { paths, onItem }) => {
        saw(caller)
        const items = paths.map((path) => itemOf(path))
        for (const [index, item] of items.entries()) onItem?.(index + 1, items.length, item)
        return importResult(items)
      },
    },
    schedules: {
      preview: () => ({ text: 'every minute', timeZone: 'UTC', runs: [{ at: NOW, local: '14:00' }] }),
      upcoming: async () => ({ from: NOW, until: NOW, buckets: [], slots: 0, capped: false }),
      calendar: async () => ({ now: NOW, timeZone: 'UTC', days: [], capped: false, clashesCapped: false }),
    },
    scripts: { preview: async (caller) => (saw(caller), { found: false, reason: 'not here' }) },
    settings: { get: async () => settings, update: async (caller) => (saw(caller), settings) },
  }
}
