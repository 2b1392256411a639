import { createDatabase, type DatabaseOptions } from '../data/orm.ts'
import { probeDatabase } from '../data/probe.ts'
import type { DatabaseSettingsDeps } from '../services/database.ts'
import type { Core } from './core.ts'
import { databaseConfigOf } from './database-config.ts'

type Section = Parameters<DatabaseSettingsDeps['probe']>[0]

/** What Settings and the command line do with databases other than the one that is open. */
export const databaseDeps = (core: Core): Omit<DatabaseSettingsDeps, 'block'> => {
  const { db, clock, program, identity, config, log } = core
  const optionsOf = (section: Section): DatabaseOptions => ({
    config: databaseConfigOf({ database: section, cluster: config.cluster }),
    readerEntry: program.readerEntry,
    nativeBinding: program.nativeBinding,
    nodeId: () => identity.nodeId,
    clock,
    programVersion: program.version,
    log,
  })
  const createSchema = async (section: Section): Promise<void> => {
    await (await createDatabase(optionsOf(section))).close()
  }
  return {
    log,
    probe: (section) => probeDatabase(optionsOf(section)),
    createSchema,
    copyTo: async (section, onProgress, signal) => {
      const { copyDatabase } = await import('../data/copy.ts')
      const target = await createDatabase({ ...optionsOf(section), forCopy: true })
      try {
        return await copyDatabase({ source: db, target, onProgress, signal, clock })
      } finally {
        await target.close()
      }
    },
    migrate: async (section) => {
      // A file, and whatever is opened for this very command, was brought up to date when it was opened.
      if (section === null && (db.file || core.migrate))
        return { applied: db.started.applied, schemaVersion: db.schemaVersion }
      const migrated = await createDatabase({ ...optionsOf(section ?? config.database), migrate: true })
      await migrated.close()
      return { applied: migrated.started.applied, schemaVersion: migrated.schemaVersion }
    },
  }
}
