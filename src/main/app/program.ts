/** Where this program's parts lie: known by its entry file, handed to whatever starts a process or a thread. */
export interface Program {
  version: string
  /** supervisor.js: the child that runs scripts. */
  supervisorEntry: string
  /** reader-worker.js: the thread that reads a database file. */
  readerEntry: string
  /** The built console, served at `/`. */
  consoleDir: string
  /** resources/: PowerShell wrapper, samples, export schema. */
  resourcesDir: string
  /** The Node that runs supervisor and `.js` tasks. */
  nodePath: string
}
