import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { ConfigError } from '../../src/main/config/config-error.ts'
import { loadConfig, type LoadOptions } from '../../src/main/config/load.ts'

export const isPosix = process.platform !== 'win32'

/** A fresh folder for each call, removed after the test. */
export const temporaryFolders = (): (() => string) => {
  const folders: string[] = []
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  })
  return () => {
    const folder = mkdtempSync(join(tmpdir(), 'pswebhost-config-'))
    folders.push(folder)
    return folder
  }
}

export const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777

export const textOf = (path: string): Promise<string> => readFile(path, 'utf8')

/** The ConfigError that `work` ends with. */
export const configErrorOf = async (work: () => unknown): Promise<ConfigError> => {
  try {
    await work()
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('a ConfigError was expected')
}

type Extra = Partial<Omit<LoadOptions, 'dataDir'>>

/** Fresh data folders, and what loading one's app.yaml gives or complains of. */
export const configFolders = () => {
  const folder = temporaryFolders()
  const load = (dataDir: string, extra: Extra = {}) => loadConfig({ dataDir, variables: {}, ...extra })
  /** Loads `yaml` as the app.yaml of a fresh data folder. */
  const loadText = async (yaml: string, extra: Extra = {}) => {
    const dir = folder()
    await writeFile(join(dir, 'app.yaml'), yaml)
    return load(dir, extra)
  }
  const errorOf = (yaml: string, extra: Extra = {}) => configErrorOf(() => loadText(yaml, extra))
  /** The message without the place in the file, which differs from run to run. */
  const messageOf = async (yaml: string, extra: Extra = {}): Promise<string> =>
    (await errorOf(yaml, extra)).message.replace(/ \(\S+app\.yaml( line \d+)?\)$/, '')
  return { folder, load, loadText, errorOf, messageOf }
}
