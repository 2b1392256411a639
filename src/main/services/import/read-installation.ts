import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { AppError, messageOf } from '../../../shared/domain/errors.ts'
import { kindByPath } from '../../../shared/domain/import/source-kind.ts'
import { isInside } from '../../../shared/domain/import/script-path.ts'
import type { SourceFile } from '../../../shared/domain/import/types.ts'

/** From a path on this machine to the files that an import reads. */

/** A task list of this size holds tens of thousands of tasks; more is a wrong file. */
const MAX_BYTES = 5_000_000
const MAX_FILES = 2000

/** A file that is there but cannot be read: it becomes a skipped item, the others go on. */
export interface UnreadableFile {
  path: string
  reason: string
}

export interface Installation {
  files: SourceFile[]
  unreadable: UnreadableFile[]
  /** Real path of the installation's folder; null for a single file outside of one. */
  root: string | null
}

/**
 * Reads one file, or the known places of an installation's folder (nothing else in it). A link that leads
 * out of the folder is not followed.
 * @throws AppError NOT_FOUND for a path that is not there; BAD_REQUEST for a folder that holds none of the places
 */
export const readInstallation = async (given: string): Promise<Installation> => {
  const real = await realpath(given).catch((cause: unknown) => {
    throw new AppError('NOT_FOUND', `${given}: ${messageOf(cause)}`, { cause })
  })
  return (await stat(real)).isDirectory() ? readFolder(real, given) : readSingle(real)
}

const readSingle = async (file: string): Promise<Installation> => {
  const below = kindByPath(file)?.below
  const root = below === undefined ? null : file.slice(0, -below.length - 1) || path.sep
  const installation: Installation = { files: [], unreadable: [], root }
  await addFile(installation, file, file)
  return installation
}

const readFolder = async (root: string, given: string): Promise<Installation> => {
  const installation: Installation = { files: [], unreadable: [], root }
  for (const below of await knownPlaces(root)) {
    if (installation.files.length >= MAX_FILES) {
      installation.unreadable.push({
        path: below,
        reason: `not read: an import takes at most ${MAX_FILES} files`,
      })
      break
    }
    await addFile(installation, path.join(root, below), below)
  }
  if (installation.files.length + installation.unreadable.length > 0) return installation
  throw new AppError(
    'BAD_REQUEST',
    `${given} holds no config/tasks.yaml, no apps/*/config/tasks.yaml, no apps/*/jobs/*/job.json and no PsWebHost_Data/config/tasks.json; name the folder of a PSWebHost installation, or a file`,
  )
}

/** In a fixed order, so that "the first of two with one name" is the same at every import. */
const knownPlaces = async (root: string): Promise<string[]> => {
  const places = ['config/tasks.yaml', 'config/tasks.yml']
  for (const app of await entriesOf(path.join(root, 'apps'))) {
    places.push(`apps/${app}/config/tasks.yaml`, `apps/${app}/config/tasks.yml`)
    for (const job of await entriesOf(path.join(root, 'apps', app, 'jobs')))
      places.push(`apps/${app}/jobs/${job}/job.json`)
  }
  places.push('PsWebHost_Data/config/tasks.json', 'config/settings.json')
  const present = await Promise.all(places.map((below) => isThere(path.join(root, below))))
  return places.filter((_below, index) => present[index])
}

const entriesOf = async (folder: string): Promise<string[]> =>
  (await readdir(folder).catch(() => [])).filter((name) => !name.startsWith('.')).sort()

const isThere = (file: string): Promise<boolean> =>
  stat(file).then(
    (found) => found.isFile(),
    () => false,
  )

const addFile = async (installation: Installation, file: string, named: string): Promise<void> => {
  const { files, unreadable, root } = installation
  try {
    const real = await realpath(file)
    if (root !== null && !isInside(real, root))
      return void unreadable.push({
        path: named,
        reason: 'is a link that leads out of the installation’s folder',
      })
    const { size } = await stat(real)
    if (size > MAX_BYTES)
      return void unreadable.push({ path: named, reason: `is ${size} bytes; at most ${MAX_BYTES} are read` })
    files.push({ path: named, content: await readFile(real, 'utf8'), root })
  } catch (failure) {
    unreadable.push({ path: named, reason: messageOf(failure) })
  }
}
