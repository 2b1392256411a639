import { join } from 'node:path'
import type { Program } from '../../src/main/app/program.ts'

const root = join(import.meta.dirname, '..', '..')

/** The program as its sources: Node 24 runs them directly, so tests need no build. */
export const sourceProgram: Program = {
  version: '0.1.0',
  supervisorEntry: join(root, 'src/main/exec/supervisor.ts'),
  readerEntry: join(root, 'src/main/data/sqlite/reader-worker.ts'),
  consoleDir: join(root, 'out/renderer'),
  resourcesDir: join(root, 'resources'),
  nodePath: process.execPath,
}
