import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunResult } from './run-spec.ts'

/** Results on disk until the cluster database has them: what ended is known even if the node dies right after. */

const fileOf = (journalDir: string, historyId: string): string => join(journalDir, `${historyId}.json`)

const syncDirectory = async (path: string): Promise<void> => {
  // Windows cannot open a folder; there a rename is durable by itself as far as NTFS's journal goes.
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  await folder.sync().finally(() => folder.close())
}

/** Writes a result so that a crash at any moment leaves either all of it or nothing. Mode 0600. */
export const writeResult = async (journalDir: string, result: RunResult): Promise<void> => {
  await mkdir(journalDir, { recursive: true, mode: 0o700 })
  const file = fileOf(journalDir, result.historyId)
  const draft = `${file}.${process.pid}.tmp`
  const handle = await open(draft, 'w', 0o600)
  try {
    await handle.writeFile(JSON.stringify(result))
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(draft, file)
  await syncDirectory(journalDir)
}

const STATES: readonly unknown[] = ['Success', 'Failed', 'Timeout', 'Stopped']

const isResult = (value: unknown): value is RunResult => {
  if (typeof value !== 'object' || value === null) return false
  const fields = value as Record<string, unknown> // an object by the line above
  return (
    ['historyId', 'incarnation', 'startTime', 'endTime'].every((name) => typeof fields[name] === 'string') &&
    STATES.includes(fields['state']) &&
    (fields['exitCode'] === null || typeof fields['exitCode'] === 'number') &&
    typeof fields['outputBytes'] === 'number'
  )
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The result of one run; null when there is none, or the file is no result (damaged by hand). */
export const readResult = async (journalDir: string, historyId: string): Promise<RunResult | null> => {
  const text = await readFile(fileOf(journalDir, historyId), 'utf8').catch(() => null)
  const value = text === null ? null : parsed(text)
  return isResult(value) ? value : null
}

/** Every undelivered result, oldest first. */
export const listResults = async (journalDir: string): Promise<RunResult[]> => {
  const names = await readdir(journalDir).catch(() => [])
  const ids = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length))
  const results = await Promise.all(ids.map((id) => readResult(journalDir, id)))
  return results
    .filter((result) => result !== null)
    .sort((a, b) => (a.endTime < b.endTime ? -1 : a.endTime > b.endTime ? 1 : 0))
}

/** Once the result is delivered. Removing what is not there is fine. */
export const removeResult = (journalDir: string, historyId: string): Promise<void> =>
  rm(fileOf(journalDir, historyId), { force: true })

/** At start: what a crash left of results that were being written. */
export const removeDrafts = async (journalDir: string): Promise<void> => {
  const names = await readdir(journalDir).catch(() => [])
  for (const name of names) if (name.endsWith('.tmp')) await rm(join(journalDir, name), { force: true })
}
