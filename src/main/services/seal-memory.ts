import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { OpenDatabase } from '../data/db.ts'
import type { SeenSeal } from '../data/seal-check.ts'
import { findSeal, newestSeal, sealChanges } from '../data/seals.ts'
import { isoOf, type Clock } from '../platform/clock.ts'
import { writeFileAtomic } from '../platform/write-file.ts'

/**
 * The last seal of the change log that this node saw, in a file of its own: whoever holds the database can write the
 * log and its seals anew, but not what the nodes remember.
 */
export interface SealMemory {
  /** Seals what is due, and remembers the newest seal. */
  keep(signal: AbortSignal): Promise<void>
  /** Null: this node has seen none of this database. */
  seen(): Promise<SeenSeal | null>
}

/** Changes are sealed when they are this old: the young ones are many small blocks otherwise. */
const OPEN_MS = 600_000

const schema = z.object({ databaseId: z.string(), toSeq: z.number(), digest: z.string(), seenAt: z.string() })

export const createSealMemory = (deps: {
  db: OpenDatabase
  databaseId: () => string
  nodeId: string
  /** DIR/seal.json */
  file: string
  clock: Clock
}): SealMemory => {
  const { db, databaseId, nodeId, file, clock } = deps
  const seen = async (): Promise<SeenSeal | null> => {
    const text = await readFile(file, 'utf8').catch(() => null)
    const found = text === null ? undefined : schema.safeParse(parsed(text)).data
    return found?.databaseId === databaseId() ? found : null
  }
  return {
    seen,
    keep: async (signal) => {
      const olderThan = isoOf(Date.parse(await db.now()) - OPEN_MS)
      await sealChanges(db, { nodeId, olderThan, signal })
      const newest = await newestSeal(db.look)
      const before = await seen()
      if (!newest || newest.toSeq <= (before?.toSeq ?? 0)) return
      // While the one it saw is not there any more, that is what doctor needs to know.
      if (before && (await findSeal(db.look, before.toSeq))?.digest !== before.digest) return
      const { toSeq, digest } = newest
      await writeFileAtomic(
        file,
        JSON.stringify({ databaseId: databaseId(), toSeq, digest, seenAt: isoOf(clock.now()) }),
      )
    },
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
