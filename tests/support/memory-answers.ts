import type { Caller } from '../../src/main/services/caller.ts'
import type { Services } from '../../src/main/services/services.ts'

const NOW = '2026-03-02T14:00:00.000Z'

/** What the memory node answers where nothing it holds is asked for. @param saw notes who asked */
export const memoryAnswers = (
  saw: (caller: Caller) => unknown,
): Pick<Services, 'schedules' | 'scripts' | 'settings'> => {
  const settings = { file: '/data/app.yaml', version: 'v1', settings: [] }
  return {
    schedules: {
      preview: () => ({ text: 'every minute', timeZone: 'UTC', runs: [{ at: NOW, local: '14:00' }] }),
      upcoming: async () => ({ from: NOW, until: NOW, buckets: [], slots: 0, capped: false }),
    },
    scripts: { preview: async (caller) => (saw(caller), { found: false, reason: 'not here' }) },
    settings: { get: async () => settings, update: async (caller) => (saw(caller), settings) },
  }
}
