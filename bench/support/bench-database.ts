import { join } from 'node:path'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { createDatabase } from '../../src/main/data/orm.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { sourceProgram } from '../../tests/support/program.ts'

/** A new database file in `folder`, as a node with its standard configuration has it, for the length of `work`. */
export const withBenchDatabase = async <T>(
  folder: string,
  work: (db: OpenDatabase) => Promise<T>,
): Promise<T> => {
  const db = await createDatabase({
    config: {
      type: 'SQLite',
      path: join(folder, 'bench.db'),
      compressionLevel: 6,
      enableChangeTracking: true,
      timeoutSeconds: 5,
    },
    readerEntry: sourceProgram.readerEntry,
    nodeId: () => 'bench',
    clock: systemClock,
    programVersion: sourceProgram.version,
  })
  try {
    return await work(db)
  } finally {
    await db.close()
  }
}
