import { mkdtempSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder for the length of `work`; gone afterwards, whatever happened. */
export const withTempFolder = async <T>(work: (folder: string) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'pswebhost-bench-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Where seeded databases stay between runs: BENCH_CACHE, else the user's cache folder. Not the temporary
 * folder: it may be memory, and the full database is several gigabytes.
 */
export const cacheFolder = (): string => {
  const { BENCH_CACHE, LOCALAPPDATA, XDG_CACHE_HOME } = process.env
  return BENCH_CACHE ?? join(LOCALAPPDATA ?? XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'pswebhost-bench')
}

/** BENCH_SCALE: 1 is DESIGN §12's 100,000 tasks and 5,000,000 changes. */
export const scale = (): number => {
  const value = Number(process.env['BENCH_SCALE'] ?? 1)
  if (value > 0 && value <= 1) return value
  throw new Error('BENCH_SCALE must be above 0 and at most 1')
}

/** Progress goes to stderr: stdout is the table's. */
export const say = (text: string): void => void process.stderr.write(`    ${text}\n`)
