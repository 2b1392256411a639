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

/** @param builtMain the folder of the built entry files, `out/main`. */
export const programIn = (
  builtMain: string,
  { version, nodePath }: Pick<Program, 'version' | 'nodePath'>,
): Program => ({
  version,
  nodePath,
  supervisorEntry: join(builtMain, 'supervisor.js'),
  readerEntry: join(builtMain, 'reader-worker.js'),
  consoleDir: join(builtMain, '..', 'renderer'),
  resourcesDir: join(builtMain, '..', '..', 'resources'),
  nativeBinding: bindingBeside(process.execPath),
})

/** A runtime for which the package has no binary that works has one built for it in `native/`. */
const bindingBeside = (executable: string): string | undefined => {
  const path = join(dirname(executable), 'native', 'better_sqlite3.node')
  return existsSync(path) ? path : undefined
}
