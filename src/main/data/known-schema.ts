import { readInfo } from './cluster-info.ts'
import type { Query } from './db.ts'

/** The schema version of an open database, as it was last seen. */
export interface KnownSchema {
  readonly version: number
  /** Reads it again while it is older than this program's: another node may have migrated the server meanwhile. */
  refresh(): Promise<void>
}

/** @param newest this program's schema version. */
export const createKnownSchema = (
  look: Query,
  { found, newest }: { found: number; newest: number },
): KnownSchema => {
  let version = found
  return {
    get version() {
      return version
    },
    refresh: async () => {
      if (version < newest) version = Number((await readInfo(look, 'SchemaVersion')) ?? version)
    },
  }
}
