import type { OpenDatabase } from '../../../src/main/data/db.ts'
import { createDatabase } from '../../../src/main/data/orm.ts'
import { systemClock } from '../../../src/main/platform/clock.ts'
import { newId } from '../../../src/main/platform/ids.ts'
import { sourceProgram } from '../../../tests/support/program.ts'
import type { ServerAddress } from '../../../tests/support/servers/server.ts'
import {
  createTestDatabase,
  dropTestDatabase,
  serverConfig,
} from '../../../tests/support/servers/test-database.ts'

/** A cluster database of the bench's own. */
export interface Centre {
  server: ServerAddress
  database: string
  db: OpenDatabase
  /** One more program on it, closed with it. */
  open: () => Promise<OpenDatabase>
}

/** For the length of `work`; gone afterwards, whatever happened. */
export const withCentre = async <T>(
  server: ServerAddress,
  work: (centre: Centre) => Promise<T>,
): Promise<T> => {
  const database = await createTestDatabase(server)
  const opened: OpenDatabase[] = []
  const open = async (): Promise<OpenDatabase> => {
    const nodeId = newId()
    const db = await createDatabase({
      // Filling a large log takes longer than any question of a node.
      config: { ...serverConfig(server, database), timeoutSeconds: 3600 },
      readerEntry: sourceProgram.readerEntry,
      nodeId: () => nodeId,
      clock: systemClock,
      programVersion: sourceProgram.version,
    })
    opened.push(db)
    return db
  }
  try {
    return await work({ server, database, db: await open(), open })
  } finally {
    for (const db of opened) await db.close()
    await dropTestDatabase(server, database)
  }
}
