import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { ConfigError } from '../../src/main/config/config-error.ts'

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
