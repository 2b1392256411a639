import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Where this program's parts lie: known by its entry file, handed to whatever starts a process or a thread. */
export interface Program {
  version: string
  /** supervisor.js: the child that runs scripts. */
  supervisorEntry: string
  /** reader-worker.js: the thread that reads a database file. */
  readerEntry: string
  /** The built console, served at `/` and shown in the window. */
  consoleDir: string
  /** resources/: PowerShell wrapper, samples, export schema. */
  resourcesDir: string
  /** The Node that runs supervisor and `.js` tasks. */
  nodePath: string
  /** better-sqlite3's binary where the runtime brings its own; else the package finds it by itself. */
  nativeBinding?: string | undefined
}

/**
 * A package keeps its files in an archive that only Electron can look into, and beside it those that others read:
 * Node, threads, interpreters of scripts.
 */
const outsideArchive = (folder: string): string =>
  folder.replace(/([\\/])app\.asar(?=[\\/])/, '$1app.asar.unpacked')

/** @param builtMain the folder of the built entry files, `out/main`. */
export const programIn = (
  builtMain: string,
  { version, nodePath }: Pick<Program, 'version' | 'nodePath'>,
): Program => {
  const files = outsideArchive(builtMain)
  return {
    version,
    nodePath,
    supervisorEntry: join(files, 'supervisor.js'),
    readerEntry: join(files, 'reader-worker.js'),
    consoleDir: join(files, '..', 'renderer'),
    resourcesDir: join(files, '..', '..', 'resources'),
    nativeBinding: bindingBeside(process.execPath),
  }
}

/** A runtime for which the package has no binary that works has one built for it in `native/`. */
const bindingBeside = (executable: string): string | undefined => {
  const path = join(dirname(executable), 'native', 'better_sqlite3.node')
  return existsSync(path) ? path : undefined
}
